import { strFromU8, unzipSync } from 'fflate';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'svelte/compiler';
import { afterEach, describe, expect, test } from 'vitest';
import { PRESETS, SWITCHES } from '../../../src/engine/evaluation/switches.ts';
import { experiments } from '../../../src/engine/experiments/catalogue.ts';
import { FIGURES } from '../../../src/engine/experiments/figures.ts';
import { headCards } from '../../../src/engine/heads/catalogue.fields.ts';
import { Random } from '../../../src/engine/random.ts';
import { eventsOf } from '../../../src/engine/scenes/events/catalogue.ts';
import { makeWorld, WORLD_IDS } from '../../../src/engine/scenes/worlds/catalogue.ts';
import { actions } from '../../../src/ui/actions.ts';
import { LOOKS } from '../../../src/ui/chart/points.ts';
import { axisTick, fixed, score, short, signed, whole } from '../../../src/ui/format.ts';
import { hideable } from '../../../src/ui/hideable.ts';
import { EVIDENCE } from '../../../src/ui/state/evidence.ts';
import { exports } from '../../../src/ui/state/exporting.ts';
import { HINTS } from '../../../src/ui/state/hints.ts';
import { WORTH } from '../../../src/ui/state/ledger.ts';
import { SAID } from '../../../src/ui/state/link.ts';
import { METRICS } from '../../../src/ui/state/switchboard.svelte.ts';
import { de, PARTS } from '../../../src/ui/text/de.ts';
import { language, languageFor, t } from '../../../src/ui/text/text.svelte.ts';

const root = resolve(import.meta.dirname, '../../../src/ui');

interface Node {
  type: string;
  [part: string]: unknown;
}

/** What a call of `t` can be asked for; null for what is known only when it runs. */
function textsOf(argument: Node): (string | null)[] {
  if (argument.type === 'Literal' && typeof argument.value === 'string') return [argument.value];
  if (argument.type === 'ConditionalExpression')
    return [argument.consequent, argument.alternate].flatMap((branch) => textsOf(branch as Node));
  return [argument.type === 'MemberExpression' || argument.type === 'Identifier' ? null : argument.type];
}

function callsIn(source: string): (string | null)[] {
  const found: (string | null)[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== 'object' || value === null) return;
    const { type, callee, arguments: given } = value as Node;
    if (type === 'CallExpression' && (callee as Node).name === 't')
      found.push(...textsOf((given as Node[])[0]));
    Object.values(value).forEach(walk);
  };
  walk(parse(source, { modern: true }));
  return found;
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.(ts|svelte)$/.test(path) && !/\.d\.ts$|^text\//.test(path),
);
const inPlace = new Map(
  files.map((path) => {
    const source = readFileSync(join(root, path), 'utf8');
    return [path, callsIn(path.endsWith('.ts') ? `<script lang="ts">\n${source}\n</script>` : source)];
  }),
);

/** Texts that stand in tables, and are translated where they are drawn. */
const inTables = [
  ...actions.flatMap(({ label, help }) => [label, help]),
  ...['Videos', 'Stage', 'Guess', 'Training'],
  ...HINTS.map(({ text }) => text),
  ...Object.entries(EVIDENCE).flat(),
  ...exports.flatMap(({ group, label, help }) => [group, label, help]),
  ...hideable(headCards[0]).flatMap(({ group, controls }) => [
    group,
    ...controls.filter(({ name }) => !name.startsWith('set.')).map(({ label }) => label),
  ]),
  ...Object.values(SAID).map(({ what }) => what),
  ...headCards.flatMap(({ presets }) => Object.values(presets).map(({ label }) => label)),
  ...['exhibit', 'street-small'].map(aboutOf),
  ...Object.values(LOOKS).map(({ text }) => text),
  ...[...Object.values(FIGURES), ...Object.values(METRICS), ...Object.values(WORTH)].flatMap(
    ({ title, help }) => [title, help],
  ),
  ...experiments.flatMap(({ title, note }) => [title, ...(note ? [note] : [])]),
  ...PRESETS.flatMap(({ title, help }) => [title, help]),
  ...SWITCHES.flatMap(({ title, help, detail, options }) => [
    ...[title, help, ...(detail ? [detail.title, detail.help] : [])],
    ...options.flatMap((option) => [option.title, option.by]),
  ]),
  ...WORLD_IDS.flatMap((id) => [makeWorld(id, new Random(0)).title, ...eventsOf(id).map(({ does }) => does)]),
  // Scores that make a score, columns and cells of the runs, stages of extraction, what a layout counts.
  ...['semantic', 'dynamic', 'consensus'],
  ...['Head', 'Steps', 'Counts', 'Bags', 'Threshold', 'Backbone', 'Device', 'last', 'val', 'test'],
  ...['Decode', 'Pixels', 'Backbone', 'videos', 'points'],
];

