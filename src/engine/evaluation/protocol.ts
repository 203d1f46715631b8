/**
 * A protocol: everything between a video's scores and a figure that papers decide differently, as data. The same scores
 * under another protocol are another figure, so every figure says which one it was made under.
 */
import type { ExpansionRule } from './expand.ts';
import type { VideoScoreRule } from './ranking.ts';
import type { FrameCount, TruthRule } from './truth.ts';

/**
 * micro  all frames of all videos together
 * macro  a figure per video, and their mean; videos whose frames are all of one kind have none and are left out
 * pairs  a figure per anomalous video with one normal video, the i-th with the i-th, and their mean
 */
export type Average = 'micro' | 'macro' | 'pairs';

/** What the frames of which videos are counted. The video AUC is always over all. */
export type Subset = 'all' | 'anomalous';

/**
 * none       scores as the head gives them
 * video      every video's frame scores stretched to 0..1; a video of one score everywhere is 0
 * anomalous  only those of anomalous videos, which takes knowing which they are
 */
export type Stretch = 'none' | 'video' | 'anomalous';

/** Over which curve a Gaussian goes: none, that of frames, or the scores before they become frames. */
export type Smoothing = 'none' | 'frames' | 'scores';

/** The step whose scores are judged: what the run was set up to count, or another that it has kept. */
export type SelectionRule = 'run' | 'last' | 'val' | 'test';

export interface Protocol {
  average: Average;
  subset: Subset;
  normalise: Stretch;
  expansion: ExpansionRule;
  /** Snippets per bag, for `watanabe_bags`. */
  bag: number;
  smoothing: Smoothing;
  /** Standard deviation of the Gaussian, in frames or scores. */
  sigma: number;
  truth: TruthRule;
  length: FrameCount;
  videoScore: VideoScoreRule;
  /** Who asks for figures brings the scores of that step: nothing here can make them. */
  selection: SelectionRule;
}

export const DEFAULT_PROTOCOL: Readonly<Protocol> = {
  average: 'micro',
  subset: 'all',
  normalise: 'none',
  expansion: 'repeat16',
  bag: 28,
  smoothing: 'none',
  sigma: 2,
  truth: 'inclusive1',
  length: 'frames',
  videoScore: 'max',
  selection: 'run',
};

/** What is not said is the default; GIG's windows come with its Gaussian unless smoothing is said. */
export function resolveProtocol(told: Partial<Protocol> = {}): Protocol {
  const own = told.expansion === 'gig' ? { smoothing: 'frames' as const } : {};
  const said = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_PROTOCOL, ...own, ...said };
}
