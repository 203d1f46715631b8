/** JSON files of ours, told apart: scores, notes beside features, runs, and descriptions of projects. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { readJson } from './json.ts';
import { parseNotes } from './notes.ts';
import { parseScores } from './scores.ts';

/** What version of projects is read. */
const VERSION = 1;

/** The bytes of a file that lies beside, by name; null where there is none. */
export type Beside = (name: string) => Promise<Uint8Array | null>;

export interface JsonFile {
  kind: 'scores' | 'notes' | 'run' | 'project';
  /** What it is, in a sentence. */
  says: string;
  warnings: string[];
}

const text = v.pipe(v.string(), v.maxLength(4096));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits'));

const anything = v.looseObject({});

/** As it lies in a `.weaklens` file, or by itself with its weights beside it. */
const project = v.looseObject({
  format: v.optional(v.literal('weaklens-project')),
  version: v.optional(v.literal(VERSION)),
  formatVersion: v.optional(v.literal(VERSION)),
  name: v.optional(text),
  weights: v.optional(v.looseObject({ file: text, sha256: hash })),
});

/** What `lab train` writes beside the weights. */
const run = v.looseObject({
  head: text,
  config: v.record(text, v.union([v.number(), v.string(), v.boolean()])),
  seed: v.number(),
  step: v.number(),
  hash,
});

/**
 * @param file what it is called
 * @throws Failure `format-invalid`, `data-missing` or `data-mismatch`
 */
export async function readJsonFile(bytes: Uint8Array, file: string, beside: Beside): Promise<JsonFile> {
  const json = readJson(anything, bytes, file, { newest: VERSION });
  if (json.format === 'weaklens-scores') {
    const { videos, run } = parseScores(bytes, file);
    return { kind: 'scores', says: `scores of ${videos.length} videos by ${run.head}`, warnings: [] };
  }
  if ('snippets' in json && 'timestamps' in json) {
    const { snippets, backbone } = parseNotes(bytes, file);
    return { kind: 'notes', says: `notes on ${snippets.length} snippets of ${backbone}`, warnings: [] };
  }
  if ('head' in json && 'hash' in json && 'config' in json) {
    const { head, step, hash } = readJson(run, bytes, file);
    const weights = file.replace(/\.json$/i, '.safetensors');
    const own = await beside(weights);
    if (own && hashOf(own) !== hash) throw mismatch(file, weights);
    const warnings = own ? [] : [`Its weights, ${weights}, are not beside it.`];
    return { kind: 'run', says: `a run of ${head}, ${step} steps`, warnings };
  }
  if ('formatVersion' in json || json.format === 'weaklens-project') {
    const { name = 'without a name', weights } = readJson(project, bytes, file);
    if (weights) {
      const own = await beside(weights.file);
      if (!own)
        throw new Failure({
          code: 'data-missing',
          subject: file,
          what: `It names the weights ${weights.file}, which are not beside it.`,
          next: 'Put both into one folder.',
        });
      if (hashOf(own) !== weights.sha256) throw mismatch(file, weights.file);
    }
    return { kind: 'project', says: `a description of the project "${name}"`, warnings: [] };
  }
  throw new Failure({
    code: 'format-invalid',
    subject: file,
    what: 'It is JSON, and none of the kinds that are read here.',
    next: 'Read are notes beside features, scores, runs and projects.',
  });
}

const hashOf = (bytes: Uint8Array) => bytesToHex(sha256(bytes));

function mismatch(file: string, weights: string): Failure {
  return new Failure({
    code: 'data-mismatch',
    subject: file,
    what: `The weights beside it, ${weights}, are not those that it speaks of: they have changed.`,
    next: 'Get both from where they were saved.',
  });
}