/** What a project that is shipped says of itself. */
function aboutOf(project: string): string {
  const file = readFileSync(join(root, `../../public/exhibit/${project}.weaklens`));
  const parts = unzipSync(file, { filter: ({ name }) => name === 'project.json' });
  return (JSON.parse(strFromU8(parts['project.json'])) as { about: string }).about;
}

const english = new Set([...[...inPlace.values()].flat(), ...inTables].filter((text) => text !== null));
const names = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe('the German table', () => {
  test('says everything that is drawn through it', () => {
    expect(english.size).toBeGreaterThan(400); // or the sources are no longer read as they should be
    expect([...english].filter((text) => !Object.hasOwn(de, text))).toEqual([]);
  });

  test('holds nothing that is not drawn any more', () => {
    expect(Object.keys(de).filter((text) => !english.has(text))).toEqual([]);
  });

  test('puts the same values into its sentences', () => {
    expect(
      Object.entries(de).filter(([text, german]) => names(text).join() !== names(german).join()),
    ).toEqual([]);
  });

  test('is German', () => {
    const same = Object.keys(de).filter((text) => de[text] === text);
    expect(same.length / Object.keys(de).length).toBeLessThan(0.06);
    // A word may be the same in both languages, and a list of numbers; a sentence is not.
    expect(same.filter((text) => text.split(' ').length > 2 && !text.includes('{n}'))).toEqual([]);
  });

  test('says each sentence in one place, and ends it as the English does', () => {
    expect(PARTS.flatMap((part) => Object.keys(part)).length).toBe(Object.keys(de).length);
    const end = (text: string) => /[.…:;?]?$/.exec(text)![0];
    expect(Object.entries(de).filter(([text, german]) => end(text) !== end(german))).toEqual([]);
  });
});

describe('a text', () => {
  afterEach(() => {
    language.code = 'en';
    language.table = {};
  });

  const speakGerman = () => {
    language.code = 'de';
    language.table = de;
  };

  test('is the English one until another language is spoken', () => {
    expect(t('Extract features of {n}', { n: 4 })).toBe('Extract features of 4');
    speakGerman();
    expect(t('Extract features of {n}', { n: 4 })).toBe('Merkmale von 4 extrahieren');
  });

  test('is English where the table lacks it, and takes values as they are', () => {
    speakGerman();
    expect(t('constructor')).toBe('constructor');
    expect(t('{a} beside {b}', { a: '{b}', b: 1 })).toBe('{b} beside 1');
  });

  test('has senses that are told apart, and not shown', () => {
    expect(t('Share~part')).toBe('Share');
    speakGerman();
    expect([t('Share'), t('Share~part')]).toEqual(['Teilen', 'Anteil']);
  });

  test('has its figures written as the language does', () => {
    const figures = () => [
      ...[fixed(0.5, 3), whole(12345), short(0.0123), score(null), axisTick(0.5)],
      signed('1,234.5 ± 0.2'),
    ];
    expect(figures()).toEqual(['0.500', '12,345', '0.0123', 'undefined', '0.5', '1,234.5 ± 0.2']);
    speakGerman();
    expect(figures()).toEqual(['0,500', '12.345', '0,0123', 'nicht bestimmt', '0,5', '1.234,5 ± 0,2']);
  });
});

test('the language is that of the address, else the one chosen, else one of the browser’s, else English', () => {
  const nowhere = { search: '', hash: '' };
  expect(languageFor({ search: '?lang=de', hash: '#lang=en' }, 'en', ['en'])).toBe('de');
  expect(languageFor({ search: '', hash: '#seed=0&lang=de' }, 'en', ['en'])).toBe('de');
  expect(languageFor({ search: '?lang=xx', hash: '' }, 'de', ['en'])).toBe('de');
  expect(languageFor(nowhere, 'en', ['de-AT'])).toBe('en');
  expect(languageFor(nowhere, null, ['fr', 'de-AT', 'en'])).toBe('de');
  expect(languageFor(nowhere, null, ['en-US', 'de'])).toBe('en');
  expect(languageFor(nowhere, 'toString', ['fr'])).toBe('en');
});
