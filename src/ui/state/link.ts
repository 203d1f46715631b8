/**
 * A view of the page as the part of an address behind `#`, which browsers send to no server: one typed table of what a
 * link can say. What is at its default is left out; the seed never is.
 */
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import { checkedValue, fieldsOf, resolveConfig, type Config } from '../../engine/heads/config.fields.ts';
import type { Failure } from '../../engine/failure.ts';
import type { Selection } from '../../workers/client.ts';
import { LANGUAGES, t, type LanguageCode } from '../text/text.svelte.ts';
import { EVIDENCE } from './evidence.ts';
import { DEFAULT_THRESHOLD } from './threshold.svelte.ts';
import { DEFAULT_STEPS } from './transport.svelte.ts';
import { HELD_OUT } from './training.svelte.ts';

/** One thing that a link can say. */
interface Said<T> {
  /** What it is, in a message; in English, translated there. */
  what: string;
  /** Left out of links; undefined for what is always in where it is known. */
  default?: T;
  /** undefined for what makes no sense. */
  parse(text: string): T | undefined;
  print(value: T): string;
}

const text = (what: string, pattern = /^.{1,300}$/su): Said<string> => ({
  what,
  parse: (value) => (pattern.test(value) ? value : undefined),
  print: (value) => value,
});

const oneOf = <T extends string>(what: string, values: readonly T[], initial?: T): Said<T> => ({
  what,
  default: initial,
  parse: (value) => values.find((known) => known === value),
  print: (value) => value,
});

const number = (
  what: string,
  { min, max, whole = false, initial }: { min: number; max: number; whole?: boolean; initial?: number },
): Said<number> => ({
  what,
  default: initial,
  parse(value) {
    const parsed = value.trim() === '' ? NaN : Number(value);
    return parsed >= min && parsed <= max && (!whole || Number.isInteger(parsed)) ? parsed : undefined;
  },
  print: String,
});

const SELECTIONS: readonly Selection[] = ['last', 'val', 'test'];
const MOST_FRAMES = 2 ** 31;

/** Everything but the fields of the head, which come from its own table as `set.NAME`. */
export const SAID = {
  /** `exhibit` or `street-small`, which come with the page, or how the id of a project of someone's own begins. */
  data: text('the data', /^[\w-]{1,40}$/),
  /** What is trained on: a sum over features and labels, which tells whether they are the same elsewhere. */
  bags: text('the training videos', /^[0-9a-f]{8}$/),
  head: oneOf(
    'the head',
    headCards.map(({ id }) => id),
    headCards[0].id,
  ),
  seed: number('the seed', { min: -(2 ** 53) + 1, max: 2 ** 53 - 1, whole: true }),
  steps: number('the steps', { min: 1, max: 1e7, whole: true, initial: DEFAULT_STEPS }),
  select: oneOf('the step that counts', SELECTIONS, 'last'),
  validate: number('the share that is held out', { min: 0.01, max: 0.9, initial: HELD_OUT }),
  threshold: number('the threshold', { min: -1e9, max: 1e9, initial: DEFAULT_THRESHOLD }),
  /**
   * How scores are judged in the tab for it: a preset, or the switches that are not the default. Only its letters are
   * checked here; `linked-protocol.ts` knows the switches.
   */
  protocol: { ...text('the protocol', /^[\w=.,+-]{1,300}$/), default: '' },
  tab: oneOf('the tab', Object.keys(EVIDENCE), 'Figures'),
  /** By name; no link holds a video. */
  video: text('the video'),
  frame: number('the frame', { min: 1, max: MOST_FRAMES, whole: true, initial: 1 }),
  /** Seconds that the timeline shows. */
  zoom: {
    what: 'the zoom',
    parse(value): readonly [number, number] | undefined {
      const [from, to] = value.split('~').map(Number);
      return value.includes('~') && from >= 0 && to > from && to < 1e7 ? [from, to] : undefined;
    },
    print: ([from, to]) => `${from.toFixed(3)}~${to.toFixed(3)}`,
  } satisfies Said<readonly [number, number]> as Said<readonly [number, number]>,
  /** Only where it is not English: whoever opens a link without it reads the page in a language of their own. */
  lang: oneOf('the language', Object.keys(LANGUAGES) as LanguageCode[]),
  /** Controls that are not there. */
  hide: {
    what: 'what is hidden',
    parse: (value): readonly string[] | undefined =>
      /^[\w.,-]{1,4000}$/.test(value) ? value.split(',').filter(Boolean) : undefined,
    print: (names) => names.join(','),
  } satisfies Said<readonly string[]> as Said<readonly string[]>,
};

