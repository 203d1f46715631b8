/** Whole methods beside each other, as in their papers. */
import { headCards } from '../heads/catalogue.fields.ts';
import type { Experiment, Reported, Row } from './experiment.ts';

const ucf = (frameAuc: number, anomalySubsetAuc?: number): Reported => ({
  'UCF-Crime': { frameAuc, ...(anomalySubsetAuc === undefined ? {} : { anomalySubsetAuc }) },
});

/** The first three as others reproduced them (WSAL, table II; Watanabe et al., table 3), the rest as their papers say. */
const REPORTED: Readonly<Record<string, Reported>> = {
  sultani: ucf(75.41, 54.25),
  rtfm: ucf(84.3),
  gcn: ucf(82.12, 59.02),
  wsal: ucf(85.38, 67.38),
  mgfn: ucf(86.98),
  salient: ucf(84.74),
};

const rows: Row[] = headCards
  .filter(({ input }) => input === undefined)
  .map(({ id, presets }) => ({
    id,
    label: id,
    head: id,
    preset: 'paper' in presets ? 'paper' : 'code',
    reported: REPORTED[id],
  }));

const figures = ['frameAuc', 'anomalySubsetAuc', 'videoAuc', 'averagePrecision'] as const;

export const baselines: readonly Experiment[] = [
  {
    id: 'heads',
    title: 'Heads on snippet features, as in their papers',
    paper: 'the papers',
    figures,
    rows,
    note: 'Each paper has features of its own; the figures are those of whole methods, features included.',
  },
  {
    id: 'baselines',
    title: 'Baselines: Sultani et al., RTFM, GCN',
    paper: 'Lv et al. and Watanabe et al.',
    figures,
    rows: rows.filter(({ id }) => ['sultani', 'rtfm', 'gcn'].includes(id)),
    note: 'Sultani on C3D, GCN on TSN and RTFM on I3D features, as the tables that compare them have it.',
  },
];
