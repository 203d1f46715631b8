/** Protocols in words: as a link, a command line and the form say them, by the names of switches, options and presets. */
import { Failure } from '../failure.ts';
import { DEFAULT_PROTOCOL, resolveProtocol, type Protocol } from './protocol.ts';
import { PRESETS, SWITCHES, type SwitchKey } from './switches.ts';

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
