/** What goes wrong in the world, and what a person is told. */
import type { Page } from '@playwright/test';
import { dropFiles, expect, makeFiles, open, ready, row, test } from './weaklens.ts';

const SMALL = { train: 4, test: 0, seconds: 4, framesPerSecond: 15 };

/** Files of our own making, dropped. */
async function dropBytes(page: Page, files: { name: string; text: string }[]): Promise<void> {
  await page.evaluate((files) => {
    (globalThis as unknown as { made: File[] }).made = files.map(({ name, text }) => new File([text], name));
  }, files);
  await dropFiles(page);
}

async function withFeatures(page: Page, seed = 5): Promise<{ name: string; label: string }[]> {
  const videos = await makeFiles(page, seed, SMALL);
  await dropFiles(page);
  await expect(page.getByRole('button', { name: `Extract features of ${SMALL.train}` })).toBeVisible();
  for (const { name, label } of videos) {
    await page.evaluate(([name, label]) => globalThis.weaklens!.label(name, label), [name, label] as const);
  }
  await page.evaluate(() => globalThis.weaklens!.extract());
  return videos;
}

test('what is no video is refused by name and reason, and the rest is kept', async ({ page, house }) => {
  await open(page, await house.serve());
  await makeFiles(page, 1, { ...SMALL, train: 1 });
  await dropFiles(page);
  await expect(row(page, 'train-01')).toBeVisible();
  await dropBytes(page, [
    { name: 'notes.mp4', text: 'this is a text file\n'.repeat(40) },
    { name: 'nothing.mkv', text: '' },
    { name: '<img src=x onerror=alert(1)>.webm', text: '<!doctype html><title>404</title>' },
  ]);
  const notices = page.getByRole('status', { name: 'Notices' });
  await expect(notices.getByText('This is a text file, not a video.')).toBeVisible();
  await expect(notices.getByText('The file is empty.')).toBeVisible();
  await expect(notices.getByText('This is a web page: the download failed.')).toBeVisible();
  await expect(notices.getByText('<img src=x onerror=alert(1)>.webm')).toBeVisible();
  await expect(row(page, 'train-01')).toBeVisible();
  expect(await page.evaluate(() => globalThis.weaklens!.videos().length)).toBe(1);
});

test('labels, names, parts and removals can be taken back', async ({ page, house }) => {
  await open(page, await house.serve());
  await makeFiles(page, 1, { ...SMALL, train: 2 });
  await dropFiles(page);
  await expect(page.getByRole('button', { name: 'Extract features of 2' })).toBeVisible(); // the list stands still
  const video = row(page, 'train-01');
  await video.getByRole('radio', { name: 'anomalous' }).check({ force: true });
  await video.getByLabel(/^More for/).click();
  await video.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('gate.webm');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  const renamed = row(page, 'gate.webm');
  await renamed.getByLabel(/^More for/).click();
  await renamed.getByRole('button', { name: 'Remove' }).click();
  await expect(renamed).toHaveCount(0);

  const undo = page.getByRole('banner').getByRole('button', { name: 'Undo' });
  await undo.click();
  await expect(renamed).toBeVisible();
  await undo.click();
  await expect(video).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(video.getByRole('radio', { name: 'anomalous' })).not.toBeChecked();
  await page.reload();
  await ready(page);
  await expect(video).toBeVisible();
});

test('a corrected label begins a new run, and undo of a removal is that of the removal', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  const [{ name }] = await withFeatures(page);
  await page.evaluate(() => globalThis.weaklens!.train({ seed: 1, steps: 5 }));
  await expect(page.getByText(/Play begins a new run/)).toHaveCount(0);
  await page.evaluate((name) => globalThis.weaklens!.split(name, 'test'), name);
  await expect(page.getByText('Over 1 test video')).toBeVisible(); // figures follow the parts
  await expect(page.getByText(/Play begins a new run/)).toBeVisible();

  await row(page, name)
    .getByLabel(/^More for/)
    .click();
  await row(page, name).getByRole('button', { name: 'Remove' }).click();
  await page.evaluate(() => globalThis.weaklens!.label('train-02.webm', 'normal'));
  await page.getByRole('status', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, name)).toBeVisible();
  await expect(row(page, 'train-02').getByRole('radio', { name: 'normal' })).toBeChecked();
});

