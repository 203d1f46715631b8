/** `NAME.json`, which stands beside the features `NAME.npy`: where they come from and what each row is of. */
import * as v from 'valibot';
import { readJson } from './json.ts';
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

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const seconds = v.optional(v.number(), 0);

/** Frames in a row, and when they are shown. */
const last = v.pipe(whole, v.maxValue(MOST_FRAMES, `it names ${MOST_FRAMES_SAID}`));
const frames = { firstFrame: whole, lastFrame: last, startSeconds: v.number(), endSeconds: v.number() };
const forward = <Span extends Gap>() =>
  v.check<Span, string>(({ firstFrame, lastFrame }) => firstFrame <= lastFrame, 'it ends before it begins');

/** What is optional was not always told, or is not by other tools. */
const schema = v.object({
  name: v.optional(v.string(), ''),
  frames: v.optional(whole, 0),
  fps: v.optional(v.nullable(v.number()), null),
  timestamps: v.array(v.number()),
  snippets: v.array(v.pipe(v.object({ ...frames, missing: v.boolean() }), forward<Snippet>())),
  rowFrames: v.optional(v.pipe(v.number(), v.gtValue(0))),
  gaps: v.optional(v.array(v.pipe(v.object(frames), forward<Gap>())), []),
  warnings: v.optional(v.array(v.string()), []),
  backbone: v.string(),
  hash: v.string(),
  videoHash: v.string(),
  sampledFps: v.optional(v.number(), 0),
  sampledFrames: v.optional(whole, 0),
  crops: v.optional(v.pipe(whole, v.minValue(1)), 1),
  backend: v.optional(v.picklist(['webgpu', 'wasm', 'webgl', 'cpu']), 'cpu'),
  pixels: v.optional(v.picklist(['copyTo', 'canvas', 'gpu']), 'copyTo'),
  seconds: v.optional(v.object({ decode: seconds, pixels: seconds, backbone: seconds, total: seconds }), {}),
});

/**
 * Reads notes. Keys that are not known are ignored, so that other tools may add their own.
 * @throws Failure `format-invalid`
 */
export const parseNotes = (text: Uint8Array | string, file: string): FeatureNotes =>
  readJson(schema, text, file, { next: 'Leave it out, or extract again.' });
