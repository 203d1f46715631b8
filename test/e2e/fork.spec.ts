/** A step seen from close by, and two runs where one was: slow motion, and a component switched in the midst of training. */
import type { Page } from '@playwright/test';
import { writeSafetensors } from '../../src/engine/formats/safetensors.ts';
import { expect, open, ready, row, test, violations } from './weaklens.ts';

const VIDEOS = 12;

/** Features of videos, half of them with a stretch that stands out, labelled by halves; the last two are for testing. */
async function withFeatures(page: Page): Promise<void> {
  await page.evaluate(async (count) => {
    const [rows, columns] = [40, 32];
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
    const text = header.padEnd(117) + '\n';
    const prefix = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
    let state = 1;
    const noise = () => ((state = (state * 48271) % 2147483647) / 2147483647 - 0.5) * 0.6;
    const files = Array.from({ length: count }, (_, v) => {
      const values = Float32Array.from({ length: rows * columns }, noise);
      if (v % 2 === 1) for (let i = 15 * columns; i < 20 * columns; i++) values[i] += 1;
      return new File([prefix, text, values], `cam-${String(v).padStart(2, '0')}.npy`);
    });
    const script = globalThis.weaklens!;
    await script.addFeatures(files);
    for (const [v, { name }] of script.videos().entries()) {
      await script.label(name, v % 2 === 1 ? 'anomalous' : 'normal');
      if (v >= count - 2) await script.split(name, 'test');
    }
  }, VIDEOS);
}

/** What is known of the runs, newest first. */
const runs = (page: Page) =>
  page.evaluate(() =>
    globalThis.weaklens!.runs().map(({ id, step, config, forkOf, partial, losses }) => ({
      id,
      step,
      config,
      forkOf,
      partial,
      total: Array.from(losses.total),
    })),
  );

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const progress = (page: Page) => page.getByTestId('progress');
const stepOf = async (page: Page) => Number(/step (\d+)/.exec(await progress(page).innerText())![1]);

test('a component switched while a run trains forks it: both go on, and both are there tomorrow', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await withFeatures(page);
  await row(page, 'cam-01').getByRole('button').first().click();
  await page.getByRole('combobox', { name: 'Head', exact: true }).selectOption('salient');
  await page.getByRole('spinbutton', { name: 'Steps' }).fill('5000');
  await button(page, 'Play').click();
  await expect.poll(() => stepOf(page)).toBeGreaterThan(15);

  const component = page.getByRole('checkbox', { name: 'Self-attention' });
  await expect(component).toBeEnabled();
  const wasOn = await component.isChecked();
  await component.click();
  const notices = page.getByRole('status', { name: 'Notices' });
  await expect(notices.getByText(/Forked at step \d+: .*Both runs go on\./)).toBeVisible();
  const said = await notices.getByText(/Forked at step/).innerText();
  expect(said).toMatch(/Dropped: |New parameters from the seed: /);
  const at = Number(/Forked at step (\d+)/.exec(said)![1]);
  const beside = page.getByTestId('beside');
  await expect(beside).toContainText('the run it was forked from');
  await expect.poll(() => stepOf(page), { timeout: 30_000 }).toBeGreaterThan(at + 10);
  await button(page, 'Pause').click();
  await expect(button(page, 'Play')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Runs that are drawn' }).getByRole('listitem')).toHaveCount(2);

  const [fork, parent] = await runs(page);
  expect(fork.forkOf).toEqual({ runId: parent.id, step: at, config: parent.config });
  expect(fork.config).toEqual({ ...parent.config, attend: !wasOn });
  expect(fork.step).toBe(parent.step); // they pause at one step
  expect(fork.step).toBeGreaterThan(at + 10);
  expect(fork.total).toHaveLength(fork.step);
  expect(parent.total).toHaveLength(parent.step);
  expect(fork.total.slice(0, at)).toEqual(parent.total.slice(0, at));
  const differ = fork.total.slice(at).filter((loss, i) => loss !== parent.total[at + i]);
  expect(differ.length).toBeGreaterThan((fork.step - at) / 2);
  const scoredAt = () =>
    page.evaluate(async () => {
      const { client, runs } = globalThis.weaklens!;
      const scores = await Promise.all(runs().map(({ id }) => client.store.scores(id)));
      return scores.map((records) => records.map(({ step }) => step));
    });
  const all = Array<number>(VIDEOS).fill(fork.step);
  await expect.poll(scoredAt).toEqual([all, all]);
  await expect(
    page.getByRole('list', { name: 'Runs whose loss is drawn' }).getByRole('listitem'),
  ).toHaveCount(2);
  expect(await violations(page)).toEqual([]);

  await page.reload();
  await ready(page);
  expect(await runs(page)).toEqual([fork, parent]);
  await expect(beside).toContainText(`at step ${fork.step}`);
  await page.getByRole('spinbutton', { name: 'Steps' }).fill(String(fork.step + 5));
  await button(page, 'Play').click();
  await expect(progress(page)).toContainText(`step ${fork.step + 5}/`, { timeout: 30_000 });
  await expect(button(page, 'Play')).toBeVisible();
  const later = await runs(page);
  expect(later.map(({ step }) => step)).toEqual([fork.step + 5, fork.step + 5]);
  expect(later[0].total.slice(0, fork.step)).toEqual(fork.total);
  expect(later[1].total.slice(0, fork.step)).toEqual(parent.total);
});

