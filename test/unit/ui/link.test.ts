import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveProtocol } from '../../../src/engine/evaluation/protocol.ts';
import { parseProtocol, shortProtocol } from '../../../src/engine/evaluation/protocol-words.ts';
import { PRESETS, SWITCHES } from '../../../src/engine/evaluation/switches.ts';
import { headCards } from '../../../src/engine/heads/catalogue.fields.ts';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { readLinkedProtocol } from '../../../src/ui/state/linked-protocol.ts';
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
      protocol: 'average=macro,subset=anomalous',
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
      protocol: '',
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

/** Any choice of any switches, with their numbers. */
const protocols = fc.record(
  Object.fromEntries(
    SWITCHES.flatMap(({ key, options, detail }) => [
      // Widths come with a file, which no link holds.
      [key, fc.constantFrom(...options.map(({ value }) => value).filter((value) => value !== 'widths'))],
      ...(detail
        ? [
            [
              detail.key,
              detail.isWhole
                ? fc.integer({ min: detail.min, max: detail.max })
                : fc.double({ min: detail.min, max: detail.max, noNaN: true }),
            ],
          ]
        : []),
    ]),
  ) as Record<string, fc.Arbitrary<string | number>>,
  { requiredKeys: [] },
);

describe('a link says how scores are judged', () => {
  test('whatever is chosen comes back, defaults left out', () => {
    fc.assert(
      fc.property(protocols, (told) => {
        const protocol = shortProtocol(told);
        const { view, refused } = parseLink(printLink({ seed: 0, protocol }));
        expect([view.protocol, refused]).toEqual([protocol, []]);
        expect(readLinkedProtocol(protocol)).toEqual({ protocol, refused: [] });
        expect(resolveProtocol(parseProtocol(protocol))).toEqual(resolveProtocol(told));
      }),
    );
  });

  test('a preset by its name, and the default not at all', () => {
    for (const { id, protocol } of PRESETS) {
      expect(shortProtocol(protocol)).toBe(id === 'default' ? '' : id);
      expect(readLinkedProtocol(id).protocol).toBe(id === 'default' ? '' : id);
    }
    expect(printLink({ seed: 1, protocol: shortProtocol({ average: 'micro', sigma: 2 }) })).toBe('seed=1');
    expect(printLink({ protocol: shortProtocol({ average: 'macro', bag: 9 }) })).toBe(
      'protocol=average=macro,bag=9',
    );
    expect(shortProtocol({ expansion: 'gig', smoothing: 'none' })).toBe('expansion=gig,smoothing=none');
  });

  test('switches that make no sense are named, the others hold', () => {
    expect(
      readLinkedProtocol('average=median,subset=anomalous,__proto__=1,bag=1e9,expansion=widths,nobody'),
    ).toEqual({
      protocol: 'subset=anomalous',
      refused: ['average=median', '__proto__=1', 'bag=1e9', 'expansion=widths', 'nobody'],
    });
    expect(parseLink('#protocol=<b>').refused).toEqual(['the protocol cannot be “<b>”']);
    expect(parseLink('#protocol=').refused).toEqual(['the protocol cannot be “”']);
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
  expect(sumOfBags([bags[0], { ...bags[1], classes: ['fight'] }])).not.toBe(sum);
  expect(sumOfBags([])).toBeUndefined();
});
