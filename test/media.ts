/**
 * The odd and broken files of `../shared/media` and what its index asks of each.
 */
import { Failure, type FailureCode } from '../src/engine/failure.ts';
import { quietJob, type Job } from '../src/engine/job.ts';
import { openVideo } from '../src/engine/video/container.ts';
import { decodeFrames } from '../src/engine/video/decode.ts';
import { PictureReader, resizeAndCrop } from '../src/engine/video/pixels.ts';
import { TimeGrid } from '../src/engine/video/sampling.ts';
import { FrameTable } from '../src/engine/video/snippets.ts';
import { readShared } from './shared.ts';

export interface MediaEntry {
  file: string;
  odd: string;
  asks: string;
  /** Frames that a straightforward loop decoded; null where it was not run. */
  frames: number | null;
}

export async function readMediaIndex(): Promise<MediaEntry[]> {
  const bytes = await readShared('media/index.tsv');
  if (!bytes) return [];
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => {
      const [file, odd, asks, , frames] = line.split('\t');
      return { file, odd, asks, frames: frames ? Number(frames) : null };
    });
}

/** What the pipeline made of a file. */
export interface Walk {
  outcome: 'played' | 'refused' | 'cancelled';
  failure: Failure | null;
  frames: number;
  lost: number;
  gaps: number;
  sampled: number;
  /** Most pictures open at one time, as the browser counts them. */
  mostOpen: number;
  /** Pictures never closed. */
  leaked: number;
  /** Longest time without a frame. */
  longestSilence: number;
  /** Mean of all sampled pixels: zero would be a picture nobody looked at. */
  mean: number;
}

/** Decodes a file as extraction does, without a backbone; stops after `maxSeconds`. */
export async function walkMedia(file: string, maxSeconds: number): Promise<Walk> {
  const bytes = await readShared(`media/${file}`);
  if (!bytes) throw new Error(`${file} is missing`);
  return watchFrames((count) => walk(new Blob([bytes]), file, maxSeconds, count));
}

async function walk(
  blob: Blob,
  name: string,
  maxSeconds: number,
  count: () => Pick<Walk, 'mostOpen' | 'leaked'>,
): Promise<Walk> {
  const table = new FrameTable();
  const grid = new TimeGrid(5, 29);
  const reader = new PictureReader();
  const picture = new Float32Array(172 * 172 * 3);
  const [started, stop] = [performance.now(), new AbortController()];
  let [sampled, sum, last, longestSilence] = [0, 0, started, 0];
  let failure: Failure | null = null;
  const job: Job = { ...quietJob, signal: stop.signal };
  try {
    const video = await openVideo(blob, name);
    const geometry = {
      rotationDegrees: video.facts.rotationDegrees,
      flip: video.flip,
      aspect: video.squareWidth / video.squareHeight,
    };
    const chooser = {
      wants: (seconds: number) => grid.next(seconds) !== null,
      missed: (seconds: number) => grid.skipTo(seconds),
    };
    try {
      for await (const frame of decodeFrames(video, job, chooser)) {
        longestSilence = Math.max(longestSilence, performance.now() - last);
        last = performance.now();
        table.add(frame.seconds, frame.lost);
        if (frame.picture) {
          resizeAndCrop(await reader.read(frame.picture), geometry, 172, picture);
          sampled++;
          sum += picture.reduce((a, b) => a + b, 0) / picture.length;
        }
        if (performance.now() - started > maxSeconds * 1000) stop.abort();
      }
    } finally {
      video.close();
    }
  } catch (error) {
    failure = Failure.from(error);
  }
  const outcome = failure?.code === 'cancelled' ? 'cancelled' : sampled > 0 ? 'played' : 'refused';
  return {
    outcome,
    failure,
    frames: table.count,
    lost: table.lost,
    gaps: table.gaps().length,
    sampled,
    longestSilence: Math.round(longestSilence),
    mean: sampled > 0 ? sum / sampled : 0,
    ...count(),
  };
}

/** Counts open `VideoFrame`s: those that a decoder gave out and that were not closed. */
async function watchFrames<T>(
  work: (count: () => Pick<Walk, 'mostOpen' | 'leaked'>) => Promise<T>,
): Promise<T> {
  const NativeDecoder = globalThis.VideoDecoder;
  const close = VideoFrame.prototype.close;
  const open = new Set<VideoFrame>();
  let mostOpen = 0;
  VideoFrame.prototype.close = function (this: VideoFrame) {
    open.delete(this);
    close.call(this);
  };
  globalThis.VideoDecoder = class extends NativeDecoder {
    constructor({ output, error }: VideoDecoderInit) {
      super({
        error,
        output: (frame) => {
          open.add(frame);
          output(frame);
          mostOpen = Math.max(mostOpen, open.size);
        },
      });
    }
  };
  try {
    return await work(() => ({ mostOpen, leaked: open.size }));
  } finally {
    globalThis.VideoDecoder = NativeDecoder;
    VideoFrame.prototype.close = close;
  }
}

/** The reasons for which a refusal of each kind may be worded. */
const REFUSALS: [asks: RegExp, codes: FailureCode[]][] = [
  [
    /codec not supported/,
    ['codec-unsupported', 'index-missing', 'damaged', 'container-unsupported', 'not-a-video'],
  ],
  [
    /no readable index/,
    ['index-missing', 'damaged', 'not-a-video', 'container-unsupported', 'encrypted', 'no-frames'],
  ],
  [
    /not a supported container/,
    ['not-a-video', 'container-unsupported', 'empty-file', 'index-missing', 'damaged'],
  ],
  [/no video track/, ['no-video-track', 'index-missing']],
  [/segment without init/, ['damaged', 'index-missing']],
  [/encrypted/, ['encrypted']],
  [/no frame could be decoded/, ['no-frames', 'damaged']],
];

/**
 * Whether a file did what the index asks. Playing what it says to refuse is a pass too.
 * @returns null, or what is wrong
 */
export function judge({ asks, frames }: MediaEntry, walk: Walk): string | null {
  const played = walk.outcome !== 'refused';
  if (walk.leaked > 0) return `${walk.leaked} frames were never closed`;
  if (walk.longestSilence > 20_000) return `no frame for ${walk.longestSilence} ms`;
  if (walk.failure?.code === 'bug') return `an error nobody foresaw: ${walk.failure.detail}`;
  if (played && walk.sampled === 0) return 'no picture was sampled';
  if (asks.startsWith('play (long') || walk.outcome === 'cancelled') return played ? null : 'was refused';
  if (asks.startsWith('play') || asks.startsWith('partial')) {
    if (!played) return `was refused: ${walk.failure?.message}`;
    return frames !== null && walk.frames < 0.95 * frames ? `${walk.frames} of ${frames} frames` : null;
  }
  if (asks.startsWith('damaged')) {
    if (played)
      return walk.gaps > 0 || walk.failure !== null ? null : 'frames are missing and nobody says so';
    return walk.failure?.code === 'damaged' ? null : `refused as ${walk.failure?.code}`;
  }
  if (played) return null;
  const codes = REFUSALS.find(([pattern]) => pattern.test(asks))?.[1] ?? [];
  return walk.failure && codes.includes(walk.failure.code)
    ? null
    : `refused as ${walk.failure?.code}: ${walk.failure?.message}`;
}
