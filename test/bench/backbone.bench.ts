/**
 * The backbone beside its peers, from one run: the stages of an extraction on every backend, then the network alone, 16
 * frames a call, in tfjs, in ONNX Runtime and in LiteRT. The contenders take turns, so that whatever else the machine
 * does is shared out among them.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { build, preview, type PreviewServer } from 'vite';
import { browserFlags, findOrInstallBrowser } from '../../src/cli/browser.ts';
import { root } from '../../src/cli/build.ts';
import { headers } from '../../src/cli/headers.ts';
import { openLab } from '../../src/cli/page.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';
import { A0_STREAM } from '../../src/engine/backbone/movinet.ts';
import {
  countMacs,
  furthest,
  lineOf,
  printMacs,
  printProfile,
  quantile,
  speedOf,
  type Figures,
} from './backbone.figures.ts';
import type { BackbonePage, Choice, Opened } from './backbone.page.ts';

const MODEL = resolve(root, '../shared/weights/movinet-a0-stream/movinet_a0_stream_int8.tflite');
const THREADS = availableParallelism();

const KINDS = ['ours', 'onnx', 'litert'] as const;
/** Wasm on one thread as well: what threads bring is another matter than who is quicker. */
const FIELDS = [
  ...[...new Set([1, THREADS])].map((threads) => ({ backend: 'wasm', threads }) as const),
  { backend: 'webgpu', threads: 1 } as const,
];
const NAMES = { ours: 'ours', onnx: 'onnxruntime-web', litert: 'LiteRT.js int8' };

/** Seconds of film for the stages: a software GPU is a hundred times slower than it need be. */
const STAGES = [
  { backend: 'wasm', seconds: 24, runs: 5 },
  { backend: 'webgpu', seconds: 4, runs: 1 },
] as const;
const FILM_RATE = 15;

const ROUNDS = 7;
/** Milliseconds of a contender's turn; at least one call is made. */
const TURN = 1500;
/** Milliseconds after which no further round begins: a software GPU needs seconds for one call. */
const PATIENCE = 60_000;
/** Side of the matrices of the yardstick. */
const SIDE = 1024;

const backbone: Bench = {
  does: 'the stages of an extraction, and the network alone beside onnxruntime-web and LiteRT.js',

  async run() {
    const macs = countMacs(A0_STREAM);
    printMacs(macs);
    const stages = await measureStages();
    const alone = await measureAlone(macs.total);
    return { macsPerFrame: macs, stages, ...alone };
  },
};

export default backbone;

/** Milliseconds: decode per frame of the file, the others per frame that the backbone saw. */
interface Stage {
  device: string;
  decode: number;
  pixels: number;
  backbone: number;
  /** Of the file, from end to end. */
  framesPerSecond: number;
}

/** Decode, pixels and backbone as the app does them, on a drawn film. */
async function measureStages() {
  const stages: Record<string, Stage> = {};
  for (const { backend, seconds, runs: count } of STAGES) {
    const lab = await openLab({ backend });
    try {
      const film = await lab.page.evaluateHandle(
        async ({ seconds, framesPerSecond }) => {
          const { client } = globalThis.weaklens!;
          const [video] = await client.filming.planDemo(0, { train: 1, test: 0, seconds, framesPerSecond });
          return (await client.filming.film(video, () => {}).result).file;
        },
        { seconds, framesPerSecond: FILM_RATE },
      );
      const runs: Stage[] = [];
      for (let i = 0; i <= count; i++) {
        const run = await lab.page.evaluate(
          async ({ film, backend }) => {
            const { client } = globalThis.weaklens!;
            const settings = { backend, backbone: 'auto', framesPerSecond: 0, maps: false } as const;
            const { device } = await client.prepareExtraction(settings);
            const request = { ...settings, file: film, name: film.name, hash: 'bench' };
            const { notes } = await client.extractFiles(request, () => {}).result;
            const { seconds, frames, sampledFrames } = notes;
            return {
              device: device.adapter ?? `${device.threads} threads`,
              decode: (1000 * seconds.decode) / frames,
              pixels: (1000 * seconds.pixels) / sampledFrames,
              backbone: (1000 * seconds.backbone) / sampledFrames,
              framesPerSecond: frames / seconds.total,
            };
          },
          { film, backend },
        );
        if (i > 0) runs.push(run); // the first compiles shaders and fills caches
      }
      const median = (key: Exclude<keyof Stage, 'device'>) =>
        quantile(
          runs.map((run) => run[key]),
          0.5,
        );
      const { device } = runs[0];
      const [decode, pixels, network] = [median('decode'), median('pixels'), median('backbone')];
      const framesPerSecond = median('framesPerSecond');
      stages[backend] = { device, decode, pixels, backbone: network, framesPerSecond };
      console.error(
        `${backend.padEnd(7)} decode ${decode.toFixed(2)} ms a frame of the file; pixels ${pixels.toFixed(2)}, ` +
          `backbone ${network.toFixed(2)} ms a frame seen; ${framesPerSecond.toFixed(0)} frames of ` +
          `${FILM_RATE} fps video a second (${device})`,
      );
    } catch (error) {
      skip(`stages on ${backend}`, error);
    } finally {
      await lab.close();
    }
  }
  return stages;
}

