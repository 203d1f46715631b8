/** What is kept in this browser of all projects together, and what of it nothing needs any more. */
import { forgetFiles, keptSizes } from './files.ts';
import type { ProjectRecord, VideoRecord } from './schema.ts';
import type { Store } from './store.ts';

/** Bytes kept in this browser, by what they are. */
export interface StorageUse {
  videos: number;
  features: number;
  total: number | null;
  /** What the browser lets this site keep. */
  quota: number | null;
  projects: ProjectUse[];
}

/** What one project keeps; what several have counts for each. */
export interface ProjectUse {
  id: string;
  name: string;
  /** Bytes of copies of its videos. */
  copies: number;
  /** Bytes of features that were extracted from its videos, and could be again. */
  features: number;
  /** Bytes of features that came from files. */
  imported: number;
}

/** What can be made again, and need not be kept. */
export type Freeable = 'copies' | 'features';

/** Held, shared, by every tab for as long as it is open. */
const TAB_LOCK = 'weaklens-tab';

export async function storageUse(store: Store): Promise<StorageUse> {
  const [files, features, videos, projects] = await Promise.all([
    keptSizes(),
    store.featureSummaries(),
    store.allVideos(),
    store.projects(),
  ]);
  const { usage, quota } = await navigator.storage.estimate();
  const featureBytes = new Map<string, number>();
  for (const { provenance, bytes } of features)
    featureBytes.set(provenance.videoHash, (featureBytes.get(provenance.videoHash) ?? 0) + bytes);
  const ofProject = ({ id, name }: ProjectRecord): ProjectUse => {
    const own = videos.filter(({ projectId }) => projectId === id);
    const sum = (of: readonly VideoRecord[], sizes: ReadonlyMap<string, number>) =>
      [...new Set(of.map(({ hash }) => hash))].reduce((all, hash) => all + (sizes.get(hash) ?? 0), 0);
    return {
      id,
      name,
      copies: sum(own, files),
      features: sum(
        own.filter(({ facts }) => facts),
        featureBytes,
      ),
      imported: sum(
        own.filter(({ facts }) => !facts),
        featureBytes,
      ),
    };
  };
  return {
    videos: [...files.values()].reduce((sum, size) => sum + size, 0),
    features: features.reduce((sum, { bytes }) => sum + bytes, 0),
    total: usage ?? null,
    quota: quota ?? null,
    projects: projects.map(ofProject),
  };
}

/** Removes what a project can have again from its videos. What another project has as well stays for it. */
export async function freeProject(store: Store, projectId: string, what: Freeable): Promise<void> {
  const videos = await store.allVideos();
  const others = new Set(videos.filter((video) => video.projectId !== projectId).map(({ hash }) => hash));
  const own = videos.filter(
    (video) => video.projectId === projectId && video.facts && !others.has(video.hash),
  );
  const hashes = new Set(own.map(({ hash }) => hash));
  if (what === 'copies') await forgetFiles(hashes);
  else await deleteFeaturesOf(store, (hash) => hashes.has(hash));
}

/** @param isMeant of a video's hash */
async function deleteFeaturesOf(store: Store, isMeant: (hash: string) => boolean): Promise<void> {
  const features = await store.featureSummaries();
  await store.deleteFeatures(
    features.filter(({ provenance }) => isMeant(provenance.videoHash)).map(({ key }) => key),
  );
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
  await deleteFeaturesOf(store, (hash) => !wanted.has(hash));
}