test('features of two backbones do not meet in one run', async ({ page, house }) => {
  await open(page, await house.serve());
  await withFeatures(page);
  const outcome = await page.evaluate(async () => {
    const { client } = globalThis.weaklens!;
    // The same array twice, once as if another network had made it.
    const [summary] = await client.store.featureSummaries();
    const features = await client.store.features(summary.key);
    const provenance = { ...features.provenance, backbone: 'other', backboneHash: 'other' };
    await client.store.putFeatures('other', { ...features, provenance }, Date.now());
    const how = { selection: 'last' as const, validate: 0.2 };
    const spec = { projectId: 'p', head: 'sultani', config: {}, seed: 0, steps: 1, ...how };
    const of = (featureKey: string, label: 'normal' | 'anomalous') => ({
      videoId: label,
      name: label,
      label,
      featureKey,
    });
    return client.trainer
      .create({
        ...spec,
        config: { segments: 4, normalise: 'none' },
        videos: [of(summary.key, 'normal'), of('other', 'anomalous')],
      })
      .then(
        () => 'trained',
        (error: { code: string }) => error.code,
      );
  });
  expect(outcome).toBe('data-mismatch');
});

test('projects are apart', async ({ page, house }) => {
  await open(page, await house.serve());
  await withFeatures(page);
  await page.getByRole('button', { name: 'New project' }).click();
  await expect(page.getByRole('button', { name: 'Draw a street for me' })).toBeVisible();
  // The same files bring their features along: nothing is extracted twice.
  await dropFiles(page);
  await expect(page.getByRole('button', { name: 'All features are cached' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete this project' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row(page, 'train-01').getByRole('radio', { name: 'normal' })).toBeChecked();
});

test('a step asked for in a hurry follows the one before, in one run, and a project is let go of before the next one', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await withFeatures(page);
  await page.keyboard.press('s');
  await page.keyboard.press('s'); // while the first step is being taken
  const runs = () => page.evaluate(() => globalThis.weaklens!.runs().map(({ step }) => step));
  await expect.poll(runs).toHaveLength(1);
  await expect.poll(runs).toEqual([2]); // the second step follows the first, of the same run

  const [first] = await page.getByRole('combobox', { name: 'Project' }).locator('option').allTextContents();
  await page.getByRole('button', { name: 'New project' }).click();
  await expect(page.getByRole('button', { name: 'Draw a street for me' })).toBeVisible();
  const project = page.getByRole('combobox', { name: 'Project' });
  const second = await project.locator('option').last().textContent();
  // As the arrow keys do it, faster than a project opens.
  await project.evaluate(
    (select: HTMLSelectElement, [one, other]) => {
      for (const name of [one, other, one, other]) {
        select.value = [...select.options].find((option) => option.text === name)!.value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      }
    },
    [first, second!],
  );
  await expect(page.getByRole('button', { name: 'Draw a street for me' })).toBeVisible();
  const held = () =>
    page.evaluate(async () =>
      (await navigator.locks.query())
        .held!.map(({ name }) => name)
        .filter((name) => name!.startsWith('weaklens-project-')),
    );
  await expect.poll(held).toHaveLength(1);
  await project.selectOption({ label: first });
  await expect(row(page, 'train-01').getByRole('radio', { name: 'normal' })).toBeEnabled();
  await expect.poll(held).toHaveLength(1);
});

test('a full disk loses nothing, and says what to free', async ({ page, house, context }) => {
  const address = await house.serve();
  const cdp = await context.newCDPSession(page);
  const { origin } = new URL(address);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 8 << 20 });
  await open(page, address);
  const [{ name }] = await makeFiles(page, 7, { ...SMALL, train: 1 });
  await dropFiles(page);
  await row(page, name).getByRole('radio', { name: 'normal' }).check({ force: true });

  const dropLarge = async () => {
    await page.evaluate(() => {
      const rows = 4000; // 16 MB of features
      const header =
        `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, 1024), }`.padEnd(117) + '\n';
      const prefix = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
      // Nothing that a browser could compress.
      const values = Float32Array.from({ length: rows * 1024 }, () => Math.random());
      const file = new File([prefix, header, values], 'large.npy');
      (globalThis as unknown as { made: File[] }).made = [file];
    });
    await dropFiles(page);
  };
  await dropLarge();
  const notices = page.getByRole('status', { name: 'Notices' });
  await expect(notices.getByText('The storage of this browser is full.')).toBeVisible();
  await expect(notices.getByText(/Free space under .Cost./)).toBeVisible();
  await expect(notices.getByText('large.npy')).toBeVisible();
  await expect(row(page, name).getByRole('radio', { name: 'normal' })).toBeChecked();
  await expect(row(page, 'large')).toHaveCount(0);

  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await dropLarge();
  await expect(row(page, 'large')).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(row(page, name).getByRole('radio', { name: 'normal' })).toBeChecked();
  expect(await page.evaluate(() => globalThis.weaklens!.videos().map(({ snippets }) => snippets))).toEqual([
    null,
    4000,
  ]);
});