type Table = typeof SAID;
type Value<K extends keyof Table> = Table[K] extends Said<infer T> ? T : never;

/** What a link says; `config` holds every field of the head. */
export type View = { [K in keyof Table]?: Value<K> } & { config?: Config };

/** What was read, and what made no sense. */
export interface ReadLink {
  view: View;
  /** One phrase each. */
  refused: string[];
}

const FIELD = 'set.';

const DEFAULTS: View = Object.fromEntries(
  Object.entries(SAID).flatMap(([name, said]) => ('default' in said ? [[name, said.default]] : [])),
);

/** The part behind `#`, without it. */
export function printLink(view: View): string {
  const parts = new URLSearchParams();
  for (const [name, said] of Object.entries(SAID) as [keyof Table, Said<unknown>][]) {
    const value = view[name];
    if (value === undefined || value === said.default || isNone(value)) continue;
    parts.set(name, said.print(value));
  }
  const card = headCards.find(({ id }) => id === (view.head ?? SAID.head.default));
  for (const [key, field] of card && view.config ? fieldsOf(card) : [])
    if (view.config![key] !== field.default) parts.set(FIELD + key, String(view.config![key]));
  // Signs that an address may hold as they are, for the sake of whoever reads it.
  return parts.toString().replaceAll('%2C', ',').replaceAll('%7E', '~').replaceAll('%3D', '=');
}

const isNone = (value: unknown) => Array.isArray(value) && value.length === 0;

/**
 * What makes no sense is left out and named. A link that says the seed says all of how a run is set up, by leaving out
 * what is at its default.
 */
export function parseLink(hash: string): ReadLink {
  const view: View = {};
  const refused: string[] = [];
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const fields: [string, string][] = [];
  for (const [name, value] of parts) {
    if (name.startsWith(FIELD)) fields.push([name.slice(FIELD.length), value]);
    else if (!Object.hasOwn(SAID, name))
      refused.push(t('“{name}” is not known here', { name: shortened(name) }));
    else {
      const said: Said<unknown> = SAID[name as keyof Table];
      const parsed = said.parse(value);
      if (parsed === undefined) refused.push(refusal(said, value));
      else Object.assign(view, { [name]: parsed });
    }
  }
  const isWhole = view.seed !== undefined;
  if (!isWhole && view.head === undefined && fields.length === 0) return { view, refused };
  const card = headCards.find(({ id }) => id === (view.head ?? SAID.head.default))!;
  const config: Config = resolveConfig(card);
  for (const [key, value] of fields) {
    try {
      config[key] = checkedValue(card, key, value);
    } catch (error) {
      refused.push((error as Failure).what.replace(/[.;].*$/s, ''));
    }
  }
  return { view: { ...(isWhole && DEFAULTS), head: card.id, config, ...view }, refused };
}

/** A phrase about what cannot be said so. */
export const refusal = ({ what }: { what: string }, value: string) =>
  t('{what} cannot be “{value}”', { what: t(what), value: shortened(value) });

const shortened = (value: string) => (value.length > 40 ? `${value.slice(0, 39)}…` : value);

/** A sum over what is trained on, the same wherever the same features have the same labels and classes. FNV-1a, 32 bits. */
export function sumOfBags(
  bags: readonly { featureKey: string; label: string; classes?: readonly string[] }[],
): string | undefined {
  if (bags.length === 0) return undefined;
  const lines = bags
    .map(({ featureKey, label, classes = [] }) => [featureKey, label, ...classes].join(' '))
    .sort();
  let sum = 0x811c9dc5;
  for (const character of lines.join('\n')) sum = Math.imul(sum ^ character.codePointAt(0)!, 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, '0');
}
