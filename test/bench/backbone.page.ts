/**
 * The contenders of `backbone.bench.ts`, one to a page: this project's network as its workers run it, the same network
 * in ONNX Runtime, and Google's own file in LiteRT. Each is fed the same pictures and gives its vectors to JavaScript.
 * The first of them also runs in Node, for `backbone-node.bench.ts`.
 */
import type * as Ort from 'onnxruntime-web';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { StreamState } from '../../src/engine/backbone/backbone.ts';
import { movinetToOnnx, onnxStreamBuffers } from '../../src/engine/backbone/movinet-onnx.ts';
import { A0_STREAM, MoViNet, randomWeights } from '../../src/engine/backbone/movinet.ts';
import { Random } from '../../src/engine/random.ts';
import { checkDevice, startDevice } from '../../src/workers/device.ts';

export interface Choice {
  kind: 'ours' | 'onnx' | 'litert';
  backend: 'wasm' | 'webgpu';
  threads: number;
}

/** What stands ready. */
interface Contender {
  device: string;
  framesPerCall: number;
  /** The next frames of the stream. */
  call(): Promise<ArrayLike<number>>;
}

export interface Opened {
  device: string;
  framesPerCall: number;
  /** Of the first call, which begins the stream; to see that two contenders are one network. */
  vectors: number[];
}

/** As many as a call of the backbone gets in an extraction; fewer where each takes a second. */
async function framesPerCallOn(backend: Choice['backend']): Promise<number> {
  if (backend === 'wasm') return 16;
  const adapter = await navigator.gpu?.requestAdapter();
  return adapter?.info.isFallbackAdapter ? 2 : 16;
}

const SIZE = A0_STREAM.inputSize;

export const pixels = (count: number) => {
  const random = new Random(1);
  return Float32Array.from({ length: count * SIZE * SIZE * 3 }, () =>
    Math.min(1, Math.abs(0.4 * random.normal())),
  );
};

async function openOurs({ backend, threads }: Choice): Promise<Contender> {
  const device = await startDevice(backend, { threads });
  const network = new MoViNet(A0_STREAM, randomWeights(A0_STREAM, new Random(0)));
  const framesPerCall = await framesPerCallOn(backend);
  const values = pixels(framesPerCall);
  let state: StreamState | undefined;
  return {
    device: device.adapter ?? threadsOf(device.threads),
    framesPerCall,
    async call() {
      const frames = tf.tensor4d(values, [framesPerCall, SIZE, SIZE, 3]);
      const output = network.forward(frames, state);
      state = output.state;
      const vectors = await output.vectors.data();
      tf.dispose([frames, output.vectors, output.maps]);
      checkDevice();
      return vectors;
    },
  };
}

const threadsOf = (count: number) => `${count} ${count === 1 ? 'thread' : 'threads'}`;

async function openOnnx({ backend, threads }: Choice): Promise<Contender> {
  const address = new URL(`ort/ort.${backend}.min.mjs`, location.href).href;
  const ort = (await import(/* @vite-ignore */ address)) as typeof Ort;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  const buffers = onnxStreamBuffers(A0_STREAM);
  // The past stays on the graphics device; only the vectors are read.
  const stays = backend === 'webgpu' ? ('gpu-buffer' as const) : ('cpu' as const);
  const session = await ort.InferenceSession.create(
    movinetToOnnx(A0_STREAM, randomWeights(A0_STREAM, new Random(0))),
    {
      executionProviders: [backend],
      preferredOutputLocation: Object.fromEntries([
        ['vectors', 'cpu'],
        ...buffers.map(({ output }) => [output, stays]),
      ]) as Record<string, 'cpu' | 'gpu-buffer'>,
    },
  );
  const results = ['vectors', ...buffers.map(({ output }) => output)];
  // Channels first as it wants them: the turn from canvas order is not counted against it.
  const framesPerCall = await framesPerCallOn(backend);
  const values = channelsFirst(pixels(framesPerCall));
  let past: Record<string, Ort.Tensor> = Object.fromEntries(
    buffers.map(({ input, shape }) => [
      input,
      new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape),
    ]),
  );
  return {
    device: backend === 'webgpu' ? 'its WebGPU provider' : threadsOf(threads),
    framesPerCall,
    async call() {
      const frames = new ort.Tensor('float32', values, [framesPerCall, 3, SIZE, SIZE]);
      const output = await session.run({ frames, ...past }, results);
      for (const tensor of Object.values(past)) tensor.dispose();
      past = Object.fromEntries(buffers.map(({ input, output: name }) => [input, output[name]]));
      return output.vectors.data as Float32Array;
    },
  };
}

function channelsFirst(values: Float32Array): Float32Array {
  const area = SIZE * SIZE;
  const turned = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const [frame, pixel, channel] = [Math.floor(i / (3 * area)), Math.floor(i / 3) % area, i % 3];
    turned[(frame * 3 + channel) * area + pixel] = values[i];
  }
  return turned;
}

