/**
 * Whether the page answers at once when it is full: 120 videos, 10 runs of which five are drawn, and 6,750 snippets on
 * the timeline (a video of an hour). What a hand does is done by a mouse; what is measured is the time between two
 * frames of the page and how long its main thread was busy in one piece, on the wall's clock and in processor time
 * alone. The peer is the same page when it is empty.
 */
import type { Page } from 'playwright';
import { openLab, type Lab } from '../../src/cli/page.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';
import { gestures, lineOf, move, watch, type Smoothness } from '../smoothness.ts';

const VIDEOS = 120;
const RUNS = 10;
const SNIPPETS = 6750;
const FEATURES = 32;

const stage: Bench = {
  does: 'milliseconds between frames while a full page is scrubbed, zoomed, dragged and trained in',

  async run() {
    const empty = await openLab({ backend: 'wasm', threads: 1 });
    let idle: Smoothness;
    try {
      idle = await watch(empty.page, () => move(empty.page, { x: 300, y: 300 }, { x: 900, y: 400 }));
      console.error(lineOf('empty page, mouse moves', idle));
    } finally {
      await empty.close();
    }
    const lab = await openLab({ backend: 'wasm', threads: 1 });
    const figures: Record<string, Smoothness> = {};
    try {
      await furnish(lab);
      for (const isTraining of [false, true]) {
        const done = isTraining ? train(lab.page) : Promise.resolve();
        for (const [name, gesture] of Object.entries(await gestures(lab.page))) {
          const title = `${name}${isTraining ? ', while training' : ''}`;
          figures[title] = await watch(lab.page, gesture);
          console.error(lineOf(title, figures[title]));
        }
        if (isTraining) await lab.page.evaluate(() => globalThis.weaklens!.pause());
        await done;
      }
    } finally {
      await lab.close();
    }
    return { unit: 'ms', videos: VIDEOS, runs: RUNS, snippets: SNIPPETS, empty: idle, full: figures };
  },
};

export default stage;

/** Features that are noise but for a bump, with labels, and runs of a few steps each. */
async function furnish({ page }: Lab): Promise<void> {
  await page.evaluate(
    async ({ videos, runs, snippets, features }) => {
      const weaklens = globalThis.weaklens!;
      const file = (name: string, count: number) => {
        const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${count}, ${features}), }`;
        const text = header + ' '.repeat(63 - ((10 + header.length) % 64)) + '\n';
        const values = Float32Array.from({ length: count * features }, (_, i) => Math.sin(i * i));
        const head = Uint8Array.of(
          0x93,
          ...new TextEncoder().encode('NUMPY'),
          1,
          0,
          text.length & 255,
          text.length >> 8,
        );
        return new File([head, text, values], `${name}.npy`);
      };
      const names = Array.from({ length: videos }, (_, i) => `video-${String(i).padStart(3, '0')}`);
      await weaklens.addFeatures(names.map((name, i) => file(name, i === 0 ? snippets : 20)));
      for (const [i, name] of names.entries()) {
        await weaklens.label(name, i % 2 ? 'normal' : 'anomalous');
        if (i % 5 === 0) await weaklens.split(name, 'test');
      }
      for (let seed = 0; seed < runs; seed++) {
        const { id } = await weaklens.train({ head: 'sultani', seed, steps: 3 });
        await weaklens.score(id);
      }
    },
    { videos: VIDEOS, runs: RUNS, snippets: SNIPPETS, features: FEATURES },
  );
  await page.getByRole('button', { name: 'video-000' }).first().click();
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByRole('button', { name: /repeats over seeds$/ }).click(); // they differ by their seed only
  const boxes = page.getByRole('checkbox', { name: 'Draw this run' });
  for (let i = 1; i <= 4; i++) await boxes.nth(i).check();
}

/** Goes on for longer than it is watched. */
function train(page: Page): Promise<unknown> {
  return page.evaluate(() =>
    globalThis.weaklens!.train({ head: 'sultani', seed: 99, steps: 100_000 }).then(() => {}),
  );
}
