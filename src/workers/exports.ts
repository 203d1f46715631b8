/** What a project holds, in the formats of other tools. */
import type { AlarmedVideo } from '../engine/formats/alarms.ts';
import { ArchiveWriter, Room } from '../engine/formats/archive.ts';
import { alarmsToCsv, scoresToCsv } from '../engine/formats/csv.ts';
import { alarmsToCvat } from '../engine/formats/cvat.ts';
import { notesOf } from '../engine/formats/notes.ts';
import { writeNpy } from '../engine/formats/npy.ts';
import type { ScoresFile } from '../engine/formats/scores.ts';
import { alarmsToVia } from '../engine/formats/via.ts';
import type { Store } from './store.ts';

export type AlarmFormat = 'csv' | 'via' | 'cvat';
export type ScoreFormat = 'csv' | 'json';

/** A file's content, and what its name ends with. */
export interface Written {
  content: string | Uint8Array<ArrayBuffer>;
  ending: string;
}

export function writeScores(format: ScoreFormat, scores: ScoresFile): Written {
  return format === 'csv'
    ? { content: scoresToCsv(scores), ending: '.csv' }
    : { content: JSON.stringify(scores), ending: '.json' };
}

/**
 * CVAT has a file for each video; of several, they come in a zip. A video whose picture is not known is left out of it,
 * unless there is no other.
 * @param name of the project
 */
export function writeAlarms(format: AlarmFormat, videos: readonly AlarmedVideo[], name: string): Written {
  if (format === 'csv') return { content: alarmsToCsv(videos), ending: '.csv' };
  if (format === 'via') return { content: alarmsToVia(videos, name), ending: '.via.json' };
  const seen = videos.filter(({ width }) => width !== null);
  if (seen.length < 2) return { content: alarmsToCvat(seen[0] ?? videos[0]), ending: '.cvat.xml' };
  const archive = new ArchiveWriter();
  const files = fileNames(seen.map(({ name }) => name));
  seen.forEach((video, i) => archive.bytes(`${files[i]}.xml`, new TextEncoder().encode(alarmsToCvat(video))));
  return { content: archive.toBytes(), ending: '.cvat.zip' };
}

/**
 * Features as `NAME.npy` with the notes beside them, in a zip, as `lab extract` writes them to a folder.
 * @throws Failure `data-mismatch` where they are too many for one file
 */
export async function packFeatures(
  store: Store,
  videos: readonly { name: string; fps: number | null; featureKey: string }[],
): Promise<Uint8Array<ArrayBuffer>> {
  const archive = new ArchiveWriter(
    new Room('Write them with `lab extract`, or save projects of fewer videos.', 'Features'),
  );
  const files = fileNames(videos.map(({ name }) => name));
  for (const [i, { name, fps, featureKey }] of videos.entries()) {
    const features = await store.features(featureKey);
    const file = files[i];
    archive.bytes(`${file}.npy`, writeNpy(features.features));
    archive.json(`${file}.json`, notesOf(name, fps, features));
  }
  return archive.toBytes();
}

/** Names for the parts of an archive: without folders, and told apart from others that are alike. */
function fileNames(names: readonly string[]): string[] {
  const times = new Map<string, number>();
  return names.map((name) => {
    const plain = name.replace(/[/\\:*?"<>|\0]/g, '_').replace(/^\.+/, '_');
    const time = (times.get(plain) ?? 0) + 1;
    times.set(plain, time);
    return time === 1 ? plain : `${plain} (${time})`;
  });
}
