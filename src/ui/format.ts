/** Numbers and times as people read them, in the language of the page. */
import { language, t } from './text/text.svelte.ts';

/** With as many digits behind the sign that the language has for it. */
export function fixed(value: number, digits: number): string {
  return signed(value.toFixed(digits));
}

/** Figures that are written in English, with the signs that the language has for points and groups. */
export function signed(figures: string): string {
  const [, group, , , , point] = (1234.5).toLocaleString(language.code);
  return figures.replace(/[.,](?=\d)/g, (sign) => (sign === '.' ? point : group));
}

/** A round number, as an axis has it. */
export function axisTick(value: number): string {
  return signed(String(value));
}

/** A count, its digits in groups. */
export function whole(value: number): string {
  return value.toLocaleString(language.code);
}

export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 60) return `${seconds < 10 ? fixed(seconds, 1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = String(Math.floor(seconds % 60)).padStart(2, '0');
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let size = count;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : fixed(size, 1)} ${units[unit]}`;
}

/** A figure of an evaluation; what is undefined is said to be so. */
export function score(value: number | null | undefined): string {
  return value === null || value === undefined ? t('undefined') : fixed(value, 3);
}

export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1000 || size < 0.001 ? signed(value.toExponential(1)) : signed(value.toPrecision(3));
}

/** How far a figure is from another, with its sign; nothing where one of them is not known. */
export function delta(value: number | null | undefined, from: number | null | undefined): string {
  if (typeof value !== 'number' || typeof from !== 'number') return '';
  const by = (value - from).toFixed(3);
  return Number(by) === 0 ? '±0' : signed(value > from ? `+${by}` : by.replace('-', '−'));
}

/** `snippet 3`, `snippets 3, 4, 9`: counted from 1, the first dozen of many. */
export function snippetsInWords(snippets: readonly number[]): string {
  const shown = snippets.slice(0, 12).map((snippet) => snippet + 1);
  const rest = snippets.length - shown.length;
  const list = shown.join(', ') + (rest > 0 ? ` ${t('and {n} more', { n: rest })}` : '');
  return t(snippets.length === 1 ? 'snippet {list}' : 'snippets {list}', { list });
}
