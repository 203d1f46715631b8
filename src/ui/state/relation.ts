/** GIG's relation map of one snippet, cell by cell. */
import type { PictureSize } from '../../engine/types.ts';
import type { BackboneOffer, FeatureSummary, Look } from '../../workers/client.ts';
import { largest } from '../chart/heat.ts';

export interface RelationCell {
  row: number;
  column: number;
  /** Cosine with what the whole video is about (Eq. 5). */
  value: number;
  /** 0..1 between the lowest and the highest of the video. */
  strength: number;
  /** In what share of the windows that cover the snippet it was among the k that spoke for it (Eq. 6). */
  spoke: number;
}

export interface RelationMap {
  rows: number;
  columns: number;
  cells: RelationCell[];
  best: RelationCell;
  /** Of the whole video. */
  lowest: number;
  highest: number;
}

/** @returns null where the head has no such map of the snippet */
export function cellsOf({ relation, spoke, grid }: Look, snippet: number): RelationMap | null {
  if (!relation || !spoke || !grid || snippet >= relation.shape[0]) return null;
  const [rows, columns] = grid;
  const highest = largest(relation.values);
  const lowest = -largest(relation.values.map((value) => -value));
  const area = rows * columns;
  const cells = Array.from({ length: area }, (_, i): RelationCell => {
    const value = relation.values[snippet * area + i];
    return {
      row: Math.floor(i / columns),
      column: i % columns,
      value,
      strength: highest > lowest ? (value - lowest) / (highest - lowest) : 0,
      spoke: spoke.values[snippet * area + i],
    };
  });
  const best = cells.reduce((most, cell) => (cell.value > most.value ? cell : most));
  return { rows, columns, cells, best, lowest, highest };
}

/** Share of the short side of a picture that its backbone was shown: I3D sees 224 of 256 pixels. */
export function shownShare(
  offers: readonly BackboneOffer[],
  { provenance }: Pick<FeatureSummary, 'provenance'>,
): number {
  return offers.find(({ id }) => id === provenance.backbone)?.network === 'i3d' ? 224 / 256 : 1;
}

/** The middle square of a picture that its backbone was shown, over which its maps lie, in pixels. */
export function shownSquare([width, height]: PictureSize, share: number) {
  const side = share * Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}
