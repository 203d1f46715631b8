/**
 * The backbone alone on WebGPU without a browser: Node with Dawn, the library that Chromium itself uses, from the npm
 * package `webgpu`. For machines with a GPU and no screen. Its vectors are compared with the cpu backend's before
 * anything is timed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { UsageError } from '../../src/cli/verb.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';
import { A0_STREAM } from '../../src/engine/backbone/movinet.ts';
import {
  countMacs,
  lineOf,
  NO_ADAPTER,
  printMacs,
  printProfile,
  quantile,
  speedOf,
  type Figures,
} from './backbone.figures.ts';
import type { NodeRun } from './backbone.node.ts';

const backboneNode: Bench = {
  does: 'the network alone on WebGPU in Node, beside a product of matrices in the same process',

  async run() {
    const dawn = findDawn();
    const macs = countMacs(A0_STREAM);
    printMacs(macs);
    const run = await runInNode(dawn);
    const figures: Figures = {
      kind: 'ours',
      backend: 'webgpu',
      threads: 1,
      name: 'ours in Node',
      device: run.device,
      startSeconds: run.startSeconds,
      ...speedOf(run.times, run.framesPerCall, macs.total),
      deviation: run.deviation,
    };
    console.error(`${run.framesPerCall} frames a call, first result after ${run.startSeconds.toFixed(1)} s`);
    console.error(lineOf(figures));
    const { side, rates } = run.yardstick;
    const peak = quantile(rates, 0.5);
    console.error(
      `  a product of matrices of ${side} in tfjs: ${peak.toPrecision(2)} GFLOP/s; ` +
        `the network reaches ${((100 * figures.gigaflops) / peak).toFixed(0)} % of it`,
    );
    printProfile(run.profile, run.framesPerCall);
    const { framesPerCall, profile } = run;
    return {
      macsPerFrame: macs,
      framesPerCall,
      contenders: [figures],
      yardsticks: [{ backend: 'webgpu', threads: 1, side, gigaflops: peak }],
      profiles: { webgpu: profile },
    };
  },
};

export default backboneNode;

/** @throws UsageError where it is not installed */
function findDawn(): string {
  try {
    return createRequire(import.meta.url).resolve('webgpu');
  } catch {
    throw new UsageError(
      'this bench needs Dawn for Node (MIT, 132 MB for all systems): npm install --no-save webgpu',
    );
  }
}

/** As a program of its own: Dawn keeps a process alive, and globals of a browser have no place in this one. */
async function runInNode(dawn: string): Promise<NodeRun> {
  const folder = mkdtempSync(join(tmpdir(), 'weaklens-backbone-node-'));
  try {
    await build({
      configFile: false,
      root: import.meta.dirname,
      logLevel: 'error',
      publicDir: false,
      ssr: { noExternal: true },
      build: {
        ssr: join(import.meta.dirname, 'backbone.node.ts'),
        outDir: folder,
        target: 'node20',
        rolldownOptions: { output: { entryFileNames: 'run.mjs' } },
      },
    });
    const { status, stdout } = spawnSync(process.execPath, [join(folder, 'run.mjs'), dawn], {
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 2 ** 26,
      encoding: 'utf8',
    });
    if (status === NO_ADAPTER) {
      throw new UsageError(
        'Dawn finds no GPU here; Chromium brings one in software: ' +
          'VK_DRIVER_FILES=/usr/lib/chromium/vk_swiftshader_icd.json npm run bench -- backbone-node',
      );
    }
    if (status !== 0) throw new Error('the run in Node failed, see above');
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as NodeRun;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