/** Frame by frame, which is all that the file can do; its classifier runs too (2.2 of its 49.7 million products). */
async function openLiteRt({ backend, threads }: Choice): Promise<Contender> {
  const litert = await import('@litertjs/core');
  // Without promises integrated into wasm it would put all of the network on the CPU for the few parts that must be.
  const options = backend === 'webgpu' ? { jspi: true } : { threads: threads > 1 };
  await litert.loadLiteRt(new URL('litert/', location.href).href, options);
  if (backend === 'webgpu') {
    const adapter = await navigator.gpu.requestAdapter();
    litert.setWebGpuDevice(await adapter!.requestDevice());
  }
  const model = await litert.loadAndCompile(new URL('model.tflite', location.href).href, {
    accelerator: backend,
    cpuOptions: { numThreads: threads },
  });
  const [images, states] = [true, false].map((isImage) =>
    model.getInputDetails().filter(({ name }) => (name === IMAGE) === isImage),
  );
  let state = Object.fromEntries(
    states.map(({ name, shape, dtype }) => {
      const length = shape.reduce((a, b) => a * b, 1);
      const values = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
      return [name, new litert.Tensor(values, [...shape])];
    }),
  );
  const values = pixels(1);
  const share = model.isFullyAccelerated ? 'all' : 'not all';
  return {
    device: backend === 'wasm' ? threadsOf(threads) : `${share} of it on WebGPU`,
    framesPerCall: 1,
    async call() {
      const image = new litert.Tensor(values, [...images[0].shape]);
      const { logits, ...next } = await model.run({ ...state, [IMAGE]: image });
      for (const tensor of [image, ...Object.values(state)]) tensor.delete();
      state = next;
      const result = await logits.data();
      logits.delete();
      return result as Float32Array;
    },
  };
}

/** The one input that is not state; states come out under the names under which they go in. */
const IMAGE = 'image';

const OPEN = { ours: openOurs, onnx: openOnnx, litert: openLiteRt };

let contender: Contender | null = null;

const bench = {
  /** Starts one and calls it once: shaders are compiled and caches filled. */
  async open(choice: Choice): Promise<Opened> {
    contender = await OPEN[choice.kind](choice);
    const { device, framesPerCall } = contender;
    return { device, framesPerCall, vectors: [...Array.from(await contender.call())] };
  },

  /** Calls for so many milliseconds, at least once; @returns how long each took. */
  async time(turn: number): Promise<number[]> {
    const times: number[] = [];
    const begun = performance.now();
    while (times.length === 0 || performance.now() - begun < turn) {
      const started = performance.now();
      await contender!.call();
      times.push(performance.now() - started);
    }
    return times;
  },

  /** Billions of multiplications and additions a second in a product of two square matrices: what tfjs can do here. */
  async yardstick(side: number, turn: number): Promise<number[]> {
    const matrix = tf.randomUniform<tf.Rank.R2>([side, side]);
    const rates: number[] = [];
    const begun = performance.now();
    for (let i = 0; i < 2 || performance.now() - begun < turn; i++) {
      const started = performance.now();
      const product = tf.matMul(matrix, matrix);
      const corner = tf.slice(product, [0, 0], [1, 1]); // reading all of it would be timed as well
      await corner.data();
      // Shaders are compiled in the first.
      if (i > 0) rates.push((2 * side ** 3) / (performance.now() - started) / 1e6);
      tf.dispose([product, corner]);
    }
    matrix.dispose();
    return rates;
  },

  /** Milliseconds of one call by kernel and size of its filter; true only where kernels are synchronous: on wasm. */
  async profile(): Promise<Record<string, number>> {
    const engine = tf.engine();
    const { runKernel } = engine;
    const spent: Record<string, number> = {};
    let depth = 0;
    engine.runKernel = function timed(name, inputs, attrs) {
      // The inputs of a concatenation are an array, which has a `filter` of another kind.
      const filter = Array.isArray(inputs) ? undefined : (inputs as { filter?: tf.Tensor }).filter;
      const key = filter ? `${name} ${filter.shape.slice(0, 2).join('x')}` : name;
      const started = performance.now();
      depth++;
      const output = runKernel.call(engine, name, inputs, attrs);
      if (--depth === 0) spent[key] = (spent[key] ?? 0) + performance.now() - started;
      return output as never;
    };
    try {
      await contender!.call();
    } finally {
      engine.runKernel = runKernel;
    }
    return spent;
  },

  /** Milliseconds of the device in one call, by program, on WebGPU; nothing where it tells no time. */
  async profileDevice(): Promise<Record<string, number>> {
    const backend = tf.backend() as WebGPUBackend;
    const spent: Record<string, number> = {};
    if (!backend.device.features.has('timestamp-query')) return spent;
    let called: Promise<unknown> | undefined;
    const { getExtraProfileInfo } = (await backend.time(() => {
      called = contender!.call(); // it gives its programs to the device before it waits
    })) as { getExtraProfileInfo(): string };
    await called;
    for (const part of getExtraProfileInfo().split(', ')) {
      const [program, time] = part.split(': ');
      spent[program] = (spent[program] ?? 0) + Number(time);
    }
    return spent;
  },
};

export type BackbonePage = typeof bench;

Object.assign(globalThis, { bench });
