/** All experiments, in the order they are offered. Free of tfjs. */
import { Failure } from '../failure.ts';
import { baselines } from './baselines.ts';
import type { Experiment } from './experiment.ts';
import { gig } from './gig.ts';
import { mgfn } from './mgfn.ts';
import { mgpr } from './mgpr.ts';
import { salient } from './salient.ts';
import { wsal } from './wsal.ts';

export const experiments: readonly Experiment[] = [
  ...baselines,
  ...salient,
  ...wsal,
  ...mgfn,
  ...gig,
  ...mgpr,
];

/** @throws Failure `config-invalid` naming those there are */
export function experimentById(id: string): Experiment {
  const found = experiments.find((experiment) => experiment.id === id);
  if (found) return found;
  throw new Failure({
    code: 'config-invalid',
    subject: id,
    what: 'There is no experiment of this name.',
    next: `Choose one of: ${experiments.map((experiment) => experiment.id).join(', ')}.`,
  });
}

/**
 * How many videos the papers' datasets have to train on and to test with, as the field splits them. Whoever has others
 * has other data.
 */
export const DATASET_SIZES: Readonly<Record<string, readonly [number, number]>> = {
  'UCF-Crime': [1610, 290],
  ShanghaiTech: [238, 199],
  'XD-Violence': [3954, 800],
  TAD: [400, 100],
  CitySCENE: [2077, 188],
};
