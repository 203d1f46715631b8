/** Weights from the page's own server to a network. */
import {
  loadBackbone,
  loadRandomBackbone,
  parseManifest,
  RANDOM_BACKBONE,
  type BackboneEntry,
  type LoadedBackbone,
} from '../engine/backbone/weights.ts';
import { Failure } from '../engine/failure.ts';

/** Beside the page, wherever it is served from; workers lie in a folder of their own. */
const FOLDER = new URL(import.meta.env.DEV ? '/weights/' : '../weights/', import.meta.url);

/** A backbone of the manifest, and whether its file is there. */
export interface BackboneOffer extends BackboneEntry {
  installed: boolean;
}

/** What can be extracted with, best first: trained networks whose files are there, then the untrained one. */
export async function backboneOffers(): Promise<BackboneOffer[]> {
  const response = await request('manifest.json');
  if (!response) return [{ ...RANDOM_BACKBONE, installed: true }];
  const { backbones } = parseManifest(await response.json());
  const offers = await Promise.all(
    backbones.map(async (entry) => ({ ...entry, installed: await isThere(entry) })),
  );
  return [
    ...offers.filter((offer) => offer.installed),
    { ...RANDOM_BACKBONE, installed: true },
    ...offers.filter((o) => !o.installed),
  ];
}

/**
 * @param id a backbone, or `auto` for the best that is installed
 * @throws Failure `weights-missing` or `weights-mismatch`
 */
export async function fetchBackbone(id: string): Promise<LoadedBackbone> {
  const offers = await backboneOffers();
  const offer = id === 'auto' ? offers[0] : offers.find((candidate) => candidate.id === id);
  if (!offer) {
    const known = offers.map((candidate) => candidate.id).join(', ');
    throw new Failure({
      code: 'weights-missing',
      what: `There is no backbone "${id}".`,
      next: `Known: ${known}.`,
    });
  }
  if (offer.file === null) return loadRandomBackbone();
  if (!offer.installed) {
    throw new Failure({
      code: 'weights-missing',
      subject: offer.id,
      what: 'Its weights are not installed here.',
      next: `Install them with: npm run weights -- ${offer.id} --from FILE`,
    });
  }
  const response = (await request(offer.file))!;
  return loadBackbone(offer, new Uint8Array(await response.arrayBuffer()));
}

async function isThere({ file }: BackboneEntry): Promise<boolean> {
  return (await request(file!, 'HEAD')) !== null;
}

/**
 * @returns null when the server says that there is no such file. Anything else that goes wrong is told: features of
 *   random weights must not take the place of real ones because a server stumbled.
 * @throws Failure `weights-missing`
 */
async function request(file: string, method = 'GET'): Promise<Response | null> {
  const response = await fetch(new URL(file, FOLDER), { method }).catch(() => null);
  // A development server answers every unknown address with the page itself.
  if (response?.status === 404 || response?.headers.get('Content-Type')?.includes('html')) return null;
  if (response?.ok) return response;
  throw new Failure({
    code: 'weights-missing',
    subject: file,
    what: `The server did not send it (${response ? response.status : 'no answer'}).`,
    next: 'Reload the page.',
  });
}
