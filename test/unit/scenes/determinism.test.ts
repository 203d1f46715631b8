/**
 * The same seed gives the same street, everywhere and for ever: `determinism.json` holds what became of some. Where
 * streets are meant to change, `RECORD=1 npx vitest run --project unit test/unit/scenes/determinism.test.ts` writes it
 * anew.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { DATASETS, framesOf, planDataset } from '../../../src/engine/scenes/dataset.ts';
import { eventsOf } from '../../../src/engine/scenes/events/catalogue.ts';
import { Street, type StreetOptions } from '../../../src/engine/scenes/street.ts';
import { TruthRecorder } from '../../../src/engine/scenes/truth.ts';
import { WORLD_IDS } from '../../../src/engine/scenes/worlds/catalogue.ts';

// A plan tries many streets.
vi.setConfig({ testTimeout: 60_000 });

const RECORD = join(import.meta.dirname, 'determinism.json');

/** Everyone's place to the millimetre in every frame, and the truth. */
function hashOf(scene: StreetOptions): string {
  const hash = createHash('sha256');
  const street = new Street(scene);
  const recorder = new TruthRecorder(street);
  const round = (value: number) => Math.round(value * 1000);
  for (let frame = 0; frame < framesOf(scene); frame++) {
    street.advance();
    recorder.record();
    for (const { id, kind, position, elevation, facing, pose, isGone } of street.actors) {
      const numbers = [position.x, position.y, elevation, facing.x, facing.y].map(round);
      hash.update(`${frame} ${id} ${kind} ${pose} ${String(isGone)} ${numbers.join(' ')}\n`);
    }
  }
  for (const { class: name, startFrame, endFrame, tracks } of recorder.truth().intervals) {
    hash.update(`${name} ${startFrame} ${endFrame}\n`);
    for (const { actor, boxes } of tracks)
      for (const [frame, { x1, y1, x2, y2, visible }] of boxes)
        hash.update(`${actor} ${frame} ${[x1, y1, x2, y2, visible].map(round).join(' ')}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The first videos of a dataset as they are planned, with their truths. */
function planOf(count: number): string {
  const hash = createHash('sha256');
  for (const { video, truth } of planDataset(DATASETS['street-tiny'], 1)) {
    const intervals = truth.intervals.map((interval) => [
      interval.class,
      interval.startFrame,
      interval.endFrame,
    ]);
    hash.update(JSON.stringify([video, intervals]));
    if (--count === 0) break;
  }
  return hash.digest('hex').slice(0, 16);
}

/** A plan, and every world with everything that can happen in it, a few seconds each. */
const CASES: Record<string, () => string> = {
  'plan of street-tiny': () => planOf(4),
  ...Object.fromEntries(
    WORLD_IDS.flatMap((world, w) =>
      eventsOf(world).map((script, i) => {
        const events = [{ class: script.class, startSeconds: 0.5, seconds: 3 }];
        const scene = { world, seed: 100 * w + i, seconds: 6, events };
        return [`${script.class} in ${world}`, () => hashOf(scene)];
      }),
    ),
  ),
};

if (process.env.RECORD !== undefined) {
  const hashes = Object.fromEntries(Object.entries(CASES).map(([name, compute]) => [name, compute()]));
  writeFileSync(RECORD, `${JSON.stringify(hashes, null, 2)}\n`);
}
const expected = JSON.parse(readFileSync(RECORD, 'utf8')) as Record<string, string>;

describe('what became of a seed', () => {
  it('is known of every class in every world', () => {
    expect(Object.keys(CASES)).toEqual(Object.keys(expected));
  });

  it.each(Object.entries(expected))('becomes of it again: %s', (name, hash) => {
    expect(CASES[name]()).toBe(hash);
  });
});

it('happens twice alike', () => {
  const compute = Object.values(CASES).at(-1)!;
  expect(compute()).toBe(compute());
});

/** What draws, films or belongs to the sketches of the demo may compute as it likes. */
const FREE = new Set(['sketch.ts', 'drawing.ts', 'film.ts', 'demo.ts', 'filming.ts', 'encoding.ts']);
/** What browsers may round each in its own way, or what differs from one run to the next. */
const LOOSE =
  /Math\.(?!(?:sqrt|floor|round|ceil|trunc|sign|min|max|abs|imul|PI)\b)\w+|\*\*|\.normal\(|\bDate\b|performance\./g;

describe('what decides what happens', () => {
  const folder = join(import.meta.dirname, '../../../src/engine/scenes');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('drawing/') && !FREE.has(file),
  );

  it.each(files)('computes exactly: %s', (file) => {
    const code = readFileSync(join(folder, file), 'utf8')
      .replace(/\/\*[^]*?\*\//g, '')
      .replace(/\/\/.*/g, '');
    expect(code.match(LOOSE) ?? []).toEqual([]);
  });
});
