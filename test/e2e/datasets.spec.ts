/** A folder of features as it lies on a researcher's disk becomes a dataset in one step. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ElementHandle, Page } from '@playwright/test';
import { root } from '../../src/cli/build.ts';
import { evaluate } from '../../src/engine/evaluation/evaluate.ts';
import { writeNpy } from '../../src/engine/formats/npy.ts';
import { Random } from '../../src/engine/random.ts';
import { expect, open, ready, row, test, violations } from './weaklens.ts';

const real = resolve(root, '../shared/features/ucf-c3d-pca512');

/** Chooses a folder as the button does. */
async function chooseFolder(page: Page, folder: string): Promise<void> {
  const input = (await page
    .locator('input[webkitdirectory]')
    .elementHandle()) as ElementHandle<HTMLInputElement>;
  await input.setInputFiles(folder);
}

/** Ten crops a video as UR-DMU has them, with an annotation; `Normal_Videos_003` lacks one, `Arson022` has no features. */
function makeFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'weaklens-ucf-')), 'UCF');
  mkdirSync(join(folder, 'train'), { recursive: true });
  mkdirSync(join(folder, 'test'), { recursive: true });
  const random = new Random(5);
  const write = (part: string, name: string, crops: number, rows: number, shift: number) => {
    for (let crop = 0; crop < crops; crop++) {
      const values = Float32Array.from({ length: rows * 16 }, () => random.normal() + shift);
      writeFileSync(join(folder, part, `${name}__${crop}.npy`), writeNpy({ shape: [rows, 16], values }));
    }
  };
  for (let v = 1; v <= 3; v++) {
    write('train', `Abuse00${v}_x264`, 10, 12, 1);
    write('train', `Normal_Videos00${v}_x264`, 10, 12, 0);
  }
  write('test', 'Abuse028_x264', 10, 10, 1);
  write('test', 'Normal_Videos_003_x264', 9, 8, 0);
  writeFileSync(
    join(folder, 'UCF_Annotation.txt'),
    'Abuse/Abuse028_x264.mp4 153 Abuse 40 80 -1 -1\nArson/Arson022_x264.mp4 8640 Arson 1 2 -1 -1\nNormal/Normal_Videos_003_x264.mp4 128 Normal -1 -1 -1 -1\n',
  );
  writeFileSync(join(folder, 'README.md'), '# Features\n');
  return folder;
}

test('a folder is recognised, reported, trained on and known again', async ({ page, house }) => {
  await open(page, await house.serve());
  const folder = makeFolder();
  await chooseFolder(page, folder);
  const panel = page.getByRole('tabpanel', { name: 'Import' });
  await expect(panel).toContainText('UCF-Crime');
  await expect(page.getByRole('tab', { name: 'Import' })).toBeInViewport({ ratio: 1 }); // however many tabs there are
  await expect(panel).toContainText('8 stored in');
  await expect(panel.getByRole('row').filter({ hasText: 'Arson022_x264' })).toContainText('no features');
  await expect(panel.getByRole('row').filter({ hasText: 'Normal_Videos_003' })).toContainText(
    '9 of 10 crops',
  );
  await expect(page.getByText('README.md')).toHaveCount(0); // nobody asked for it
  expect(await violations(page)).toEqual([]);

  const videos = await page.evaluate(() => globalThis.weaklens!.videos());
  expect(videos.map(({ name, part, label }) => `${name} ${part} ${label}`).sort()).toEqual([
    'Abuse001_x264 train anomalous',
    'Abuse002_x264 train anomalous',
    'Abuse003_x264 train anomalous',
    'Abuse028_x264 test anomalous',
    'Normal_Videos001_x264 train normal',
    'Normal_Videos002_x264 train normal',
    'Normal_Videos003_x264 train normal',
    'Normal_Videos_003_x264 test normal',
  ]);
  const truth = () => page.evaluate(() => globalThis.weaklens!.truth('Abuse028_x264'));
  expect(await truth()).toMatchObject({ totalFrames: 153, intervals: [{ startFrame: 40, endFrame: 80 }] });

  // Another convention for the length of a video is one choice away.
  const row = panel.getByRole('row').filter({ hasText: 'ceil16' });
  await expect(row).toContainText('288'); // 160 and 128
  await row.getByRole('radio').check();
  await expect.poll(async () => (await truth())!.totalFrames).toBe(160);

  const run = await page.evaluate(() =>
    globalThis.weaklens!.train({ head: 'sultani', seed: 0, steps: 3, config: { segments: 8 } }),
  );
  expect(run.training).toHaveLength(6);

  // After a reload the same files are known without being read again.
  await page.reload();
  await ready(page);
  await chooseFolder(page, folder);
  await expect(panel).toContainText('of which 8 were here before');
  expect(await page.evaluate(() => globalThis.weaklens!.videos().length)).toBe(8);
});

