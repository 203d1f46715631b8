import { describe, expect, test } from 'vitest';
import { headCards } from '../../../src/engine/heads/catalogue.fields.ts';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { parseLink, printLink, SAID, sumOfBags, type View } from '../../../src/ui/state/link.ts';

const [first, second] = headCards;

describe('a link says what is looked at', () => {
  test('everything comes back as it was said', () => {
    const view: View = {
      data: 'street-small',
      bags: '0badcafe',
      head: second.id,
      config: resolveConfig(second, Object.keys(second.presets)[0]),
      seed: -3,
      steps: 20,
      select: 'val',
      validate: 0.25,
      threshold: 0.1 + 0.2, // to the last digit: alarms are scores at or above it
      tab: 'Runs',
      video: 'gate & door, 100 % “night”.mp4',
      frame: 65,
      zoom: [1.25, 7.5],
      lang: 'de',
      hide: ['truth', 'train-step'],
    };
    expect(parseLink(`#${printLink(view)}`)).toEqual({ view, refused: [] });
  });

  test.each(headCards.map((card) => [card.id, card] as const))('every field of %s', (_id, card) => {
    for (const name of Object.keys(card.presets)) {
      const view = { head: card.id, seed: 1, config: resolveConfig(card, name) };
      const read = parseLink(printLink(view));
      expect(read.refused).toEqual([]);
      expect(read.view).toMatchObject(view);
    }
  });

  test('defaults are left out, and come back; the seed is always said', () => {
    const view: View = {
      head: first.id,
      config: resolveConfig(first),
      seed: 0,
      steps: SAID.steps.default,
      select: 'last',
      validate: SAID.validate.default,
      threshold: SAID.threshold.default,
      tab: 'Figures',
      frame: 1,
      hide: [],
    };
    expect(printLink(view)).toBe('seed=0');
    const { hide: _, ...rest } = view;
    expect(parseLink('#seed=0').view).toEqual(rest);
  });

  test('what is not said stays as it is, where no run is said', () => {
    expect(parseLink('#hide=truth').view).toEqual({ hide: ['truth'] });
    expect(parseLink('').view).toEqual({});
  });
});

test('what makes no sense is named and left out', () => {
  const { view, refused } = parseLink(
    `#seed=1.5&steps=0&head=nobody&select=best&tab=Nowhere&zoom=9~2&frame=x&threshold=&colour=red&data=../x&hide=<b>&set.nothing=1`,
  );
  expect(refused).toHaveLength(12);
  expect(refused).toContain('the seed cannot be “1.5”');
  expect(refused).toContain('“colour” is not known here');
  expect(refused.at(-1)).toContain('There is no field "nothing"');
  expect(view).toEqual({ head: first.id, config: resolveConfig(first) });
});

test('the sum over what is trained on follows features and labels, not their order', () => {
  const bags = [
    { featureKey: 'a', label: 'normal' },
    { featureKey: 'b', label: 'anomalous' },
  ];
  const sum = sumOfBags(bags);
  expect(sum).toMatch(/^[0-9a-f]{8}$/);
  expect(sumOfBags([...bags].reverse())).toBe(sum);
  expect(sumOfBags([bags[0], { featureKey: 'b', label: 'normal' }])).not.toBe(sum);
  expect(sumOfBags([])).toBeUndefined();
});
