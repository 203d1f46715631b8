/** Experiments as data: every row can be set up, plans are stable, shards are parts, and the papers say what we say. */
import { describe, expect, it } from 'vitest';
import { experimentById, experiments } from '../../../src/engine/experiments/catalogue.ts';
import {
  DEFAULT_PROTOCOL,
  parseShard,
  plan,
  shardOf,
  type Experiment,
} from '../../../src/engine/experiments/experiment.ts';
import { shownReported, type FigureId } from '../../../src/engine/experiments/figures.ts';
import { headCards } from '../../../src/engine/heads/catalogue.fields.ts';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { readShared, sharedIsHere } from '../../shared.ts';

it('has every table and figure that is asked for, once', () => {
  const ids = experiments.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(
    expect.arrayContaining([
      ...['baselines', 'gig-table-1', 'gig-table-2', 'wsal-table-4', 'wsal-table-5', 'wsal-table-6'],
      ...['wsal-noise', 'mgfn-table-3', 'mgfn-table-4', 'salient-table-1', 'salient-table-2'],
      ...['salient-table-6', 'salient-figure-3', 'salient-figure-4', 'salient-figure-5', 'salient-figure-6'],
      ...['mgpr-table-1', 'mgpr-table-2', 'mgpr-table-3', 'mgpr-table-4'],
    ]),
  );
  expect(() => experimentById('mgfn-table4')).toThrow(/mgfn-table-4/);
});

describe.each(experiments.map((experiment) => [experiment.id, experiment] as const))(
  '%s',
  (_, experiment) => {
    it('has rows that can be set up, each another one', () => {
      const configs = experiment.rows.map(({ head, preset, config }) => {
        const card = headCards.find(({ id }) => id === head)!;
        expect(card.input).toBe(experiment.input);
        return JSON.stringify([head, resolveConfig(card, preset, config)]);
      });
      expect(new Set(configs).size).toBe(configs.length);
      expect(new Set(experiment.rows.map(({ id }) => id)).size).toBe(experiment.rows.length);
    });

    it('is planned as runs whose names are fit for files', () => {
      const runs = plan(experiment, [0, 1], DEFAULT_PROTOCOL, ['C3D-PCA', 'ours']);
      const times = (experiment.untrained ? 1 : 2) * (experiment.bySource ? 2 : 1);
      expect(runs).toHaveLength(times * experiment.rows.length);
      expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
      for (const { id } of runs) expect(id).toMatch(/^[a-z0-9.-]+\.seed-\d+$/);
    });
  },
);

it('plans the same runs under the same names, whatever else is planned with them', () => {
  const table = experimentById('mgfn-table-4');
  const protocol = { ...DEFAULT_PROTOCOL, stepsOf: { mgfn: 30 }, config: { normalise: 'standard' } };
  const one = plan(table, [1], protocol);
  const three = plan(table, [0, 1, 2], protocol);
  expect(three.filter(({ seed }) => seed === 1)).toEqual(one);
  expect(one[3]).toEqual({
    id: 'mgfn-table-4.fam-mc.seed-1',
    experiment: 'mgfn-table-4',
    row: 'fam-mc',
    source: null,
    head: 'mgfn',
    preset: 'table4-fam-mc',
    config: { normalise: 'standard' },
    seed: 1,
    steps: 30,
  });
});

it.each([1, 2, 3, 5, 20])('is dealt out to %i shards, each run to one of them', (of) => {
  const runs = plan(experimentById('wsal-table-4'), [0, 1], DEFAULT_PROTOCOL);
  const parts = Array.from({ length: of }, (_, i) => shardOf(runs, { part: i + 1, of }));
  expect(
    parts
      .flat()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(runs.map(({ id }) => id).sort());
  const sizes = parts.map(({ length }) => length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});

it('reads shards, and refuses what is none', () => {
  expect(parseShard('2/3')).toEqual({ part: 2, of: 3 });
  for (const text of ['0/3', '4/3', '1', '1/0', 'a/b', '1/2/3', ''])
    expect(() => parseShard(text)).toThrow(/i\/n/);
});

/** The paper in which an experiment's figures are printed. */
const PAPERS: Readonly<Record<string, readonly string[]>> = {
  gig: ['gig'],
  wsal: ['wsal'],
  mgfn: ['mgfn'],
  salient: ['salient-attention'],
  mgpr: ['wsstad'],
  heads: ['wsal', 'salient-attention', 'mgfn'],
  baselines: ['wsal', 'salient-attention'],
};

describe('the papers print what we say they print', () => {
  const figuresOf = ({ rows, others = [] }: Experiment): string[] =>
    [...rows, ...others].flatMap(({ reported = {} }) =>
      Object.values(reported).flatMap((figures) =>
        Object.entries(figures).map(([figure, value]) => shownReported(figure as FigureId, value)),
      ),
    );

  it.skipIf(!sharedIsHere).each(experiments.map((experiment) => [experiment.id, experiment] as const))(
    '%s',
    async (id, experiment) => {
      const texts = PAPERS[id.split('-')[0]].map(async (name) =>
        new TextDecoder().decode((await readShared(`papers/${name}.txt`))!),
      );
      const printed = (await Promise.all(texts)).join('\n').match(/\d[\d,]*(\.\d+)?/g)!;
      const numbers = new Set(printed.flatMap((own) => [own, Number(own).toFixed(2)]));
      expect(figuresOf(experiment).filter((figure) => !numbers.has(figure))).toEqual([]);
    },
  );
});
