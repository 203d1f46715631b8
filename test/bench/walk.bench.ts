/** Milliseconds per frame of every stage between a file and its features, on every backend that runs here. */
import { join } from 'node:path';
import type { JSHandle } from 'playwright';
import { build } from 'vite';
import { openLab, type Lab } from '../../src/cli/page.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';
import type { FeatureNotes } from '../../src/engine/formats/notes.ts';
import type { Peer } from './peer.page.ts';

/** Seconds of film: a software GPU is a hundred times slower than it need be. */
const DEVICES = [
  { backend: 'wasm', threads: 1, seconds: 24 },
  { backend: 'wasm', threads: 2, seconds: 24 },
  { backend: 'webgpu', threads: 1, seconds: 4 },
  { backend: 'webgl', threads: 1, seconds: 4 },
  { backend: 'cpu', threads: 1, seconds: 2 },
] as const;
const REPEATS = 5;

interface Stage {
  /** Medians, in milliseconds: decode per frame of the file, the others per frame that the backbone saw. */
  decode: number;
  pixels: number;
  backbone: number;
}

const walk: Bench = {
  does: 'milliseconds per frame of decode, resize and backbone; medians of several runs',

  async run() {
    const devices: Record<string, Stage & { adapter: string | null }> = {};
    for (const { backend, threads, seconds } of DEVICES) {
      const name = backend === 'wasm' ? `wasm, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : backend;
      const lab = await openLab({ backend, threads });
      try {
        const film = await makeFilm(lab, seconds);
        const adapter = await lab.page.evaluate(
          async ({ backend, threads }) => {
            const settings = { backend, backbone: 'auto', framesPerSecond: 0, maps: false, threads };
            return (await globalThis.weaklens!.client.prepareExtraction(settings)).device.adapter;
          },
          { backend, threads },
        );
        const runs: Stage[] = [];
        for (let i = 0; i <= (seconds > 10 ? REPEATS : 1); i++) {
          const stage = await extractOnce(lab, film, backend, threads);
          if (i > 0) runs.push(stage); // the first run compiles shaders and fills caches
        }
        const median = (key: keyof Stage) => middle(runs.map((run) => run[key]));
        devices[name] = {
          decode: median('decode'),
          pixels: median('pixels'),
          backbone: median('backbone'),
          adapter,
        };
        const { decode, pixels, backbone } = devices[name];
        console.error(
          `${name.padEnd(16)} decode ${decode.toFixed(2)}  resize ${pixels.toFixed(2)}  backbone ${backbone.toFixed(2)} ms a frame${adapter ? `  (${adapter})` : ''}`,
        );
      } catch (error) {
        console.error(`${name.padEnd(16)} does not run here: ${(error as Error).message.split('\n')[0]}`);
      } finally {
        await lab.close();
      }
    }
    const peers = await measurePeers();
    const one = devices['wasm, 1 thread'];
    const two = devices['wasm, 2 threads'];
    const ratios = {
      'decode and resize, ours to mediabunny and canvas': ((one.decode * 3 + one.pixels) /
        peers.decodeAndResize) as number,
      'backbone, 16 frames a call to one': one.backbone / peers.frameByFrame,
      'backbone, one thread to two': one.backbone / two.backbone,
    };
    for (const [name, ratio] of Object.entries(ratios)) console.error(`${name}: ${ratio.toFixed(2)}`);
    return { unit: 'ms per frame', devices, peers, ratios };
  },
};

export default walk;

/** A drawn film of 15 frames a second, of which the backbone sees 5. */
async function makeFilm(lab: Lab, seconds: number): Promise<JSHandle<File>> {
  return lab.page.evaluateHandle(async (seconds) => {
    const { client } = globalThis.weaklens!;
    const [video] = await client.filming.planDemo(0, { train: 1, test: 0, seconds, framesPerSecond: 15 });
    return (await client.filming.film(video, () => {}).result).file;
  }, seconds);
}

async function extractOnce(lab: Lab, film: JSHandle<File>, backend: string, threads: number): Promise<Stage> {
  const notes: FeatureNotes = await lab.page.evaluate(
    async ({ film, backend, threads }) => {
      const settings = {
        backend: backend as 'auto',
        backbone: 'auto',
        framesPerSecond: 0,
        maps: false,
        threads,
      };
      const request = { ...settings, file: film, name: film.name, hash: 'bench' };
      return (await globalThis.weaklens!.client.extractFiles(request, () => {}).result).notes;
    },
    { film, backend, threads },
  );
  const { seconds, frames, sampledFrames } = notes;
  return {
    decode: (1000 * seconds.decode) / frames,
    pixels: (1000 * seconds.pixels) / sampledFrames,
    backbone: (1000 * seconds.backbone) / sampledFrames,
  };
}

/** How one would do it without this project, in the same browser: see `peer.page.ts`. */
async function measurePeers(): Promise<{ decodeAndResize: number; frameByFrame: number }> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: join(import.meta.dirname, 'peer.page.ts') },
    },
  })) as unknown as { output: { type: string; code?: string; fileName: string; source?: Uint8Array }[] };
  const script = output.find(({ type }) => type === 'chunk')!.code!;
  const assets = new Map(
    output.flatMap(({ fileName, source }) => (source ? [[fileName, source] as const] : [])),
  );
  const lab = await openLab({ backend: 'wasm', threads: 1 });
  try {
    const film = await makeFilm(lab, 24);
    // A page of its own on the same server, without the policy that forbids foreign scripts.
    const context = await lab.browser.newContext();
    await context.route('**/peer/**', async (route) => {
      const path = new URL(route.request().url()).pathname.replace(/^\/peer\//, '');
      const asset = assets.get(path);
      if (asset) await route.fulfill({ body: Buffer.from(asset), contentType: 'application/wasm' });
      else if (path === 'peer.js') await route.fulfill({ body: script, contentType: 'text/javascript' });
      else
        await route.fulfill({
          body: '<script type="module" src="peer.js"></script>',
          contentType: 'text/html',
        });
    });
    const bytes = await film.evaluate(async (file) => Array.from(new Uint8Array(await file.arrayBuffer())));
    const page = await context.newPage();
    await page.goto(new URL('peer/', lab.address).href);
    await page.waitForFunction(() => 'peer' in globalThis);
    const measured = await page.evaluate(
      async ({ bytes, repeats }) => {
        const { peer } = globalThis as unknown as { peer: Peer };
        const film = new Blob([new Uint8Array(bytes)]);
        const decodes: number[] = [];
        const backbones: number[] = [];
        for (let i = 0; i < repeats; i++) {
          decodes.push(await peer.decodeAndResize(film));
          backbones.push(await peer.frameByFrame(24));
        }
        return { decodes, backbones };
      },
      { bytes, repeats: REPEATS },
    );
    const peers = { decodeAndResize: middle(measured.decodes), frameByFrame: middle(measured.backbones) };
    console.error(
      `peers            mediabunny and canvas, decode and resize ${peers.decodeAndResize.toFixed(2)}  ` +
        `backbone one frame a call ${peers.frameByFrame.toFixed(2)} ms a frame`,
    );
    return peers;
  } finally {
    await lab.close();
  }
}

function middle(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