test('a lost graphics device takes neither of two runs, nor a step that was begun @long', async ({
  page,
  house,
}) => {
  const address = await house.serve();
  await open(page, address);
  await withFeatures(page);
  await open(page, `${address}?backend=webgpu`);
  const { whole, broken, proposed, taken } = await page.evaluate(async () => {
    const script = globalThis.weaklens!;
    const config = { hidden1: 16, hidden2: 8, segments: 8 };
    const pair = async (onTick?: () => void) => {
      await script.train({ head: 'sultani', config, seed: 2, steps: 5 });
      await script.fork({ lambdaSparse: 0.5 });
      await script.train({ steps: 12, onTick });
      return script
        .runs()
        .slice(0, 2)
        .map(({ losses, backend }) => ({ backend, total: Array.from(losses.total) }));
    };
    const whole = await pair();
    await script.train({ head: 'sultani', config, seed: 3, steps: 1 }); // or the same settings would go on
    let isLost = false;
    const broken = await pair(() => {
      if (!isLost) void script.client.loseDevice('train');
      isLost = true;
    });
    const [{ id }] = script.runs();
    const proposed = await script.client.propose(id, {});
    await script.client.loseDevice('train');
    const { ticks } = await script.client.step([id], {});
    return { whole, broken, proposed, taken: ticks[0].event };
  });
  expect(whole.map(({ backend }) => backend)).toEqual(['webgpu', 'webgpu']);
  expect(broken.map(({ total }) => total.length)).toEqual([12, 12]);
  broken.forEach(({ total }, r) =>
    total.forEach((loss, i) => expect(loss).toBeCloseTo(whole[r].total[i], 4)),
  );
  expect(taken.step).toBe(proposed.step);
  expect(taken.total).toBeCloseTo(proposed.total, 4);
});

test('undo of a fork deletes it; while paused, a switch offers to fork', async ({ page, house }) => {
  await open(page, await house.serve());
  await withFeatures(page);
  await page.evaluate(() => globalThis.weaklens!.train({ head: 'sultani', seed: 1, steps: 12 }));
  await page.getByRole('spinbutton', { name: 'Sparsity weight' }).fill('0');
  await page.getByRole('spinbutton', { name: 'Sparsity weight' }).press('Tab');
  await expect(page.getByText(/Play begins a new run/)).toBeVisible();
  await page.getByRole('button', { name: 'Fork at step 12 instead of a new run' }).click();
  await expect(page.getByTestId('beside')).toContainText('at step 12');
  expect((await runs(page)).map(({ step }) => step)).toEqual([12, 12]);
  await button(page, 'Step').click();
  await expect(progress(page)).toContainText('step 13/');
  await expect.poll(async () => (await runs(page)).map(({ step }) => step)).toEqual([13, 13]);

  await button(page, 'Undo').first().click();
  await expect(page.getByTestId('beside')).toHaveCount(0);
  const left = await runs(page);
  expect(left).toHaveLength(1);
  expect(left[0].forkOf).toBeUndefined();
  await expect(progress(page)).toContainText('step 13/');
  await page.reload();
  await ready(page);
  expect(await runs(page)).toEqual(left);
});

