import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { headCards } from '../../../src/engine/heads/catalogue.fields.ts';
import { resolveConfig, type Config } from '../../../src/engine/heads/config.fields.ts';
import { isHead, recogniseHead, refuseUnlike } from '../../../src/engine/heads/recognise.ts';
import { Random } from '../../../src/engine/random.ts';
import { readShared, readSharedJson, sharedIsHere } from '../../shared.ts';

beforeAll(() => tf.setBackend('cpu'));

const FEATURES = 64;
const weightsOf = (head: string, config: Config) =>
  headById(head).init(config, { features: FEATURES, classes: head === 'gig' ? 3 : undefined }, new Random(1));

/** Settings that give another network than the defaults, small ones. */
const SIZES: Record<string, Record<string, unknown>> = {
  sultani: { hidden1: 12, hidden2: 5 },
  rtfm: { reduction: 8, hidden1: 9, hidden2: 4 },
  gcn: { hidden1: 11, hidden2: 7, graph: 3, classifier: 6 },
  wsal: { hidden1: 10, hidden2: 8, context: 6, window: 1 },
  mgfn: { stage1: 8, stage2: 16, stage3: 24, depth1: 2, depth2: 1, depth3: 1, headSize: 8 },
  salient: { attentionUnits: 12, attentionRows: 5, hidden: 7, lstmUnits: 4, lstmLayers: 3 },
  gig: {},
  mgpr: { hidden1: 9, hidden2: 4 },
};

describe('weights without a word about them find their head', () => {
  const variants = headCards.flatMap((card) =>
    Object.keys(card.presets).map((preset) => [card.id, preset] as const),
  );
  test.each(variants)('%s, %s', (id, preset) => {
    const { card } = headById(id);
    const wanted = resolveConfig(card, undefined, { ...card.presets[preset].values, ...SIZES[id] });
    const weights = weightsOf(id, wanted);
    expect(() => refuseUnlike({ head: id, config: wanted, features: FEATURES }, weights, 'x')).not.toThrow();
    if (id === 'salient' && !wanted.attend && !wanted.recurrent) return;
    const shuffled = new Map([...weights].reverse().map(([name, array]) => [`module.${name}`, array]));
    const { head, config, dims, parameters } = recogniseHead(shuffled, 'x.pth');
    expect(head).toBe(id);
    expect(dims.features).toBe(FEATURES);
    expect([...parameters.keys()].sort()).toEqual([...weights.keys()].sort());
    expect(weightsOf(id, config).size).toBe(weights.size);
  });
});

test('every tensor that differs is named', () => {
  const config = resolveConfig(headById('salient').card);
  const weights = weightsOf('salient', config);
  weights.delete('fc2.bias');
  weights.set('fc9.weight', { shape: [1], values: new Float32Array(1) });
  weights.set('fc1.weight', { shape: [32, 7], values: new Float32Array(32 * 7) });
  expect(() => recogniseHead(weights, 'mine.pt')).toThrow(
    /mine\.pt: .*Salient.*missing: fc2\.bias; unexpected: fc9\.weight; of another shape: "fc1\.weight" is \[32,7\] and should be \[32,192\]/,
  );
});

test('what is said of classes must be what the weights have', () => {
  const told = { head: 'gig', config: resolveConfig(headById('gig').card) };
  const weights = weightsOf('gig', told.config);
  const refusing = (classes: string[]) => () => refuseUnlike({ ...told, classes }, weights, 'x');
  expect(refusing(['a', 'b', 'c'])).not.toThrow();
  expect(refusing(['a', 'b'])).toThrow(/names 2 classes, and its weights tell 3 apart/);
});

test('weights of something else are of no head', () => {
  const names = ['Conv3d_1a_7x7.conv3d.weight', 'stem.weight', 'blocks.0.0.expand.weight'];
  expect(isHead(names)).toBe(false);
  const tensors = new Map(names.map((name) => [name, { shape: [1], values: new Float32Array(1) }]));
  expect(() => recogniseHead(tensors, 'net.pt')).toThrow(/net\.pt: .*no head that is known here/);
});

describe.skipIf(!sharedIsHere)('the released heads', () => {
  test.each(['watanabe_da64_r3', 'watanabe_da128_r7'])('%s scores as its authors say', async (name) => {
    const bytes = (await readShared(`heads/${name}.safetensors`))!;
    const told = (await readSharedJson<{
      config: { da: number; r: number; hidden: number; feature_dim: number; recommended_split: number };
    }>(`heads/${name}.json`))!.config;
    const { head, config, dims, parameters } = recogniseHead(readSafetensors(bytes, name).tensors, name);
    expect(head).toBe('salient');
    expect(dims.features).toBe(told.feature_dim);
    expect(config).toMatchObject({
      attentionUnits: told.da,
      attentionRows: told.r,
      hidden: told.hidden,
      split: told.recommended_split,
      normalise: 'none',
    });
    const { results } = (await readSharedJson<{ results: Record<string, { score: number }> }>(
      'golden/heads_watanabe_io.json',
    ))!;
    const input = readSafetensors((await readShared('golden/heads_watanabe_io.safetensors'))!).tensors.get(
      'input.x',
    )!;
    const tensors = Object.fromEntries(
      [...parameters].map(([key, { values, shape }]) => [key, tf.tensor(values, [...shape])]),
    );
    for (const length of [5, 28]) {
      const snippets = tf.tensor3d(input.values.slice(0, length * 2048), [1, length, 2048]);
      const { scores } = await headById(head).score(tensors, snippets, config);
      for (const score of scores)
        expect(Math.abs(score - results[`${name}.T${length}`].score)).toBeLessThan(2e-5);
    }
  });
});
