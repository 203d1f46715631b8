import { describe, expect, test } from 'vitest';
import { headCards } from '../../../src/engine/heads/catalogue.fields.ts';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { checkedValue, fieldsOf, resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { isBuffer } from '../../../src/engine/heads/head.ts';
import { Random } from '../../../src/engine/random.ts';

describe.each(headCards.map((card) => [card.id, card] as const))('%s', (id, card) => {
  test('is a head', () => {
    expect(headById(id).card.id).toBe(id);
    expect(card.summary).toMatch(/\.$/);
  });

  test.each(fieldsOf(card))('%s explains itself and has a sound default', (key, field) => {
    expect(field.label.length).toBeGreaterThan(1);
    expect(field.help).toMatch(/^[A-Za-z].{15,}\.$/);
    expect(checkedValue(card, key, field.default)).toBe(field.default);
  });

  test.each(Object.keys(card.presets))('preset %s is sound', (name) => {
    const config = resolveConfig(card, name);
    for (const [key, value] of Object.entries(config)) expect(checkedValue(card, key, value)).toBe(value);
  });

  test('refuses what its fields do not allow, by name', () => {
    expect(() => resolveConfig(card, 'nonsense')).toThrow(/no preset "nonsense".*paper/);
    expect(() => resolveConfig(card, undefined, { colour: 1 })).toThrow(/no field "colour"/);
    expect(() => resolveConfig(card, undefined, { batchNormal: 999 })).toThrow(
      /"batchNormal" must be a whole number from 1 to 256/,
    );
    expect(() => resolveConfig(card, undefined, { segments: 1.5 })).toThrow(/whole number/);
    expect(() => resolveConfig(card, undefined, { normalise: 'x' })).toThrow(/must be one of none/);
    expect(resolveConfig(card, undefined, { learningRate: '0.5' }).learningRate).toBe(0.5);
  });
});

/** Of CitySCENE; only GIG tells classes. */
const CLASSES = 12;

test.each([
  ['salient', 'paper', 2048, 328_004],
  ['salient', 'paper-large', 2048, 721_992],
  ['sultani', 'code', 4096, 2_114_113],
  ['rtfm', 'code', 2048, 24_718_849],
  ['mgfn', 'paper', 2048, 649_409],
  ['mgfn', 'code', 2048, 28_652_773],
  ['gig', 'paper', 2048, 53_274],
  ['mgpr', 'paper', 4096, 104_891_522],
  ['wsal', 'paper', 1024, 672_641],
  ['wsal', 'code', 1024, 1_984_001],
])(
  '%s %s at D=%i has the published number of parameters',
  { timeout: 60_000 },
  (id, preset, features, count) => {
    const head = headById(id);
    const parameters = head.init(
      resolveConfig(head.card, preset),
      { features, classes: CLASSES },
      new Random(0),
    );
    const trained = [...parameters].filter(([name]) => !isBuffer(name));
    expect(trained.reduce((sum, [, { values }]) => sum + values.length, 0)).toBe(count);
  },
);
