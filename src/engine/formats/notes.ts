/** `NAME.json`, which stands beside the features `NAME.npy`: where they come from and what each row is of. */
import { Failure } from '../failure.ts';
import { parseObject } from './json.ts';
import { MOST_FRAMES_SAID } from './list.ts';
import {
  MOST_FRAMES,
  type BackendName,
  type Gap,
  type Provenance,
  type Snippet,
  type VideoFeatures,
} from '../types.ts';

export interface FeatureNotes {
  name: string;
  frames: number;
  /** The file's own rate, estimated; null when it cannot be told. */
  fps: number | null;
  /** Presentation time of every frame in seconds. */
  timestamps: number[];
  snippets: Snippet[];
  /** Frames that a row stands for, where that is not 16. */
  rowFrames?: number;
  gaps: Gap[];
  warnings: string[];
  backbone: string;
  /** SHA-256 of the backbone's weights. */
  hash: string;
  videoHash: string;
  /** Frames per second that the backbone saw. */
  sampledFps: number;
  sampledFrames: number;
  crops: number;
  backend: BackendName;
  pixels: Provenance['pixels'];
  /** Seconds per stage. */
  seconds: Provenance['seconds'];
}

export function notesOf(name: string, fps: number | null, video: VideoFeatures): FeatureNotes {
  const { snippets, rowFrames, gaps, warnings, provenance: p } = video;
  return {
    name,
    frames: video.frameSeconds.length,
    fps,
    timestamps: Array.from(video.frameSeconds),
    snippets,
    ...(rowFrames !== undefined && { rowFrames }),
    gaps,
    warnings,
    backbone: p.backbone,
    hash: p.backboneHash,
    videoHash: p.videoHash,
    sampledFps: p.framesPerSecond,
    sampledFrames: p.sampledFrames,
    crops: p.crops,
    backend: p.backend,
    pixels: p.pixels,
    seconds: p.seconds,
  };
}

export function provenanceOf(notes: FeatureNotes): Provenance {
  const { videoHash, backbone, hash, sampledFps, crops, backend, pixels, sampledFrames, seconds } = notes;
  return {
    videoHash,
    backbone,
    backboneHash: hash,
    framesPerSecond: sampledFps,
    crops,
    backend,
    pixels,
    sampledFrames,
    seconds,
  };
}

/**
 * Reads notes. Keys that are not known are ignored, so that other tools may add their own.
 * @throws Failure `format-invalid`
 */
export function parseNotes(text: Uint8Array | string, file: string): FeatureNotes {
  const refuse = (what: string): never => {
    throw new Failure({
      code: 'format-invalid',
      subject: file,
      what,
      next: 'Leave it out, or extract again.',
    });
  };
  const json = parseObject(text, (why) =>
    refuse(`${why[0].toUpperCase()}${why.slice(1)}.`),
  ) as Partial<FeatureNotes>;
  const isNumbers = (value: unknown) => Array.isArray(value) && value.every((n) => typeof n === 'number');
  if (!isNumbers(json.timestamps)) refuse('It has no list of numbers "timestamps".');
  if (!Array.isArray(json.snippets) || !json.snippets.every(isSnippet))
    refuse('Its "snippets" are not in order.');
  if (json.snippets!.some(({ lastFrame }) => lastFrame > MOST_FRAMES))
    refuse(`Its "snippets" name ${MOST_FRAMES_SAID}.`);
  if (json.rowFrames !== undefined && !(json.rowFrames > 0)) refuse('Its "rowFrames" is no number above 0.');
  for (const key of ['backbone', 'hash', 'videoHash'] as const) {
    if (typeof json[key] !== 'string') refuse(`It has no text "${key}".`);
  }
  return { gaps: [], warnings: [], fps: null, ...json } as FeatureNotes;
}

function isSnippet(value: unknown): value is Snippet {
  const snippet = value as Snippet | null;
  return (
    typeof snippet === 'object' &&
    snippet !== null &&
    [snippet.firstFrame, snippet.lastFrame].every(Number.isInteger) &&
    [snippet.startSeconds, snippet.endSeconds].every(Number.isFinite) &&
    typeof snippet.missing === 'boolean'
  );
}
