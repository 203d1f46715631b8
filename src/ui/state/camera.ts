/** The camera of this machine: asked for, and given back. */
import { Failure } from '../../engine/failure.ts';

/** @throws Failure `camera-unavailable` when there is none, it is in use, or it was refused */
export async function openCamera(): Promise<MediaStream> {
  const unavailable = (what: string, next: string, detail?: string) =>
    new Failure({ code: 'camera-unavailable', what, next, kept: 'Nothing else has changed.', detail });
  if (!navigator.mediaDevices?.getUserMedia) {
    throw unavailable(
      'This page may not use a camera.',
      'Open it by https or on localhost, in a browser that has camera access.',
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
      throw unavailable('The camera was not allowed.', 'Allow it in the address bar and try again.', detail);
    if (name === 'NotFoundError')
      throw unavailable('There is no camera.', 'Connect one and try again.', detail);
    throw unavailable(
      'The camera does not start.',
      'Close other programs that use it and try again.',
      detail,
    );
  }
}
