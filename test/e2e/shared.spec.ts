/** The walk on real videos with real weights, where `../shared` has them. Part of `npm run test:long`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildIfStale, root } from '../../src/cli/build.ts';
import { filesInPage } from '../../src/cli/page.ts';
import { readNpy } from '../../src/engine/formats/npy.ts';
import { expect, open, ready, test } from './weaklens.ts';

const shared = resolve(root, '../shared');
const installed = join(root, 'public/weights/movinet-a0-stream.safetensors');

test.skip(!existsSync(shared), '../shared is absent');

/** Real weights for the time of this file, where they were not installed before. */
let wasInstalled = false;
test.beforeAll(() => {
  wasInstalled = existsSync(installed);
  npm('weights', 'movinet-a0-stream', '--from', join(shared, 'weights'));
  buildIfStale();
});
test.afterAll(() => {
  if (!wasInstalled) rmSync(installed, { force: true });
});

function npm(script: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script, '--', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

test('forty clips of fights to train on, twenty to test, over three seeds @long', async ({ page, house }) => {
  test.setTimeout(600_000);
  await open(page, await house.serve());
  const folder = join(shared, 'videos/fights');
  const clips = (kind: string) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${kind}_`))
      .sort();
  const [fights, calm] = [clips('fight'), clips('nofight')];
  expect(fights.length + calm.length).toBe(60);
  const files = await filesInPage(
    page,
    [...fights, ...calm].map((name) => join(folder, name)),
  );
  const added = await page.evaluate((files) => globalThis.weaklens!.addVideos(files), files);
  expect(added.refused).toEqual([]);
  await page.evaluate(
    async ({ fights, calm }) => {
      const weaklens = globalThis.weaklens!;
      for (const [names, label] of [
        [fights, 'anomalous'],
        [calm, 'normal'],
      ] as const) {
        for (const [i, name] of names.entries()) {
          await weaklens.label(name, label);
          if (i % 3 === 2) await weaklens.split(name, 'test');
        }
      }
    },
    { fights, calm },
  );
  const extracted = await page.evaluate(() => globalThis.weaklens!.extract());
  expect(extracted).toEqual({ extracted: 60, failed: [] });
  const aucs = await page.evaluate(async () => {
    const found: (number | null)[] = [];
    for (const seed of [0, 1, 2]) {
      await globalThis.weaklens!.train({ head: 'sultani', seed, steps: 150 });
      found.push((await globalThis.weaklens!.evaluate())!.videoAuc);
    }
    return found;
  });
  console.log(
    `fights, 40 to train and 20 to test, real MoViNet weights: video AUC ${aucs.map((auc) => auc?.toFixed(3)).join(', ')}`,
  );
  for (const auc of aucs) expect(auc).toBeGreaterThan(0.5);
  await page.reload();
  await ready(page);
  expect(
    await page.evaluate(() => globalThis.weaklens!.videos().filter(({ snippets }) => snippets).length),
  ).toBe(60);
  expect(await page.evaluate(() => globalThis.weaklens!.runs().length)).toBe(3);
});

test('features of the street clips are the same on wasm and webgpu @long', async () => {
  test.setTimeout(900_000);
  const folder = join(shared, 'videos/street');
  const clips = readdirSync(folder).filter((name) => name.endsWith('.mp4'));
  const out = mkdtempSync(join(tmpdir(), 'weaklens-street-'));
  for (const backend of ['wasm', 'webgpu']) {
    npm(
      'lab',
      'extract',
      ...clips.map((name) => join(folder, name)),
      '--out',
      join(out, backend),
      '--backend',
      backend,
    );
  }
  for (const clip of clips) {
    const read = (backend: string) => {
      const name = clip.replace(/\.mp4$/, '.npy');
      return readNpy(readFileSync(join(out, backend, name)), name);
    };
    const [wasm, webgpu] = [read('wasm'), read('webgpu')];
    expect(webgpu.shape).toEqual(wasm.shape);
    const worst = wasm.values.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - webgpu.values[i])),
      0,
    );
    console.log(
      `${clip}: ${wasm.shape.join(' x ')}, largest difference between wasm and webgpu ${worst.toExponential(1)}`,
    );
    expect(worst).toBeLessThan(1e-4);
  }
});
