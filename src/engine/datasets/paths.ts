/**
 * What the path of a feature file says: whose features these are, which crop, which kind. The field's files differ in
 * what they hang on a video's name:
 *
 *     Abuse001_x264_i3d.npy     RTFM, MGFN: all crops in one file
 *     Abuse001_x264__0.npy      DeepMIL, UR-DMU, VadCLIP: a file per crop
 *     NAME__vggish.npy          XD-Violence: sound; Flow/NAME__0.npy: optical flow
 *     Abuse001_x264_C.txt       Sultani: 32 segments as text
 *     NAME.mp4.npy              two-stream I3D, all_rgbs and all_flows
 *     NAME.map.npy              ours: maps, variants, tubes and notes
 */
import type { Part } from '../types.ts';

/** What a file holds of its video. The last six are our own, which stand beside `features`. */
export type Channel =
  'features' | 'flow' | 'audio' | 'mask' | 'maps' | 'flip' | 'flipMaps' | 'noise' | 'tubes' | 'notes';

export interface Place {
  /** The video, as its file calls it. */
  video: string;
  /** The same for all spellings of one video: small letters, without `_x264`. */
  key: string;
  channel: Channel;
  /** Which crop, where a file holds one of several. */
  crop: number | null;
  /** As the folders on the way to it say. */
  part: Part | null;
}

const OWN: readonly [Channel, RegExp][] = [
  ['flipMaps', /\.flip\.map\.npy$/i],
  ['flip', /\.flip\.npy$/i],
  ['noise', /\.noise\.npy$/i],
  ['maps', /\.map\.npy$/i],
  ['tubes', /\.tubes\.safetensors$/i],
  ['notes', /\.json$/i],
];

const ENDINGS =
  /\.(npy|npz|h5|hdf5|mat|pt|pth|pkl|safetensors|txt|csv|tsv|mp4|m4v|mov|mkv|webm|ts|avi|mpg)$/i;

/** What extractors append to a name, and what it says. */
const SUFFIXES: readonly [RegExp, Partial<Place>][] = [
  [/_+gt$/i, { channel: 'mask' }],
  [/_+vggish$/i, { channel: 'audio' }],
  [/_+flow$/i, { channel: 'flow' }],
  [/_+(i3d|c3d|rgb|C)$/, {}],
];

/** Folders that say what lies in them. */
const FOLDERS: readonly [RegExp, Channel][] = [
  [/mask|(^|[_-])gt($|[_-])|ground.?truth/i, 'mask'],
  [/vggish|audio/i, 'audio'],
  [/flow/i, 'flow'],
];

export function placeOf(path: string): Place {
  const segments = decoded(path).split(/[/\\]/);
  const base = segments.pop()!;
  const folders = segments.filter((segment) => segment !== '' && segment !== '.');
  const part = partOf(folders);
  for (const [channel, ending] of OWN) {
    if (!ending.test(base)) continue;
    const video = base.replace(ending, '');
    return { video, key: keyOf(video), channel, crop: null, part };
  }
  let name = base;
  while (ENDINGS.test(name)) name = name.replace(ENDINGS, '');
  let channel = FOLDERS.find(([word]) => folders.some((folder) => word.test(folder)))?.[1] ?? 'features';
  let crop: number | null = null;
  for (let isCut = true; isCut;) {
    isCut = false;
    for (const [suffix, says] of SUFFIXES) {
      if (!suffix.test(name)) continue;
      name = name.replace(suffix, '');
      channel = says.channel ?? channel;
      isCut = true;
    }
    const numbered = /__(\d)$/.exec(name);
    if (!numbered) continue;
    crop = Number(numbered[1]);
    name = name.slice(0, -numbered[0].length);
    isCut = true;
  }
  return { video: name, key: keyOf(name), channel, crop, part };
}

/** Train or test, as the name of a file or folder says; null where it says neither, or both. */
export function partOf(names: readonly string[]): Part | null {
  const says = (word: RegExp) => names.some((name) => word.test(name));
  const [train, test] = [says(TRAIN), says(TEST)];
  return train === test ? null : train ? 'train' : 'test';
}

/** A word of a name, as in `UCF_Test`, `testing-videos`, `i3dTest` and `testlist`; `latest` is none. */
const wordIn = (word: string) => {
  const [first, rest] = [word[0], word.slice(1)];
  const spellings = `${word}|${first.toUpperCase()}${rest}|${word.toUpperCase()}`;
  return new RegExp(`(^|[^A-Za-z]|(?=[A-Z][a-z]))(${spellings})(ing|ING|s|list|set|split)?(?![a-z])`);
};
const TRAIN = wordIn('train');
const TEST = wordIn('test');

const keyOf = (name: string) => name.toLowerCase().replace(/_x264$/, '');

/** Names of XD-Violence hold `#` and come escaped from downloads; others may hold a lone `%`. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