test('a cancelled import keeps what is stored and goes on from there', async ({ page, house }) => {
  await open(page, await house.serve());
  const result = await page.evaluate(async () => {
    const script = globalThis.weaklens!;
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 512), }".padEnd(117) + '\n';
    const files = Array.from({ length: 60 }, (_, v) => {
      const bytes = new Uint8Array(128 + 64 * 512 * 4);
      bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0]);
      bytes.set(new TextEncoder().encode(header), 10);
      new DataView(bytes.buffer).setFloat32(128, v + 1, true);
      return new File([bytes], `cam${String(v).padStart(3, '0')}.npy`, { lastModified: 1 });
    });
    const cancelled = await script.addFeatures(files, {
      onProgress: ({ unit, done }) => {
        if (unit === 'videos' && done === 10)
          [...document.querySelectorAll('button')]
            .find(({ textContent }) => textContent === 'Cancel the import')!
            .click();
      },
    });
    const kept = script.videos().length;
    const again = await script.addFeatures(files);
    return {
      cancelled: cancelled.added.length,
      kept,
      again: again.added.length,
      all: script.videos().length,
    };
  });
  expect(result.cancelled).toBeGreaterThanOrEqual(10);
  expect(result.cancelled).toBeLessThan(60);
  expect(result.kept).toBe(result.cancelled);
  expect([result.again, result.all]).toEqual([60, 60]);
});

test.describe(() => {
  test.skip(!existsSync(real), '../shared is absent');

  test('the real features of UCF-Crime are a dataset with truth in one step @long', async ({
    page,
    house,
  }) => {
    await open(page, await house.serve());
    await chooseFolder(page, real);
    const panel = page.getByRole('tabpanel', { name: 'Import' });
    await expect(panel).toContainText('271 stored in', { timeout: 60_000 });
    await expect(panel).toContainText('244 to train and 27 to test');
    await page.screenshot({ path: join(root, 'test-results/import.png') });
    const figures = await page.evaluate(async () => {
      const run = await globalThis.weaklens!.train({ head: 'sultani', seed: 0, steps: 40 });
      const scored = await globalThis.weaklens!.score(run.id);
      const { scores } = scored.find(({ name }) => name === 'Shooting033_x264')!;
      return { evaluation: await globalThis.weaklens!.evaluate(run.id), scores: Array.from(scores) };
    });
    const { evaluation, scores } = figures;
    expect(evaluation).toMatchObject({ videos: 27, frames: 25_687, expansion: 'widths', mismatches: [] });
    console.log(`frame AUC after 40 steps ${evaluation!.frameAuc!.toFixed(3)}`);

    // On stage a segment is as wide as in the figures: the truth is in sight, and the head is judged by it.
    await row(page, 'Shooting033_x264').getByRole('button').first().click();
    const lanes = page.getByRole('slider', { name: 'Position in the video' });
    await expect(lanes).toHaveAttribute('aria-valuemax', '3630');
    await page.keyboard.press('t');
    const judged = page.getByRole('table', { name: 'You, the head and the truth' });
    await expect(judged.getByRole('row', { name: /^Truth/ })).toContainText('1 interval, 13 s');
    const truth = {
      totalFrames: 3630,
      intervals: [{ startFrame: 1680, endFrame: 2000, class: 'Shooting' }],
    };
    const video = { name: '', scores, frames: null, framesPerSecond: null, label: null, truth };
    const { frameAuc } = evaluate([{ ...video, width: 3630 / 32 }], { expansion: 'widths', threshold: 0.5 });
    await expect(judged.getByRole('row', { name: /^Head/ })).toContainText(frameAuc!.toFixed(3));
    await page.screenshot({ path: join(root, 'test-results/segments.png') });
  });
});