test('two tabs: one writes, the other looks, until it takes over', async ({ page, house, context }) => {
  const address = await house.serve();
  await open(page, address);
  await makeFiles(page, 1, { ...SMALL, train: 1 });
  await dropFiles(page);
  await expect(row(page, 'train-01')).toBeVisible();
  const other = await context.newPage();
  await open(other, address);
  await expect(other.getByText(/open in another tab/i).first()).toBeVisible();
  const refused = await other.evaluate(() =>
    globalThis.weaklens!.label('train-01.webm', 'normal').then(
      () => 'written',
      (error: Error) => error.message,
    ),
  );
  expect(refused).toContain('another tab');
  await other.getByRole('button', { name: 'Use it here' }).click();
  await expect(other.getByText(/open in another tab/i)).toHaveCount(0);
  await row(other, 'train-01').getByRole('radio', { name: 'normal' }).check({ force: true });
  await expect(page.getByText(/open in another tab/i).first()).toBeVisible();
  await other.close();
  await page.reload();
  await ready(page);
  await expect(row(page, 'train-01').getByRole('radio', { name: 'normal' })).toBeChecked();
});

test('a worker that dies rejects what was pending, and the next call finds a new one', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await withFeatures(page);
  const outcome = await page.evaluate(async () => {
    const page = globalThis.weaklens!;
    const training = page.train({ seed: 1, steps: 5000 }).then(
      () => 'finished',
      (error: { code?: string }) => error.code,
    );
    while (!page.runs()[0] || page.runs()[0].seed !== 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 500));
    page.client.endWorker('train');
    return training;
  });
  expect(outcome).toBe('worker-died');
  // The run is there, at its last checkpoint, and goes on.
  const run = await page.evaluate(() => globalThis.weaklens!.train({ steps: 3 }));
  expect(run.step).toBeGreaterThanOrEqual(3);
});

test('a lost graphics device is replaced, and the losses are those of a run without the loss', async ({
  page,
  house,
}) => {
  const address = await house.serve();
  await open(page, address);
  await withFeatures(page);
  await open(page, `${address}?backend=webgpu`);
  const config = { hidden1: 16, hidden2: 8, segments: 8 };
  const runs = await page.evaluate(async (config) => {
    const page = globalThis.weaklens!;
    const train = async (onTick?: () => void) => {
      const run = await page.train({ head: 'sultani', config, seed: 2, steps: 12, onTick });
      return { losses: Array.from(run.losses.total), backend: run.backend };
    };
    const whole = await train();
    // The same settings would go on with the run before: begin it again under another seed first.
    await page.train({ head: 'sultani', config, seed: 3, steps: 1 });
    let isLost = false;
    const broken = await train(() => {
      if (!isLost) void page.client.loseDevice('train');
      isLost = true;
    });
    return { whole, broken, isLost };
  }, config);
  expect(runs.isLost).toBe(true);
  expect(runs.whole.backend).toBe('webgpu');
  expect(runs.broken.losses).toHaveLength(12);
  runs.broken.losses.forEach((loss, i) => expect(loss).toBeCloseTo(runs.whole.losses[i], 4));
});

test('extraction is paused, resumed and cancelled', async ({ page, house }) => {
  await open(page, await house.serve());
  await makeFiles(page, 9, { ...SMALL, train: 6, seconds: 12 });
  await dropFiles(page);
  await page.getByRole('button', { name: 'Extract features of 6' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText(/paused/)).toBeVisible();
  const progress = page.getByText(/^Extracting/);
  await page.waitForTimeout(700);
  const before = await progress.textContent();
  await page.waitForTimeout(1000);
  expect(await progress.textContent()).toBe(before);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(progress).not.toHaveText(before!);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: /^Extract features of [1-6]$/ })).toBeVisible({
    timeout: 3000,
  });
});
