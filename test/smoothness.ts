/** What a hand does with the timeline, and how long the page's main thread is busy in one piece meanwhile. */
import type { Page } from '@playwright/test';

export interface Smoothness {
  /** Milliseconds between two frames of the page: the median, and what one in twenty exceeds. */
  frame: number;
  slow: number;
  /** The longest task of the main thread, in milliseconds as the clock on the wall has it. */
  longestTask: number;
  longTasks: number;
  /** The longest of processor time alone: what it would be if nothing else ran on the machine. */
  longestWork: number;
}

type Point = { x: number; y: number };

export async function move(page: Page, from: Point, to: Point): Promise<void> {
  const STEPS = 60;
  for (let i = 0; i <= STEPS; i++) {
    const along = (a: number, b: number) => a + ((b - a) * i) / STEPS;
    await page.mouse.move(along(from.x, to.x), along(from.y, to.y));
  }
}

/** What a hand does with the timeline, by name. */
export async function gestures(page: Page): Promise<Record<string, () => Promise<void>>> {
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

/** A part of a trace that is looked at: https://chromium.googlesource.com/catapult, the trace event format. */
interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds: when, how long, and how long of it the thread was at work. */
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

/** Does something on the page and says how smoothly it went, from the browser's own trace. */
export async function watch(page: Page, gesture: () => Promise<void>): Promise<Smoothness> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing', 'devtools.timeline'] },
  });
  await page.waitForTimeout(300); // to begin tracing is work of its own
  await page.evaluate(() => {
    performance.mark('gesture-begins');
    const seen = { frames: [] as number[], isOver: false };
    (globalThis as unknown as { seen: typeof seen }).seen = seen;
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
  const frames = await page.evaluate(() => {
    performance.mark('gesture-ends');
    const { seen } = globalThis as unknown as { seen: { frames: number[]; isOver: boolean } };
    seen.isOver = true;
    return seen.frames.slice(1).sort((a, b) => a - b);
  });
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const tasks = tasksOf(events);
  return {
    frame: frames[Math.floor(frames.length / 2)],
    slow: frames[Math.floor(frames.length * 0.95)],
    longestTask: Math.max(0, ...tasks.map(({ wall }) => wall)),
    longTasks: tasks.filter(({ wall }) => wall > 50).length,
    longestWork: Math.max(0, ...tasks.map(({ work }) => work)),
  };
}

/** Tasks of the page's main thread between the two marks, in milliseconds. */
function tasksOf(events: readonly TraceEvent[]): { wall: number; work: number }[] {
  const [begins, ends] = ['gesture-begins', 'gesture-ends'].map((mark) =>
    events.find(({ name }) => name === mark)!,
  );
  return events
    .filter(
      ({ name, ph, pid, tid, ts, dur = 0 }) =>
        name.endsWith('RunTask') &&
        ph === 'X' &&
        pid === begins.pid &&
        tid === begins.tid &&
        ts > begins.ts &&
        ts + dur < ends.ts,
    )
    .map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, work: tdur / 1000 }));
}

export function lineOf(name: string, seen: Smoothness): string {
  const tasks =
    seen.longTasks === 0
      ? 'no task over 50 ms'
      : `${seen.longTasks} tasks over 50 ms, longest ${seen.longestTask.toFixed(0)}`;
  return `${name.padEnd(38)} frame ${seen.frame.toFixed(1)} ms, one in twenty over ${seen.slow.toFixed(1)}; ${tasks}; longest work ${seen.longestWork.toFixed(0)} ms`;
}
