/**
 * JSON out of files nobody vouches for. `JSON.parse` keeps the last of two equal names in silence, lets `__proto__`
 * through and nests as deep as it is told to; what reads such a value afterwards stumbles. Here all of it is refused.
 */
import * as v from 'valibot';
import { Failure } from '../failure.ts';

const MAX_DEPTH = 64;

/** Names that mean something to JavaScript itself. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The object that a text holds; a byte order mark before it is let pass.
 * @param why says what is wrong, as in "it is empty"; must throw
 */
export function parseObject(
  source: Uint8Array | string,
  why: (reason: string) => never,
): Record<string, unknown> {
  const text = (typeof source === 'string' ? source : decode(source, why)).replace(/^\ufeff/, '');
  if (text.trim() === '') return why('it is empty');
  const fault = firstFault(text);
  if (fault !== null) why(fault);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const literal = /[:[,]\s*(-?(?:NaN|Infinity))\b/.exec(text)?.[1];
    return why(literal ? `it is not JSON: it has ${literal}, which JSON has no word for` : 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return why(`it holds ${Array.isArray(value) ? 'a list' : String(value)}, not an object`);
  return value as Record<string, unknown>;
}

/**
 * The value of a JSON file, as a schema wants it.
 * @param file what to call it in messages
 * @param newest version of the format that is read here
 * @throws Failure `format-invalid` naming the file and what is wrong
 */
export function readJson<Schema extends v.GenericSchema>(
  schema: Schema,
  source: Uint8Array | string,
  file: string,
  { newest, next = 'Save or download it again.' }: { newest?: number; next?: string } = {},
): v.InferOutput<Schema> {
  const refuse = (what: string, way = next): never => {
    throw new Failure({ code: 'format-invalid', subject: file, what, next: way });
  };
  const value = parseObject(source, (reason) => refuse(`${reason[0].toUpperCase()}${reason.slice(1)}.`));
  if (newest !== undefined) {
    const version = value.version ?? value.formatVersion;
    if (typeof version === 'number' && version > newest)
      refuse(
        `It was made by a later version of Weaklens (format ${version}; ${newest} is read here).`,
        'Open it with that version. Nothing was changed.',
      );
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  return refuse(`It is not as it should be at ${v.getDotPath(issue) ?? 'the top'} (${issue.message}).`);
}

function decode(bytes: Uint8Array, why: (reason: string) => never): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    why('it is UTF-16 text; JSON is UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return why('it is not UTF-8 text');
  }
}

/** What stands in a text that is JSON and still is not fit to be read; null where nothing does. */
function firstFault(text: string): string | null {
  /** Names seen in each object that is open; null for a list. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.length === MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} deep`;
      open.push(character === '{' ? new Set() : null);
    } else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const start = at;
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
      const names = open[open.length - 1];
      if (!names || !isFollowedByColon(text, at + 1)) continue;
      const name = unquoted(text.slice(start, at + 1));
      const said = `"${name.slice(0, 40)}"`;
      if (FORBIDDEN.has(name)) return `it uses the name ${said}, which is none for data`;
      if (names.has(name)) return `the name ${said} occurs twice`;
      names.add(name);
    }
  }
  return null;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && /\s/.test(text[at])) at++;
  return text[at] === ':';
}

function unquoted(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal; // no JSON, which whoever parses it will say
  }
}
