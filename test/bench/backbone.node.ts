/**
 * The first contender of `backbone.page.ts` in Node: a program that `backbone-node.bench.ts` builds and starts, with the
 * path of the package `webgpu` as its argument. It prints one line of JSON.
 */
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { A0_STREAM, MoViNet, randomWeights } from '../../src/engine/backbone/movinet.ts';
import { Random } from '../../src/engine/random.ts';
import { startDevice } from '../../src/workers/device.ts';
import { furthest, NO_ADAPTER } from './backbone.figures.ts';
import { pixels, type BackbonePage, type Opened } from './backbone.page.ts';

export interface NodeRun extends Omit<Opened, 'vectors'> {
  startSeconds: number;
  /** Largest difference to the vectors of the cpu backend. */
  deviation: number;
  /** Milliseconds of every call. */
  times: number[];
  yardstick: { side: number; rates: number[] };
  profile: Record<string, number>;
}

/** As between backends in the tests of the backbone. */
const TOLERANCE = 1e-4;
/** Frames that the cpu backend computes: seconds for each. */
const CHECKED = 2;
/** Milliseconds of calls. */
const TURN = 10_000;
/** Side of the matrices of the yardstick; those of a page would be done before a real GPU is at full speed. */
const SIDES = { software: 1024, gpu: 4096 };

interface Dawn {
  create(options: string[]): GPU;
  globals: object;
}

const { create, globals } = (await import(/* @vite-ignore */ pathToFileURL(process.argv[2]).href)) as Dawn;
// Otherwise times of programs are rounded to 0.1 ms, as pages must not know better.
const gpu = create(['disable-dawn-features=timestamp_quantization']);
Object.assign(globalThis, globals, { self: globalThis });
Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });

const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) process.exit(NO_ADAPTER);

const expected = await reference();
const { bench } = globalThis as unknown as { bench: BackbonePage };
const begun = performance.now();
const { device, framesPerCall, vectors } = await bench.open({ kind: 'ours', backend: 'webgpu', threads: 1 });
const startSeconds = (performance.now() - begun) / 1000;
const deviation = furthest(vectors, expected);
if (!(deviation < TOLERANCE)) throw new Error(`its vectors are off those of the cpu by ${deviation}`);
const side = SIDES[adapter.info.isFallbackAdapter ? 'software' : 'gpu'];
const run: NodeRun = {
  device,
  framesPerCall,
  startSeconds,
  deviation,
  times: await bench.time(TURN),
  yardstick: { side, rates: await bench.yardstick(side, 3000) },
  profile: await bench.profileDevice(),
};
console.log(JSON.stringify(run));
process.exit(); // Dawn would keep it alive

/** Vectors of the first frames on the cpu backend. */
async function reference(): Promise<number[]> {
  tf.env().set('IS_NODE', false); // or tfjs advertises another package of its own
  await startDevice('cpu');
  const size = A0_STREAM.inputSize;
  const network = new MoViNet(A0_STREAM, randomWeights(A0_STREAM, new Random(0)));
  const frames = tf.tensor4d(pixels(CHECKED), [CHECKED, size, size, 3]);
  const { vectors, maps, state } = network.forward(frames);
  const values = [...(await vectors.data())];
  tf.dispose([frames, vectors, maps, ...state]);
  network.dispose();
  return values;
}
