/** What a verb of the `lab` command is made of. */
import type { ParseArgsConfig } from 'node:util';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** Options of every verb. */
export interface Common {
  backend: string;
  seed: number;
  json: boolean;
}

export interface Verb {
  name: string;
  /** As in `lab extract FILE... --out DIR`. */
  usage: string;
  does: string;
  options: Options;
  /** What each option means, for `--help`. */
  help: Record<string, string>;
  /** @returns the result, printed as one line of JSON with `--json` */
  run(input: {
    files: string[];
    values: Record<string, string | boolean | string[] | undefined>;
    common: Common;
  }): Promise<unknown>;
}

/** Bad input: said in one line, without a stack. */
export class UsageError extends Error {}
