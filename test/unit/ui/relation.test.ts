import { expect, test } from 'vitest';
import { intensity, pooled } from '../../../src/ui/chart/heat.ts';
import { cellsOf } from '../../../src/ui/state/relation.ts';
import type { Look } from '../../../src/workers/client.ts';

test('a relation map is told cell by cell, by the scale of the whole video', () => {
  const look = {
    grid: [2, 3],
    relation: {
      shape: [2, 6],
      values: Float32Array.from([-0.5, 0, 0, 0, 0.5, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.25]),
    },
    spoke: { shape: [2, 6], values: Float32Array.from([0, 0, 0, 0, 1, 0, 0, 0, 0, 0.5, 1, 0]) },
  } as unknown as Look;
  const map = cellsOf(look, 1)!;
  expect([map.rows, map.columns, map.lowest, map.highest]).toEqual([2, 3, -0.5, 0.5]);
  expect(map.best).toMatchObject({ row: 1, column: 1, value: 0.5, strength: 1, spoke: 1 });
  expect(map.cells[5]).toMatchObject({ row: 1, column: 2, value: 0.25, strength: 0.75, spoke: 0 });
  expect(cellsOf(look, 2)).toBeNull();
  expect(cellsOf({ ...look, relation: undefined }, 0)).toBeNull();
});

test('of more cells than there are pixels the highest is drawn', () => {
  const heat = { rows: 2, columns: 4, values: [0, 1, 2, 3, 7, 5, 4, 0], highest: 7 };
  expect(pooled(heat, 4)).toEqual(heat);
  const { rows, columns, values } = pooled({ ...heat, rows: 2, columns: 4 }, 2);
  expect([rows, columns, Array.from(values)]).toEqual([2, 2, [1, 3, 7, 4]]);
  expect(Array.from(pooled({ rows: 4, columns: 2, values: heat.values, highest: 7 }, 1).values)).toEqual([7]);
});

test('small shares can be seen beside large ones', () => {
  expect([0, 0.25, 1, 2].map((value) => intensity(value, 1))).toEqual([0, 0.5, 1, 1]);
  expect(intensity(1, 0)).toBe(0);
});
