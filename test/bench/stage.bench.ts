/**
 * Whether the page answers at once when it is full: 120 videos, 10 runs of which five are drawn, and 6,750 snippets on
 * the timeline (a video of an hour). What a hand does is done by a mouse; what is measured is the time between two
 * frames of the page and how long its main thread was busy in one piece. The peer is the same page when it is empty.
 */
import type { Page } from 'playwright';
import { openLab, type Lab } from '../../src/cli/page.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';

const VIDEOS = 120;
const RUNS = 10;
const SNIPPETS = 6750;
const FEATURES = 32;

interface Figures {
  /** Milliseconds between two frames of the page: the median, and what one in twenty exceeds. */
  frame: number;
  slow: number;
  /** The longest piece of work on the main thread, in milliseconds; browsers tell of those over 50. */
  longestTask: number;
  longTasks: number;
}

const stage: Bench = {
  does: 'milliseconds between frames while a full page is scrubbed, zoomed, dragged and trained in',

  async run() {
    const empty = await openLab({ backend: 'wasm', threads: 1 });
    let idle: Figures;
    try {
      idle = await watch(empty.page, () => move(empty.page, { x: 300, y: 300 }, { x: 900, y: 400 }));
      console.error(lineOf('empty page, mouse moves', idle));
    } finally {
      await empty.close();
    }
    const lab = await openLab({ backend: 'wasm', threads: 1 });
    const figures: Record<string, Figures> = {};
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
  const boxes = page.getByRole('checkbox', { name: 'Draw this run' });
  for (let i = 1; i <= 4; i++) await boxes.nth(i).check();
}

/** Goes on for longer than it is watched. */
function train(page: Page): Promise<unknown> {
  return page.evaluate(() =>
    globalThis.weaklens!.train({ head: 'sultani', seed: 99, steps: 100_000 }).then(() => {}),
  );
}

type Point = { x: number; y: number };

async function move(page: Page, from: Point, to: Point): Promise<void> {
  const STEPS = 60;
  for (let i = 0; i <= STEPS; i++) {
    const along = (a: number, b: number) => a + ((b - a) * i) / STEPS;
    await page.mouse.move(along(from.x, to.x), along(from.y, to.y));
  }
}

/** What a hand does with the timeline, by name. */
async function gestures(page: Page): Promise<Record<string, () => Promise<void>>> {
  const lanes = page.getByRole('slider', { name: 'Position in the video' });
  const { x, y, width } = (await lanes.boundingBox())!;
  const [left, right] = [
    { x: x + 40, y: y + 20 },
    { x: x + width - 40, y: y + 24 },
  ];
  const middle = { x: x + width / 2, y: y + 20 };
  return {
    hover: () => move(page, left, right),
    async scrub() {
      await page.mouse.move(left.x, left.y);
      await page.mouse.down();
      await move(page, left, right);
      await page.mouse.up();
    },
    async 'drag the threshold'() {
      const threshold = page.getByRole('slider', { name: 'Alarm threshold' });
      const box = (await threshold.boundingBox())!;
      const at = (share: number) => ({ x: box.x + box.width / 2, y: box.y + share * box.height });
      await page.mouse.move(at(0.5).x, at(0.5).y);
      await page.mouse.down();
      await move(page, at(0.5), at(0.2));
      await page.mouse.up();
    },
    async zoom() {
      await page.mouse.move(middle.x, middle.y);
      for (let i = 0; i < 30; i++) await page.mouse.wheel(0, i < 20 ? -120 : 240);
    },
    async 'next video and back'() {
      await page.keyboard.press('j');
      await page.keyboard.press('k');
    },
  };
}

async function watch(page: Page, gesture: () => Promise<void>): Promise<Figures> {
  await page.evaluate(() => {
    const seen = { frames: [] as number[], tasks: [] as number[], isOver: false };
    (globalThis as unknown as { seen: typeof seen }).seen = seen;
    new PerformanceObserver((list) =>
      seen.tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: 'longtask',
    });
    let before = performance.now();
    const look = (now: number) => {
      seen.frames.push(now - before);
      before = now;
      if (!seen.isOver) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await gesture();
  await page.waitForTimeout(300);
  return page.evaluate(() => {
    const { seen } = globalThis as unknown as {
      seen: { frames: number[]; tasks: number[]; isOver: boolean };
    };
    seen.isOver = true;
    const frames = seen.frames.slice(1).sort((a, b) => a - b);
    return {
      frame: frames[Math.floor(frames.length / 2)],
      slow: frames[Math.floor(frames.length * 0.95)],
      longestTask: Math.max(0, ...seen.tasks),
      longTasks: seen.tasks.length,
    };
  });
}

function lineOf(name: string, { frame, slow, longestTask, longTasks }: Figures): string {
  const tasks =
    longTasks === 0
      ? 'no task over 50 ms'
      : `${longTasks} tasks over 50 ms, longest ${longestTask.toFixed(0)}`;
  return `${name.padEnd(38)} frame ${frame.toFixed(1)} ms, one in twenty over ${slow.toFixed(1)}; ${tasks}`;
}