function skip(what: string, error: unknown): void {
  console.error(`${what}: skipped, ${(error as Error).message.split('\n')[0]}`);
}

/** All contenders of a backend and a number of threads at a time, each in a page of its own. */
async function measureAlone(macs: number) {
  const site = await buildSite();
  const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserFlags });
  const contenders: Figures[] = [];
  const yardsticks: { backend: string; threads: number; gigaflops: number }[] = [];
  const profiles: Record<string, Record<string, number>> = {};
  let reference: number[] | undefined;
  try {
    for (const { backend, threads } of FIELDS) {
      const field = backend === 'wasm' ? `wasm, threads: ${threads}` : backend;
      console.error(field);
      const choices = KINDS.map((kind) => ({ kind, backend, threads }));
      const opened = await openAll(browser, site.address, choices);
      const times = await takeTurns(opened);
      const ours = opened.find(({ choice }) => choice.kind === 'ours');
      reference ??= ours?.vectors;
      opened.forEach(({ choice, device, framesPerCall, vectors, seconds }, i) => {
        const figures: Figures = {
          ...choice,
          name: NAMES[choice.kind],
          device,
          startSeconds: seconds,
          ...speedOf(times[i], framesPerCall, macs),
          deviation: choice.kind === 'litert' || !reference ? null : furthest(vectors, reference),
        };
        contenders.push(figures);
        console.error(lineOf(figures));
      });
      if (ours) {
        const rates = await ours.page.evaluate((side) => theBench().yardstick(side, 1500), SIDE);
        const gigaflops = quantile(rates, 0.5);
        yardsticks.push({ backend, threads, gigaflops });
        console.error(`  a product of matrices of ${SIDE} in tfjs: ${gigaflops.toPrecision(2)} GFLOP/s`);
        if (backend === 'wasm') {
          profiles[field] = await ours.page.evaluate(() => theBench().profile());
          printProfile(profiles[field], ours.framesPerCall);
        }
      }
      for (const { page } of opened) await page.close();
    }
  } finally {
    await browser.close();
    await site.close();
  }
  return { contenders, yardsticks, profiles };
}

/** With the seconds from its start to its first result. */
type Contender = Opened & { choice: Choice; page: Page; seconds: number };

async function openAll(browser: Browser, address: string, choices: Choice[]): Promise<Contender[]> {
  const opened: Contender[] = [];
  for (const choice of choices) {
    const page = await browser.newPage();
    try {
      if (choice.kind === 'litert' && !existsSync(MODEL)) throw new Error(`${MODEL} is not here`);
      await page.addInitScript(
        'globalThis.__name = (wrapped) => wrapped; globalThis.theBench = () => bench;',
      );
      await page.goto(address);
      await page.waitForFunction(() => 'bench' in globalThis);
      const begun = Date.now();
      const ready = await page.evaluate((choice) => theBench().open(choice), choice);
      const seconds = (Date.now() - begun) / 1000;
      if (!ready.vectors.some((value) => value !== 0)) throw new Error('its numbers are all zero');
      opened.push({ choice, page, seconds, ...ready });
      console.error(`  ${NAMES[choice.kind].padEnd(16)} first result after ${seconds.toFixed(1)} s`);
    } catch (error) {
      skip(`  ${NAMES[choice.kind].padEnd(16)}`, error);
      await page.close();
    }
  }
  return opened;
}

/** Round after round, so that a busy minute of the machine hits all of them. @returns milliseconds of every call */
async function takeTurns(contenders: Contender[]): Promise<number[][]> {
  const times = contenders.map((): number[] => []);
  const begun = Date.now();
  for (let round = 0; round < ROUNDS && Date.now() - begun < PATIENCE; round++) {
    for (const [i, { page }] of contenders.entries()) {
      await page.bringToFront();
      times[i].push(...(await page.evaluate((turn) => theBench().time(turn), TURN)));
    }
  }
  return times;
}

/** A folder with the contenders' page and the untouched files of the peers, on a server that isolates it for threads. */
async function buildSite(): Promise<{ address: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'weaklens-backbone-'));
  const packages = join(root, 'node_modules');
  await build({
    configFile: join(root, 'vite.config.ts'), // for the threads of tfjs
    root: import.meta.dirname,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: true,
      rolldownOptions: {
        input: join(import.meta.dirname, 'backbone.page.ts'),
        output: { entryFileNames: 'page.js' },
      },
    },
  });
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="page.js"></script>',
  );
  symlinkSync(join(packages, 'onnxruntime-web/dist'), join(folder, 'ort'));
  symlinkSync(join(packages, '@litertjs/core/wasm'), join(folder, 'litert'));
  if (existsSync(MODEL)) copyFileSync(MODEL, join(folder, 'model.tflite'));
  const { 'Cross-Origin-Opener-Policy': opener, 'Cross-Origin-Embedder-Policy': embedder } = headers;
  const server: PreviewServer = await preview({
    configFile: false,
    root: folder,
    logLevel: 'error',
    build: { outDir: folder },
    preview: {
      port: 0,
      headers: { 'Cross-Origin-Opener-Policy': opener, 'Cross-Origin-Embedder-Policy': embedder },
    },
  });
  return {
    address: server.resolvedUrls!.local[0],
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

declare global {
  /** In the contenders' page. */
  function theBench(): BackbonePage;
}
