/**
 * A protocol: everything between a video's scores and a figure that papers decide differently, as data. The same scores
 * under another protocol are another figure, so every figure says which one it was made under.
 */
import { Failure } from '../failure.ts';
import type { ExpansionRule } from './expand.ts';
import type { VideoScoreRule } from './ranking.ts';
import { PRESETS, SWITCHES, type SwitchKey } from './switches.ts';
import type { FrameCount, TruthRule } from './truth.ts';

/**
 * micro  all frames of all videos together
 * macro  a figure per video, and their mean; videos whose frames are all of one kind have none and are left out
 * pairs  a figure per anomalous video with one normal video, the i-th with the i-th, and their mean
 */
export type Average = 'micro' | 'macro' | 'pairs';

/** What the frames of which videos are counted. The video AUC is always over all. */
export type Subset = 'all' | 'anomalous';

/**
 * none       scores as the head gives them
 * video      every video's frame scores stretched to 0..1; a video of one score everywhere is 0
 * anomalous  only those of anomalous videos, which takes knowing which they are
 */
export type Stretch = 'none' | 'video' | 'anomalous';

/** Over which curve a Gaussian goes: none, that of frames, or the scores before they become frames. */
export type Smoothing = 'none' | 'frames' | 'scores';

/** The step whose scores are judged: what the run was set up to count, or another that it has kept. */
export type SelectionRule = 'run' | 'last' | 'val' | 'test';

export interface Protocol {
  average: Average;
  subset: Subset;
  normalise: Stretch;
  expansion: ExpansionRule;
  /** Snippets per bag, for `watanabe_bags`. */
  bag: number;
  smoothing: Smoothing;
  /** Standard deviation of the Gaussian, in frames or scores. */
  sigma: number;
  truth: TruthRule;
  length: FrameCount;
  videoScore: VideoScoreRule;
  /** Who asks for figures brings the scores of that step: nothing here can make them. */
  selection: SelectionRule;
}

export const DEFAULT_PROTOCOL: Readonly<Protocol> = {
  average: 'micro',
  subset: 'all',
  normalise: 'none',
  expansion: 'repeat16',
  bag: 28,
  smoothing: 'none',
  sigma: 2,
  truth: 'inclusive1',
  length: 'frames',
  videoScore: 'max',
  selection: 'run',
};

/** What is not said is the default; GIG's windows come with its Gaussian unless smoothing is said. */
export function resolveProtocol(told: Partial<Protocol> = {}): Protocol {
  const own = told.expansion === 'gig' ? { smoothing: 'frames' as const } : {};
  const said = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_PROTOCOL, ...own, ...said };
}

/** What of a protocol is not the default, as {@link parseProtocol} reads it. */
export function writeProtocol(told: Partial<Protocol>): string {
  const own = Object.entries(told).filter(([, value]) => value !== undefined);
  return own.map(([key, value]) => `${key}=${value}`).join(',');
}

/**
 * Reads `k=v,...`; the name of a preset stands for what it sets, and what comes later wins: `rtfm,subset=anomalous`.
 * @throws Failure `config-invalid` naming the part that is no switch, option or preset, and those that are
 */
export function parseProtocol(text: string): Partial<Protocol> {
  const told: Record<string, unknown> = {};
  for (const part of text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)) {
    const [key, value] = part.split('=').map((word) => word.trim());
    if (value === undefined) {
      const preset = PRESETS.find(({ id }) => id === key);
      if (!preset)
        refuse(part, `There is no protocol of that name: ${PRESETS.map(({ id }) => id).join(', ')}.`);
      Object.assign(told, preset!.protocol);
    } else told[key] = checkedOption(key, value);
  }
  return told;
}

/**
 * One choice, checked.
 * @throws Failure `config-invalid`
 */
export function checkedOption(key: string, value: unknown): string | number {
  for (const { key: own, options, detail } of SWITCHES) {
    if (key === own) {
      if (!options.some((option) => option.value === value))
        refuse(`${key}=${value}`, `It is one of ${options.map((option) => option.value).join(', ')}.`);
      return value as string;
    }
    if (key !== detail?.key) continue;
    const number = Number(value);
    if (!(number >= detail.min && number <= detail.max) || (detail.isWhole && !Number.isInteger(number)))
      refuse(
        `${key}=${value}`,
        `It is a ${detail.isWhole ? 'whole ' : ''}number from ${detail.min} to ${detail.max}.`,
      );
    return number;
  }
  const keys: string[] = SWITCHES.flatMap(({ key, detail }) => (detail ? [key, detail.key] : [key]));
  return refuse(key, `There is no such switch: ${keys.join(', ')}.`);
}

function refuse(subject: string, what: string): never {
  throw new Failure({ code: 'config-invalid', subject: `protocol ${subject}`, what });
}

/** The preset that a protocol is, if any. */
export function presetOf(told: Partial<Protocol>): string | null {
  const own = JSON.stringify(resolveProtocol(told));
  return PRESETS.find(({ protocol }) => JSON.stringify(resolveProtocol(protocol)) === own)?.id ?? null;
}

/**
 * The shortest that {@link parseProtocol} reads as the same protocol: the name of a preset, or the switches that are not
 * the default; nothing for the default itself.
 */
export function shortProtocol(told: Partial<Protocol>): string {
  const preset = presetOf(told);
  if (preset) return preset === 'default' ? '' : preset;
  const own = resolveProtocol(told);
  const expansion = own.expansion === DEFAULT_PROTOCOL.expansion ? {} : { expansion: own.expansion };
  const base = resolveProtocol(expansion); // GIG's windows bring their Gaussian
  const differing = Object.entries(own).filter(([key, value]) => value !== base[key as keyof Protocol]);
  return writeProtocol({ ...expansion, ...Object.fromEntries(differing) });
}

/** A protocol in which one switch, with what belongs to it, is as in another one and all else is the default. */
export function alone(key: SwitchKey, told: Partial<Protocol>): Partial<Protocol> {
  const { detail } = SWITCHES.find((own) => own.key === key)!;
  return { [key]: told[key], ...(detail && { [detail.key]: told[detail.key] }) };
}
