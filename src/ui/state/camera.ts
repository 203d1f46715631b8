/** The camera of this machine: asked for, and given back. */
import { Failure } from '../../engine/failure.ts';
import { t } from '../text/text.svelte.ts';

/** @throws Failure `camera-unavailable` when there is none, it is in use, or it was refused */
export async function openCamera(): Promise<MediaStream> {
  const unavailable = (what: string, next: string, detail?: string) =>
    new Failure({ code: 'camera-unavailable', what, next, kept: t('Nothing else has changed.'), detail });
  if (!navigator.mediaDevices?.getUserMedia) {
    throw unavailable(
      t('This page may not use a camera.'),
      t('Open it by https or on localhost, in a browser that has camera access.'),
    );
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: {
        width: { ideal: 640 },
        height: { ideal: 480 },
        frameRate: { ideal: 30 },
        facingMode: { ideal: 'environment' }, // of a phone the one that looks away from its owner
      },
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    const detail = String(error);
    if (name === 'NotAllowedError')
      throw unavailable(
        t('The camera was not allowed.'),
        t('Allow it in the address bar and try again.'),
        detail,
      );
    if (name === 'NotFoundError')
      throw unavailable(t('There is no camera.'), t('Connect one and try again.'), detail);
    throw unavailable(
      t('The camera does not start.'),
      t('Close other programs that use it and try again.'),
      detail,
    );
  }
}
