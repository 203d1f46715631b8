/** What is kept in this browser of all projects together, and what of it nothing needs any more. */
import { forgetFiles, keptSizes } from './files.ts';
import type { Store } from './store.ts';

/** Bytes kept in this browser, by what they are. */
export interface StorageUse {
  videos: number;
  features: number;
  total: number | null;
}

/** Held, shared, by every tab for as long as it is open. */
const TAB_LOCK = 'weaklens-tab';

export async function storageUse(store: Store): Promise<StorageUse> {
  const [files, features] = await Promise.all([keptSizes(), store.featureSummaries()]);
  const { usage } = await navigator.storage.estimate();
  return {
    videos: [...files.values()].reduce((sum, size) => sum + size, 0),
    features: features.reduce((sum, { bytes }) => sum + bytes, 0),
    total: usage ?? null,
  };
}

/**
 * Removes copies and features that no video of any project has any more. Only a tab that is alone does so: what
 * another one is taking in has no record yet that says so.
 */
export async function sweep(store: Store): Promise<void> {
  await navigator.locks.request(TAB_LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) await removeLeftovers(store);
  });
  void navigator.locks.request(TAB_LOCK, { mode: 'shared' }, () => new Promise(() => {}));
}

async function removeLeftovers(store: Store): Promise<void> {
  const videos = await store.allVideos();
  const wanted = new Set(videos.map(({ hash }) => hash));
  const files = await keptSizes();
  await forgetFiles([...files.keys()].filter((hash) => !wanted.has(hash)));
  const features = await store.featureSummaries();
  await store.deleteFeatures(
    features.filter(({ provenance }) => !wanted.has(provenance.videoHash)).map(({ key }) => key),
  );
}
