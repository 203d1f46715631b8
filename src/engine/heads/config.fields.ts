/**
 * Hyper-parameters as data. One table per head is the single source for the form on the page, the command line's
 * `--set`, the presets, the ablation switches and the test that nothing lacks an explanation.
 * Free of tfjs: the page imports these tables.
 */
import { Failure } from '../failure.ts';

interface FieldBase<T> {
  label: string;
  /** One sentence: what it does and what turning it changes. */
  help: string;
  default: T;
  /** Where the paper or its code states the value. */
  source?: string;
  /** True for a component that the papers switch off to see what it is worth. */
  ablation?: boolean;
  /** The settings under which it matters, by field and value; the form shows it only then. */
  when?: Readonly<Record<string, ConfigValue | readonly ConfigValue[]>>;
}

export interface NumberField extends FieldBase<number> {
  kind: 'number';
  min: number;
  max: number;
  whole?: boolean;
  unit?: string;
}

export interface ChoiceField<T extends string> extends FieldBase<T> {
  kind: 'choice';
  options: readonly { value: T; label: string }[];
}

export interface SwitchField extends FieldBase<boolean> {
  kind: 'switch';
}

export type Field = NumberField | ChoiceField<string> | SwitchField;

export type ConfigValue = number | string | boolean;
export type Config = Record<string, ConfigValue>;

/** The table of a configuration: a field for every key, of the key's type. */
export type Fields<C> = {
  [K in keyof C]: ConfigValue extends C[K]
    ? Field
    : C[K] extends number
      ? NumberField
      : C[K] extends boolean
        ? SwitchField
        : C[K] extends string
          ? ChoiceField<C[K]>
          : never;
};

/** What the page needs of a head without loading its mathematics. */
export interface HeadCard<C extends Config = Config> {
  id: string;
  title: string;
  /** One sentence for a newcomer. */
  summary: string;
  paper: { authors: string; title: string; venue?: string; year: number };
  /** What it is trained on, if not snippet features: feature maps `[h,w,D]`, or tubes. */
  input?: 'maps' | 'tubes';
  /** What a video scores when the best step is chosen, if not its highest score. */
  videoScore?: 'span';
  fields: Fields<C>;
  /** Named departures from the defaults: `paper`, `code` where released code differs, rows of ablation tables. */
  presets: Record<string, { label: string; values: Partial<C> }>;
}

/** All defaults, then the preset, then `overrides`; each value checked against its field. */
export function resolveConfig<C extends Config>(
  card: HeadCard<C>,
  preset?: string,
  overrides: Record<string, unknown> = {},
): C {
  if (preset !== undefined && !Object.hasOwn(card.presets, preset)) {
    throw new Failure({
      code: 'config-invalid',
      what: `${card.title} has no preset "${preset}".`,
      next: `Its presets: ${Object.keys(card.presets).join(', ')}.`,
    });
  }
  const config: Config = {};
  for (const [key, field] of fieldsOf(card)) config[key] = field.default;
  Object.assign(config, preset === undefined ? {} : card.presets[preset].values);
  for (const [key, value] of Object.entries(overrides))
    config[key] = checkedValue(card as HeadCard, key, value);
  return config as C;
}

/** `value`, which may come from a form, an address or a command line, as the type its field asks for. */
export function checkedValue(card: HeadCard, key: string, value: unknown): ConfigValue {
  const refuse = (what: string): never => {
    throw new Failure({ code: 'config-invalid', subject: card.title, what });
  };
  if (!Object.hasOwn(card.fields, key)) {
    return refuse(`There is no field "${key}"; the fields are ${Object.keys(card.fields).join(', ')}.`);
  }
  const field: Field = card.fields[key];
  switch (field.kind) {
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const { min, max, whole } = field;
      if (
        typeof number !== 'number' ||
        !(number >= min && number <= max) ||
        (whole && !Number.isInteger(number))
      ) {
        return refuse(
          `"${key}" must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not ${String(value)}.`,
        );
      }
      return number;
    }
    case 'switch':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      return refuse(`"${key}" must be true or false, not ${String(value)}.`);
    case 'choice': {
      const values = field.options.map((option) => option.value);
      return (
        values.find((option) => option === value) ?? refuse(`"${key}" must be one of ${values.join(', ')}.`)
      );
    }
  }
}

/** Whether a field matters under this configuration. */
export function matters({ when = {} }: Field, config: Config): boolean {
  return Object.entries(when).every(([key, wanted]) =>
    (Array.isArray(wanted) ? (wanted as ConfigValue[]) : [wanted as ConfigValue]).includes(config[key]),
  );
}

export function fieldsOf<C extends Config>(card: HeadCard<C>): [keyof C & string, Field][] {
  return Object.entries(card.fields) as [keyof C & string, Field][];
}