test('slow motion shows every phase of a step in order, with what really happened', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await withFeatures(page);
  await page.getByRole('combobox', { name: 'Head', exact: true }).selectOption('rtfm');
  await page.evaluate(() =>
    globalThis.weaklens!.train({
      head: 'rtfm',
      config: { batchNormal: 4, batchAnomalous: 3 },
      seed: 2,
      steps: 3,
    }),
  );
  const before = await runs(page);

  // By hand: phase after phase.
  const caption = page.getByTestId('caption');
  const expected = [
    /draws 7 bags: 4 of normal videos, 3 of anomalous ones/,
    /scores the 32 segments of each bag/,
    /Of 32 segments the loss sees a bag through \d+ only/,
    /^The loss is /,
    /numbers move against their gradient/,
  ];
  await page.getByRole('heading', { name: 'Head' }).click();
  await page.keyboard.press('x');
  await expect(caption).toHaveText(expected[0]);
  await expect(page.getByTestId('bag')).toHaveCount(7);
  const drawn = page.getByTestId('drawn');
  await expect(drawn).not.toHaveCount(0);
  const marks = await drawn.allInnerTexts();
  const draws = marks.map((mark) => Number(/×(\d+)/.exec(mark)?.[1] ?? 1));
  expect(draws.reduce((sum, count) => sum + count, 0)).toBe(7);
  await page.keyboard.press('x');
  await expect(caption).toHaveText(expected[1]);
  await expect(page.getByTestId('ring')).toHaveCount(0);
  await page.keyboard.press('x');
  await expect(caption).toHaveText(expected[2]);
  const perBag = Number(/through (\d+) only/.exec(await caption.innerText())![1]);
  await expect(page.getByTestId('ring')).toHaveCount(7 * perBag);
  await page.keyboard.press('x');
  await expect(caption).toHaveText(expected[3]);
  const terms = await page.getByTestId('term').count();
  expect(terms).toBeGreaterThan(1);

  // Until its update is shown, the step has not happened; reloaded, it never was.
  expect(await runs(page)).toEqual(before);
  await page.reload();
  await ready(page);
  expect(await runs(page)).toEqual(before);

  // By itself: the captions of two steps, in order.
  await page.keyboard.press('x');
  await expect(caption).toHaveText(expected[0]);
  await page.getByRole('slider', { name: 'Seconds a phase' }).fill('0.5');
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const note = () => {
      const text = document.querySelector('[data-testid=caption]')?.textContent ?? '';
      if (text && text !== seen.at(-1)) seen.push(text);
    };
    note();
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await page.getByRole('heading', { name: 'Head' }).click();
  await page.keyboard.press('l');
  await expect(progress(page)).toContainText('step 5/', { timeout: 20_000 });
  await page.keyboard.press('p');
  await expect(button(page, 'Play')).toBeVisible();
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  expect(seen.length).toBeGreaterThanOrEqual(10);
  seen.forEach((text, i) => expect(text).toMatch(expected[i % 5]));

  // What was taken slowly is what would have been taken at once.
  const [slow] = await runs(page);
  await button(page, 'Reset').click();
  await expect(progress(page)).toContainText('step 0/');
  await page.getByRole('spinbutton', { name: 'Steps' }).fill('5');
  await button(page, 'Play').click();
  await expect(progress(page)).toContainText('step 5/5');
  await expect(button(page, 'Play')).toBeVisible();
  const [{ total, id }] = await runs(page);
  expect(id).not.toBe(slow.id);
  expect(slow.total.slice(0, 5)).toEqual(total);
  expect(await violations(page)).toEqual([]);
});

