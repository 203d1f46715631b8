/** Where in the picture an alarm is, as far as a run says it: for tools that draw boxes. */
import { firstFrameOf, rowOf } from '../../engine/evaluation/rows.ts';
import { boxesIn, plainTube } from '../../engine/evaluation/tube-boxes.ts';
import type { AlarmBox } from '../../engine/formats/alarms.ts';
import type { PictureSize } from '../../engine/types.ts';
import type { ScoreRecord } from '../../workers/client.ts';
import { shownSquare } from './relation.ts';

/** What the picture of a video is to its run. */
export interface Seen {
  picture: PictureSize;
  /** Share of the short side that the backbone was shown. */
  share: number;
  /** Frames per row of features. */
  width: number;
  /** How many cells of its map speak for a snippet (GIG, Eq. 6). */
  topCells: number;
}

/**
 * The boxes of the top tube (WSSTAD), or for each snippet one around the cells that speak for it and hang together with
 * the strongest (GIG); none where the head says only when.
 */
export function alarmBoxes(
  record: Pick<ScoreRecord, 'boxes' | 'boxFrames' | 'picture' | 'relation'>,
  { startFrame, endFrame }: { startFrame: number; endFrame: number },
  seen: Seen,
): AlarmBox[] {
  const tube = plainTube(record, seen.picture);
  if (tube)
    return Object.entries(boxesIn(tube, seen.picture))
      .map(([frame, [left, top, right, bottom]]) => ({ frame: Number(frame), left, top, right, bottom }))
      .filter(({ frame }) => frame >= startFrame && frame <= endFrame);
  const { relation } = record;
  const rows = relation?.shape[0] ?? 0;
  if (!relation || rows === 0) return [];
  const area = relation.values.length / rows;
  const side = Math.sqrt(area);
  if (!Number.isInteger(side)) return []; // nobody says how many columns it has
  const [first, last] = [startFrame, endFrame].map((frame) => rowOf(frame, seen.width, rows));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const cells = regionOf(
      relation.values.subarray((first + i) * area, (first + i + 1) * area),
      seen.topCells,
    );
    const frame = Math.max(startFrame, firstFrameOf(first + i, seen.width));
    return { frame, ...inPicture(cells, side, seen) };
  });
}

interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Of a square map: the k strongest cells that touch the strongest of them, edge to edge, as a rectangle of cells. */
export function regionOf(values: Float32Array, k: number): Region {
  const side = Math.sqrt(values.length);
  const strongest = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  const left = new Set(strongest.slice(0, Math.max(1, k)));
  const region = { left: side, top: side, right: 0, bottom: 0 };
  const reached = [strongest[0]];
  left.delete(strongest[0]);
  for (let cell = reached.pop(); cell !== undefined; cell = reached.pop()) {
    const [row, column] = [Math.floor(cell / side), cell % side];
    region.left = Math.min(region.left, column);
    region.top = Math.min(region.top, row);
    region.right = Math.max(region.right, column + 1);
    region.bottom = Math.max(region.bottom, row + 1);
    const beside = [
      ...(column > 0 ? [cell - 1] : []),
      ...(column < side - 1 ? [cell + 1] : []),
      cell - side,
      cell + side,
    ];
    for (const next of beside) if (left.delete(next)) reached.push(next);
  }
  return region;
}

/** The map lies over the middle square of the picture. */
function inPicture({ left, top, right, bottom }: Region, cells: number, { picture, share }: Seen): Region {
  const square = shownSquare(picture, share);
  const [x, y] = [square.left, square.top].map(
    (from) => (cell: number) => from + (cell * square.side) / cells,
  );
  return { left: x(left), top: y(top), right: x(right), bottom: y(bottom) };
}
