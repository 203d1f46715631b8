/** CSV as RFC 4180 has it, with a line of names first: what spreadsheets and `pandas.read_csv` read. */
import type { AlarmedVideo } from './alarms.ts';
import type { ScoresFile } from './scores.ts';

/** A field; null is an empty one. */
type Cell = string | number | null;

/**
 * A line per snippet: `video,label,snippet,score`, and a column per class where the head tells classes. Snippets are
 * counted from 0, labels are 0, 1 or empty.
 */
export function scoresToCsv({ videos }: ScoresFile): string {
  const names = [...new Set(videos.flatMap(({ classes }) => classes?.names ?? []))];
  const rows = videos.flatMap(({ name, label, scores, classes }) =>
    scores.map((score, n): Cell[] => {
      const each = names.map((of) => {
        const column = classes?.names.indexOf(of) ?? -1;
        return column < 0 ? null : classes!.values[n * classes!.names.length + column];
      });
      return [name, label, n, score, ...each];
    }),
  );
  return toCsv(['video', 'label', 'snippet', 'score', ...names], rows);
}

/**
 * A line per alarm: `video,first_frame,last_frame,start_seconds,end_seconds,peak`. Frames are counted from 1 and
 * inclusive, as in truth files; times are empty where nobody knows them.
 */
export function alarmsToCsv(videos: readonly AlarmedVideo[]): string {
  const rows = videos.flatMap(({ name, alarms }) =>
    alarms.map(({ startFrame, endFrame, startSeconds, endSeconds, peak }): Cell[] => [
      name,
      startFrame + 1,
      endFrame + 1,
      startSeconds,
      endSeconds,
      peak,
    ]),
  );
  return toCsv(['video', 'first_frame', 'last_frame', 'start_seconds', 'end_seconds', 'peak'], rows);
}

function toCsv(names: readonly string[], rows: readonly Cell[][]): string {
  return [names, ...rows].map((row) => row.map(csvField).join(',') + '\r\n').join('');
}

/** Numbers as they are, to the last digit; texts in quotes where they need them. */
export function csvField(value: Cell): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
