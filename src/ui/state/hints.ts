/** What a newcomer might do next, from what is there: one sentence at a time, and none where nothing is missing. */
import { t } from '../text/text.svelte.ts';

/** The state that hints depend on. */
export interface Situation {
  isPlaying: boolean;
  /** A run is on screen, and how many runs there are. */
  hasRun: boolean;
  runs: number;
  /** A video is on stage; with a score of the run on screen; with a truth that is known. */
  hasVideo: boolean;
  isScored: boolean;
  hasTruth: boolean;
  isTruthShown: boolean;
  /** Something, or nothing unusual, was marked in the video on stage. */
  hasGuess: boolean;
  /** The threshold was moved from where it begins. */
  hasThreshold: boolean;
}

/** The first thing that fits, in English. Keys are those of the table of actions. */
export const HINTS: readonly { fits(now: Situation): boolean; text: string }[] = [
  {
    fits: ({ isPlaying, hasVideo, isScored }) => isPlaying && hasVideo && isScored,
    text: 'Watch the score under the picture: rings mark the segments that the latest step’s loss looked at.',
  },
  { fits: ({ isPlaying }) => isPlaying, text: 'Put a video on stage to see its score change.' },
  {
    fits: ({ hasRun, hasVideo }) => hasRun && !hasVideo,
    text: 'Put a video on stage to see its score.',
  },
  {
    fits: ({ hasRun, isScored }) => hasRun && !isScored,
    text: 'This video has no score of this run yet: v scores new videos.',
  },
  {
    fits: ({ hasRun, hasTruth, isTruthShown, hasGuess }) => hasRun && hasTruth && !isTruthShown && !hasGuess,
    text: 'Where does it happen? Mark your guess with [ and ], then reveal the truth with t.',
  },
  {
    fits: ({ hasRun, hasTruth, isTruthShown }) => hasRun && hasTruth && !isTruthShown,
    text: 'Your guess is marked: reveal the truth with t.',
  },
  {
    fits: ({ hasRun, hasThreshold }) => hasRun && !hasThreshold,
    text: 'Choose a threshold: drag it beside the score, or say under Curve how many false alarms an hour can be borne.',
  },
  {
    fits: ({ hasRun, runs }) => hasRun && runs === 1,
    text: 'Switch a component below and press Play: a second run is drawn beside this one.',
  },
];

export function hintFor(now: Situation): string | null {
  return HINTS.find(({ fits }) => fits(now))?.text ?? null;
}

/** What is said aloud of a run that trains: that it began, each quarter of its steps, and that it is done. */
export function milestone(step: number, steps: number): string {
  if (step === 0 || steps === 0) return '';
  if (step >= steps)
    return t(steps === 1 ? 'Training is done, {n} step.' : 'Training is done, {n} steps.', { n: steps });
  const quarter = Math.floor((4 * step) / steps);
  if (quarter === 0) return t('Training has begun.');
  if (quarter === 1) return t('A quarter of the steps is done.');
  return t(quarter === 2 ? 'Half of the steps are done.' : 'Three quarters of the steps are done.');
}
