/**
 * Arrays as text: one snippet or segment per line, numbers between commas, semicolons, tabs or blanks. Sultani's C3D files
 * have 32 lines of 4096 numbers; others begin with a line of one number, the width of a segment in frames.
 */
import { Failure } from '../failure.ts';
import type { ArrayEntry } from './array-entry.ts';

/** How many segments a file has that begins with their width; some have a line more, which is a mistake of old. */
const SEGMENTS = 32;

/**
 * @param name what to call it in errors
 * @throws Failure `format-invalid` naming the line
 */
export function openText(bytes: Uint8Array, name = 'text file'): ArrayEntry {
  const refuse = (what: string, line?: number): never => {
    const subject = line === undefined ? name : `${name}, line ${line}`;
    throw new Failure({
      code: 'format-invalid',
      subject,
      what,
      next: 'It needs one line of numbers per snippet, all of one length.',
    });
  };
  const warnings: string[] = [];
  const rows: Float32Array[] = [];
  let segmentFrames: number | undefined;
  let isCount = false;
  for (const { text, line } of linesOf(bytes)) {
    const isHeading = rows.length === 0 && segmentFrames === undefined && /[a-df-z_]/i.test(plain(text));
    if (isHeading && warnings.length === 0) {
      warnings.push('Its first line holds no numbers and was left out.');
      continue;
    }
    const row = numbersOf(text) ?? refuse(`"${text.slice(0, 30)}" is not a line of numbers.`, line);
    if (rows.length === 1 && rows[0].length === 1 && row.length > 1 && segmentFrames === undefined) {
      [segmentFrames] = rows.pop()!;
      if (!(Number.isInteger(segmentFrames) && segmentFrames > 0))
        refuse(`Its first line, ${segmentFrames}, is no width of a segment in frames.`, line - 1);
    }
    if (rows.length === 1 && isCount && row.length === rows[0].length && /[.e]/i.test(text)) {
      rows.pop();
      warnings.push(`Its first line counts the columns, 0 to ${row.length - 1}, and was left out.`);
    }
    if (rows.length === 0) isCount = countsColumns(text);
    if (rows.length > 0 && row.length !== rows[0].length)
      refuse(`It has ${row.length} numbers, the lines before have ${rows[0].length}.`, line);
    rows.push(row);
  }
  if (rows.length === 0) return refuse('It holds no numbers.');
  if (segmentFrames !== undefined && rows.length === SEGMENTS + 1) {
    rows.pop();
    warnings.push(
      `It has a line more than the ${SEGMENTS} segments that it tells the width of; the last was left out.`,
    );
  }
  const width = rows[0].length;
  return {
    name: '',
    shape: width === 1 ? [rows.length] : [rows.length, width],
    type: 'text',
    segmentFrames,
    read() {
      const values = new Float32Array(rows.length * width);
      for (const [i, row] of rows.entries()) values.set(row, i * width);
      return { shape: width === 1 ? [rows.length] : [rows.length, width], values, warnings };
    },
  };
}

/** Lines that say something. The text is decoded line by line: all of it at once may be longer than a string may be. */
function* linesOf(bytes: Uint8Array): Generator<{ text: string; line: number }> {
  const decoder = new TextDecoder();
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    const text = decoder.decode(bytes.subarray(start, end)).trim();
    start = end + 1;
    line++;
    if (text !== '' && !text.startsWith('#')) yield { text, line };
  }
}

/**
 * Whether a line is 0, 1, 2, ... as data frames head their columns where these have no names. Above rows of whole numbers
 * it may be a row like them.
 */
function countsColumns(text: string): boolean {
  const fields = text.split(/[\s,;]+/);
  return fields.length > 2 && fields.every((field, i) => field === String(i));
}

/** Without the words that are numbers. */
const plain = (text: string) => text.replace(/\b(nan|inf|infinity)\b/gi, '');

/** Null where anything else stands in the line. */
function numbersOf(text: string): Float32Array | null {
  const fields = text.split(/[\s,;]+/).filter((field) => field !== '');
  const row = new Float32Array(fields.length);
  for (const [i, field] of fields.entries()) {
    const value = Number(field);
    if (Number.isNaN(value) || /^[-+]?0[xob]/i.test(field)) {
      const word = /^([-+]?)(nan|inf|infinity)$/i.exec(field);
      if (!word) return null;
      row[i] = word[2].toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity;
    } else row[i] = value;
  }
  return row;
}
