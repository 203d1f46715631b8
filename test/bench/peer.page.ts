/**
 * The straightforward way, for comparison: mediabunny's own sink with the browser's canvas for decoding and resizing,
 * and the network called for every frame, as a stream network usually is. Runs in a page of its own.
 */
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { BlobSource, CanvasSink, Input, MP4, WEBM } from 'mediabunny';
import type { StreamState } from '../../src/engine/backbone/backbone.ts';
import { A0_STREAM, MoViNet, randomWeights } from '../../src/engine/backbone/movinet.ts';
import { Random } from '../../src/engine/random.ts';

const SIZE = A0_STREAM.inputSize;

/** @returns milliseconds per picture of 5 a second */
async function decodeAndResize(film: Blob): Promise<number> {
  const started = performance.now();
  const input = new Input({ source: new BlobSource(film), formats: [MP4, WEBM] });
  const track = (await input.getPrimaryVideoTrack())!;
  const sink = new CanvasSink(track, { width: SIZE, height: SIZE, fit: 'cover', poolSize: 1 });
  const length = await track.computeDuration();
  const times = Array.from({ length: Math.floor(5 * length) }, (_, i) => i / 5);
  let pictures = 0;
  for await (const wrapped of sink.canvasesAtTimestamps(times)) {
    const context = wrapped!.canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    const { data } = context.getImageData(0, 0, SIZE, SIZE);
    const picture = new Float32Array(SIZE * SIZE * 3);
    for (let i = 0, o = 0; i < data.length; i += 4) {
      picture[o++] = data[i] / 255;
      picture[o++] = data[i + 1] / 255;
      picture[o++] = data[i + 2] / 255;
    }
    pictures++;
  }
  input.dispose();
  return (performance.now() - started) / pictures;
}

/** @returns milliseconds per frame, one frame a call, wasm on one thread */
async function frameByFrame(frames: number): Promise<number> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmUrl,
    'tfjs-backend-wasm-simd.wasm': wasmUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmUrl,
  });
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setThreadsCount(1);
  if (!(await tf.setBackend('wasm'))) throw new Error('wasm does not start');
  const network = new MoViNet(A0_STREAM, randomWeights(A0_STREAM, new Random(0)));
  const frame = tf.randomUniform<tf.Rank.R4>([1, SIZE, SIZE, 3]);
  let state: StreamState | undefined;
  let started = 0;
  for (let i = -2; i < frames; i++) {
    if (i === 0) started = performance.now();
    const output = network.forward(frame, state);
    state = output.state;
    await output.vectors.data();
    tf.dispose([output.vectors, output.maps]);
  }
  const elapsed = performance.now() - started;
  tf.dispose([frame, ...(state ?? [])]);
  network.dispose();
  return elapsed / frames;
}

const peer = { decodeAndResize, frameByFrame };

export type Peer = typeof peer;

Object.assign(globalThis, { peer });
