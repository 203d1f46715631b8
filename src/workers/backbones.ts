/** The backbones that there are here: those of the page's own server, and files of someone's own in the store. */
import {
  loadBackbone,
  loadOwnBackbone,
  loadRandomBackbone,
  parseManifest,
  RANDOM_BACKBONE,
  recogniseBackbone,
  refuseDamaged,
  untrainedWeights,
  type BackboneEntry,
  type LoadedBackbone,
  type Manifest,
} from '../engine/backbone/weights.ts';
import { readWeights } from '../engine/backbone/networks.ts';
import type { BackboneWeights } from '../engine/heads/full-onnx.ts';
import { Failure } from '../engine/failure.ts';
import type { BackboneRecord } from './schema.ts';
import type { Store } from './store.ts';

/** Beside the page, wherever it is served from; workers lie in a folder of their own. */
const FOLDER = new URL(import.meta.env.DEV ? '/weights/' : '../weights/', import.meta.url);

/** Longest file that is taken; the networks that there is code for have less than 60 MB. */
const MAX_FILE_BYTES = 120 << 20;

/** A backbone, and whether its file is there. */
export interface BackboneOffer extends BackboneEntry {
  installed: boolean;
  /** It came as a file of someone's own and lies in this browser. */
  own: boolean;
  /** How many classes it can name what it sees by; null where it cannot. */
  classes: number | null;
  /** Whether it is known what they are called. */
  hasNames: boolean;
}

/** What can be extracted with, best first: trained networks whose files are there, then the untrained one. */
export async function backboneOffers(store: Store): Promise<BackboneOffer[]> {
  const [{ backbones }, own] = await Promise.all([manifest(), store.backbones()]);
  const served = await Promise.all(
    backbones.map(async (entry): Promise<BackboneOffer> => {
      const record = own.find(({ id }) => id === entry.id);
      return { ...entry, ...opinionated(record), installed: record !== undefined || (await isThere(entry)) };
    }),
  );
  const others = own
    .filter(({ id }) => !backbones.some((entry) => entry.id === id))
    .map((record) => ({ ...record.entry, ...opinionated(record), installed: true }));
  return [
    ...served.filter((offer) => offer.installed),
    ...others,
    { ...RANDOM_BACKBONE, ...opinionated(undefined), installed: true },
    ...served.filter((offer) => !offer.installed),
  ];
}

/**
 * @param id a backbone, or `auto` for the best that is installed
 * @throws Failure `weights-missing` or `weights-mismatch`
 */
export async function fetchBackbone(id: string, store: Store): Promise<LoadedBackbone> {
  const file = await fetchFile(id, store);
  if (!file) return loadRandomBackbone();
  return file.own ? loadOwnBackbone(file.entry, file.bytes) : loadBackbone(file.entry, file.bytes);
}

/**
 * The weights alone, for a file that holds them.
 * @throws Failure `weights-missing` or `weights-mismatch`
 */
export async function fetchWeights(id: string, store: Store): Promise<BackboneWeights> {
  const file = await fetchFile(id, store);
  if (!file) return { entry: RANDOM_BACKBONE, weights: untrainedWeights() };
  if (!file.own) refuseDamaged(file.entry, file.bytes);
  return { entry: file.entry, weights: readWeights(file.bytes, file.entry.file ?? id).weights };
}

/** @returns null for weights that are drawn */
async function fetchFile(id: string, store: Store) {
  const offers = await backboneOffers(store);
  const offer = id === 'auto' ? offers[0] : offers.find((candidate) => candidate.id === id);
  if (!offer) {
    const known = offers.map((candidate) => candidate.id).join(', ');
    throw new Failure({
      code: 'weights-missing',
      what: `There is no backbone "${id}".`,
      next: `Known: ${known}.`,
    });
  }
  if (offer.file === null) return null;
  if (!offer.installed) {
    throw new Failure({
      code: 'weights-missing',
      subject: offer.id,
      what: 'Its weights are not installed here.',
      next: `Drop its file under "Backbone", or install it with: npm run weights -- ${offer.id} --from FILE`,
    });
  }
  const entry = entryOf(offer);
  const response = offer.own ? null : await request(offer.file);
  if (response) return { entry, own: false, bytes: new Uint8Array(await response.arrayBuffer()) };
  return { entry, own: true, bytes: await store.backboneFile(offer.id) };
}

/** What an offer says beyond the entry, of a file of someone's own or none. */
function opinionated(
  record: BackboneRecord | undefined,
): Omit<BackboneOffer, keyof BackboneEntry | 'installed'> {
  const hasNames = record?.classNames !== undefined;
  return { own: record !== undefined, classes: record?.classes ?? null, hasNames };
}

function entryOf({
  own: _own,
  installed: _here,
  classes: _classes,
  hasNames: _names,
  ...entry
}: BackboneOffer) {
  return entry satisfies BackboneEntry;
}

/**
 * Takes a file of someone's own in, once it is known to be sound.
 * @throws Failure `format-invalid`, `weights-mismatch` or `storage-full`; nothing that was there is lost
 */
export async function addBackbone(file: Blob, name: string, store: Store): Promise<BackboneOffer> {
  if (file.size > MAX_FILE_BYTES) {
    throw new Failure({
      code: 'weights-mismatch',
      subject: name,
      what: `It has ${Math.round(file.size / 2 ** 20)} MB, more than any network that there is code for.`,
      next: 'Use a file of MoViNet-A0-Stream or I3D, or bring features as .npy files.',
    });
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { entry, classes } = recogniseBackbone(bytes, name, await manifest());
  const known = (await store.backbones()).find(({ id }) => id === entry.id);
  // A file of the network alone does not take the place of one that has its classifier too.
  if (known?.classes && !classes) return { ...entry, ...opinionated(known), installed: true };
  const classNames = known?.classes === classes ? known.classNames : undefined;
  const record = {
    id: entry.id,
    entry,
    classes,
    ...(classNames && { classNames }),
    sizeBytes: bytes.byteLength,
    addedAt: Date.now(),
  };
  await store.putBackbone(record, bytes);
  return { ...entry, ...opinionated(record), installed: true };
}

async function manifest(): Promise<Manifest> {
  const response = await request('manifest.json');
  return response ? parseManifest(await response.json()) : { backbones: [] };
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
