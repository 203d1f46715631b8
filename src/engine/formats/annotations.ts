/** Truth in the field's own formats: annotations of UCF-Crime and of TAD, and boxes by frame. */
import type { StreetTruth } from '../scenes/truth.ts';
import type { VideoTruth } from '../types.ts';

/**
 * UCF-Crime's temporal annotation: two intervals, -1 where there is none. Of more than two the first two are named, as
 * the format has no room for others.
 * @param file with its extension
 */
export function formatUcf(file: string, { intervals }: VideoTruth): string {
  const frames = [0, 1].flatMap((i) => [intervals[i]?.startFrame ?? -1, intervals[i]?.endFrame ?? -1]);
  return `${[file, intervals[0]?.class ?? 'Normal', ...frames].join('  ')}\n`;
}

/** TAD's list: frames, label, and one interval that holds all; `0 N` for a normal video. */
export function formatTad(file: string, { intervals }: VideoTruth, totalFrames: number): string {
  if (intervals.length === 0) return `frames/normal/${file} ${totalFrames} 0 0 ${totalFrames}\n`;
  const first = Math.min(...intervals.map(({ startFrame }) => startFrame));
  const last = Math.max(...intervals.map(({ endFrame }) => endFrame));
  return `frames/abnormal/${file} ${totalFrames} 1 ${first} ${last}\n`;
}

/** What the columns of {@link formatBoxes} are. */
export const BOX_COLUMNS = 'video,class,event,actor,kind,frame,x1,y1,x2,y2,visible';

/**
 * A line per actor and frame: pixels from the top left corner, frames from 1, the share that is visible. Lines of actor
 * `all` are the union of those of a frame.
 */
export function formatBoxes(name: string, { intervals }: StreetTruth): string {
  const round = (value: number, digits: number) => value.toFixed(digits);
  return intervals
    .flatMap(({ class: className, tracks, tube }, event) =>
      [...tracks, { actor: 'all', kind: '', boxes: tube }].flatMap(({ actor, kind, boxes }) =>
        [...boxes].map(([frame, { x1, y1, x2, y2, visible }]) => {
          const corners = [x1, y1, x2, y2].map((value) => round(value, 1));
          return `${[name, className, event + 1, actor, kind, frame, ...corners, round(visible, 2)].join(',')}\n`;
        }),
      ),
    )
    .join('');
}