test('where motion is unwanted, phases wait for a key', async ({ page, house }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, await house.serve());
  await withFeatures(page);
  await button(page, 'Slow').click();
  const caption = page.getByTestId('caption');
  await expect(caption).toHaveText(/draws \d+ bags/);
  await page.getByRole('slider', { name: 'Seconds a phase' }).fill('0.5');
  await page.waitForTimeout(1500);
  await expect(caption).toHaveText(/draws \d+ bags/);
  await button(page, 'Next phase').click();
  await expect(caption).toHaveText(/scores the 32 segments/);
  await button(page, 'Step').click(); // brings the step to its end
  await expect(caption).toHaveText(/numbers move against their gradient/);
  expect((await runs(page)).map(({ step }) => step)).toEqual([1]);
});

test('one branch of MGPR at a time, on the record of the run', async ({ page, house }) => {
  await open(page, await house.serve());
  const files = Array.from({ length: 4 }, (_, v) => {
    const values = (count: number, seed: number) =>
      Float32Array.from(
        { length: count * 16 },
        (_, i) => Math.sin(seed + i * (1 + v)) + (v % 2) * Number(i < 32),
      );
    const tensor = (count: number, seed: number) => ({ shape: [count, 16], values: values(count, seed) });
    const boxes = { shape: [3, 1, 4], values: new Float32Array(12) };
    const frames = { shape: [3, 1], values: new Float32Array(3) };
    const tensors = new Map([
      ['region', tensor(3, 1)],
      ['global', tensor(3, 2)],
      ['videolet', tensor(6, 3)],
      ['boxes', boxes],
      ['frames', frames],
    ]);
    return Array.from(writeSafetensors(tensors, {}));
  });
  await page.evaluate(async (files) => {
    const script = globalThis.weaklens!;
    await script.addFeatures(
      files.map((bytes, v) => new File([new Uint8Array(bytes)], `v${v}.tubes.safetensors`)),
    );
    for (const [v, { name }] of script.videos().entries())
      await script.label(name, v % 2 ? 'anomalous' : 'normal');
  }, files);
  const phases = page.getByRole('radiogroup', { name: 'Step', exact: true });
  await expect(phases).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Head', exact: true }).selectOption('mgpr');
  await page.evaluate(() =>
    globalThis.weaklens!.train({ head: 'mgpr', config: { heads: 4, hidden1: 8, hidden2: 4 }, steps: 2 }),
  );
  await expect(phases.getByRole('radio')).toHaveCount(3);
  await phases.getByRole('radio', { name: 'tube' }).check();
  await button(page, 'Step').click();
  await expect(progress(page)).toContainText('step 3/');
  await expect(page.getByTestId('caption')).toContainText('Only the phase “tube” was done.');
  const layers = await page.getByTestId('layer').getByRole('rowheader').allInnerTexts();
  expect(layers.length).toBeGreaterThan(0);
  expect(layers.every((name) => name.startsWith('tube.'))).toBe(true);
  await button(page, 'Step').click();
  await expect(progress(page)).toContainText('step 4/');
  await phases.getByRole('radio', { name: 'all' }).check();
  await button(page, 'Step').click();
  await expect(progress(page)).toContainText('step 5/');
  await expect(page.getByTestId('partial')).toHaveText('In part only: steps 3 to 4 (tube).');
  expect((await runs(page))[0].partial).toEqual([{ only: 'tube', from: 3, to: 4 }]);
  const metadata = await page.evaluate(async () => {
    const bytes = await globalThis.weaklens!.exportRun(globalThis.weaklens!.runs()[0].id);
    const size = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + size));
    return (JSON.parse(header) as { __metadata__: Record<string, string> }).__metadata__;
  });
  expect(JSON.parse(metadata.partial)).toEqual([{ only: 'tube', from: 3, to: 4 }]);
});
