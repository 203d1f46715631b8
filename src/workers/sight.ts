/**
 * Looking at a run: what its head sees of one video, how a score came about, and, while the run trains, what the video
 * on stage looked like to it at growing steps. What is kept of those is in memory only, of one video.
 */
import { contrastOf, type FeatureContrast } from '../engine/features/contrast.ts';
import type { ScoreTrace, Sight } from '../engine/heads/head.ts';
import { spreads } from '../engine/heads/sight.ts';
import { leastMissed, MOST_MOMENTS, nextMoment } from '../engine/training/moments.ts';
import { checkDevice } from './device.ts';
import { showOne } from './live.ts';

/** What a run's head sees of one video. */
export interface Look extends Sight {
  runId: string;
  featureKey: string;
  step: number;
  /** How widely each head of `glance`, or row of `attention`, is spread: 0 one place .. 1 everywhere alike. */
  spreads: number[] | null;
  /** Rows and columns of the feature maps that `relation` and `spoke` are over. */
  grid: readonly [number, number] | null;
}

/** How one score came about, from the feature on. */
export interface Explanation extends ScoreTrace {
  runId: string;
  featureKey: string;
  step: number;
  snippet: number;
  feature: FeatureContrast;
}

/** A look that was kept, without what was seen. */
export interface KeptLook {
  step: number;
  spreads: number[];
}

/** Looks are kept of so many runs: a fork and the run that it comes from. */
const MOST_RUNS = 2;

/** Milliseconds that a look may take to be kept: a run does not wait for more than one that takes longer. */
const LONGEST = 4000;

/** The looks that are kept of one run have at most so many bytes together. */
const MOST_BYTES = 32 << 20;

/**
 * What one video looks like to a run now.
 * @param asItStands by the last step, also where another one counts
 */
export function lookOne(runId: string, featureKey: string, asItStands: boolean): Promise<Look> {
  return showOne(
    runId,
    featureKey,
    asItStands,
    async ({ head, parameters, snippets, config, step, video }) => {
      const sight = await head.look(parameters, snippets, config);
      checkDevice();
      const grid = head.card.input === 'maps' && video.maps ? gridOf(video.maps.shape) : null;
      return { ...sight, runId, featureKey, step, spreads: spreads(sight), grid };
    },
  );
}

const gridOf = ([, rows, columns]: readonly number[]) => [rows, columns] as const;

export function explainOne(
  runId: string,
  featureKey: string,
  snippet: number,
  asItStands: boolean,
): Promise<Explanation> {
  return showOne(
    runId,
    featureKey,
    asItStands,
    async ({ head, parameters, snippets, config, step, views }) => {
      const trace = await head.trace(parameters, snippets, config, snippet);
      checkDevice();
      return { ...trace, runId, featureKey, step, snippet, feature: contrastOf(views, snippet) };
    },
  );
}

/** The video that is followed through training. */
let followed: string | null = null;

/** Looks at it by run, the run that was stepped last at the end. */
const album = new Map<string, { looks: Look[]; isBlind: boolean }>();

/** Follows a video from now on; what was kept of another one is let go. */
export function follow(featureKey: string | null): void {
  if (featureKey === followed) return;
  followed = featureKey;
  album.clear();
}

/** Keeps a look at the followed video where the run has come to a moment for one. Training goes on without it. */
export async function keepLook(runId: string, step: number): Promise<void> {
  if (!followed) return;
  const page = album.get(runId) ?? { looks: [], isBlind: false };
  if (page.isBlind) return;
  if (!album.has(runId) && album.size === MOST_RUNS) album.delete(album.keys().next().value!);
  album.set(runId, page);
  page.looks = page.looks.filter((look) => look.step < step); // a run that was taken back goes another way
  const { looks } = page;
  if (looks.length > 0 && step < nextMoment(looks[looks.length - 1].step)) return;
  const began = performance.now();
  const look = await lookOne(runId, followed, true).catch(() => null); // the stage itself says why it cannot be seen
  page.isBlind = !look?.spreads || performance.now() - began > LONGEST;
  if (!look?.spreads) return;
  looks.push(look);
  while (looks.length > MOST_MOMENTS || (looks.length > 3 && looks.length * bytesOf(look) > MOST_BYTES)) {
    looks.splice(leastMissed(looks.map((one) => one.step)), 1);
  }
}

function bytesOf({ attention, glance, scores }: Look): number {
  return [attention, glance].reduce((sum, array) => sum + (array?.values.byteLength ?? 0), scores.byteLength);
}

function looksAt(runId: string, featureKey: string): Look[] {
  return featureKey === followed ? (album.get(runId)?.looks ?? []) : [];
}

/** The looks that are kept of a video, earliest first. */
export function keptLooks(runId: string, featureKey: string): KeptLook[] {
  return looksAt(runId, featureKey).map(({ step, spreads: own }) => ({ step, spreads: own! }));
}

/** @returns null where it is kept no longer */
export function keptLook(runId: string, featureKey: string, step: number): Look | null {
  return looksAt(runId, featureKey).find((look) => look.step === step) ?? null;
}
