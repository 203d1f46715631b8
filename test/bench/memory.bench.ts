/**
 * Memory while a video of half an hour is extracted: it must stay flat, however long the video is. On WebGPU the buffers
 * are counted where the browser makes them, beside what tfjs says of them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { root } from '../../src/cli/build.ts';
import { UsageError } from '../../src/cli/verb.ts';
import { filesInPage, openLab } from '../../src/cli/page.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';

const CLIP = resolve(root, '../shared/videos/street/car-detection.mp4');
/** Software adapters of WebGPU see two frames a second, of five that a second of video has. */
const MINUTES = { webgpu: 1, wasm: 30 };
const LIMIT_MB = 500;

interface Sample {
  frames: number;
  pageHeap: number;
  workerHeap: number;
  /** As tfjs counts: tensors, and what they hold on the device or in wasm memory. */
  tensors: number;
  device: number;
  /** As the browser made them; null without WebGPU. */
  buffers: Buffers | null;
}

/** GPU buffers of the workers. */
interface Buffers {
  /** That were made and not destroyed. */
  alive: number;
  megabytes: number;
  /** Different sizes among all that were ever made. */
  sizes: number;
  /** Ever made. */
  made: number;
}

const memory: Bench = {
  does: `megabytes while ${MINUTES.wasm} minutes of street video are extracted (--backend webgpu: ${MINUTES.webgpu}): JS heaps of page and workers, and the device`,

  async run(common) {
    const backend = common.backend === 'webgpu' ? 'webgpu' : 'wasm';
    const seconds = 60 * MINUTES[backend];
    if (!existsSync(CLIP)) throw new UsageError(`this bench loops ${CLIP}, which is not here`);
    const folder = mkdtempSync(join(tmpdir(), 'weaklens-memory-'));
    const file = join(folder, 'long.mp4');
    const { status } = spawnSync('ffmpeg', [
      ...['-v', 'error', '-stream_loop', '-1', '-i', CLIP, '-t', String(seconds), '-an', '-c', 'copy', file],
    ]);
    if (status !== 0) throw new UsageError('ffmpeg is needed to loop the clip: apt-get install ffmpeg');
    let frames = 0;
    const lab = await openLab({ backend, onProgress: ({ done }) => (frames = done) });
    try {
      const look = await watch(lab.page, backend);
      const files = await filesInPage(lab.page, [file]);
      const started = Date.now();
      const settings = { backend, backbone: 'auto', framesPerSecond: 0, maps: false } as const;
      const result = lab.page.evaluate(
        async ({ files: [file], settings }) => {
          const { client } = globalThis.weaklens!;
          const request = { ...settings, file, name: file.name, hash: 'bench' };
          const { notes } = await client.extractFiles(request, (progress) => globalThis.labProgress(progress))
            .result;
          return { frames: notes.frames, snippets: notes.snippets.length, sampled: notes.sampledFrames };
        },
        { files, settings },
      );
      let isDone = false;
      void result.finally(() => (isDone = true)).catch(() => {});
      const trace: Sample[] = [];
      while (!isDone) {
        await new Promise((resolve) => setTimeout(resolve, 2000));
        if (frames === 0 || isDone) continue;
        const { numTensors, deviceBytes } = await lab.page.evaluate(() =>
          globalThis.weaklens!.client.memory('extract'),
        );
        const sample = { frames, ...(await look()), tensors: numTensors, device: deviceBytes / 1e6 };
        trace.push(sample);
        if (trace.length % 5 === 1) print(sample);
      }
      const video = await result;
      const seconds = (Date.now() - started) / 1000;
      const total = (sample: Sample) => sample.pageHeap + sample.workerHeap + sample.device;
      const peak = Math.max(...trace.map(total));
      const [growth, deviceGrowth] = [
        growthOf(trace.map(total)),
        growthOf(trace.map(({ device }) => device)),
      ];
      const tensors = trace.map((sample) => sample.tensors);
      const [least, most] = [Math.min(...tensors), Math.max(...tensors)];
      console.error(
        `${video.frames} frames, ${video.sampled} seen, in ${seconds.toFixed(0)} s; peak ${peak.toFixed(0)} MB ` +
          `(limit ${LIMIT_MB}), second half ${signed(growth)} MB against the first, ` +
          `the device ${signed(deviceGrowth)} MB; ${least} to ${most} tensors`,
      );
      const [middle, last] = [trace[Math.floor(trace.length / 2)]?.buffers, trace.at(-1)?.buffers];
      if (middle && last) {
        console.error(
          `GPU buffers: ${last.alive} alive with ${last.megabytes.toFixed(1)} MB, of ${last.sizes} sizes; ` +
            `in the second half ${last.made - middle.made} were made, of ${last.sizes - middle.sizes} new sizes`,
        );
      }
      return {
        ...video,
        backend,
        seconds,
        peakMegabytes: peak,
        growthMegabytes: growth,
        deviceGrowthMegabytes: deviceGrowth,
        limitMegabytes: LIMIT_MB,
        trace,
      };
    } finally {
      await lab.close();
      rmSync(folder, { recursive: true });
    }
  },
};

export default memory;

/** By how much the mean of the second half exceeds that of the first. */
function growthOf(values: readonly number[]): number {
  const half = Math.floor(values.length / 2);
  const mean = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
  return mean(values.slice(half)) - mean(values.slice(0, half));
}

const signed = (value: number) => (value >= 0 ? '+' : '') + value.toFixed(1);

/**
 * Through the debugger: JS heaps in megabytes, array buffers included, of the page and of all its workers together, and
 * the GPU buffers of the workers, counted from now on.
 */
async function watch(
  page: Page,
  backend: string,
): Promise<() => Promise<Pick<Sample, 'pageHeap' | 'workerHeap' | 'buffers'>>> {
  const session = await page.context().newCDPSession(page);
  const workers = new Set<string>();
  const answers = new Map<number, (result: unknown) => void>();
  let count = 0;
  /** @returns null where no answer comes: the threads of wasm have no time for one, and no heap to speak of */
  const ask = <T>(sessionId: string, method: string, patience: number, params = {}) =>
    new Promise<T | null>((resolve) => {
      const id = ++count;
      answers.set(id, resolve as (result: unknown) => void);
      setTimeout(resolve, patience, null).unref();
      const message = JSON.stringify({ id, method, params });
      void session.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => resolve(null));
    });
  /** Unlike a question about the heap it waits until the worker's script pauses. */
  const evaluate = (sessionId: string, expression: string) =>
    ask<{ result: { value?: Buffers } }>(sessionId, 'Runtime.evaluate', 20_000, {
      expression,
      returnByValue: true,
    }).then((answer) => answer?.result.value ?? null);
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    workers.add(sessionId);
    if (backend === 'webgpu') void evaluate(sessionId, COUNT_BUFFERS);
  });
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id: number; result?: unknown };
    answers.get(id)?.(result ?? null);
    answers.delete(id);
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const size = (heap: { usedSize: number; backingStorageSize?: number } | null) =>
    heap ? (heap.usedSize + (heap.backingStorageSize ?? 0)) / 1e6 : 0;
  return async () => {
    const [own, heaps, buffers] = await Promise.all([
      session.send('Runtime.getHeapUsage').then(size),
      Promise.all(
        [...workers].map((id) => ask<{ usedSize: number }>(id, 'Runtime.getHeapUsage', 1000).then(size)),
      ),
      Promise.all(backend === 'webgpu' ? [...workers].map((id) => evaluate(id, 'gpuBuffers()')) : []),
    ]);
    return {
      pageHeap: own,
      workerHeap: heaps.reduce((sum, value) => sum + value, 0),
      // One worker extracts; the others make no buffers.
      buffers: buffers.find((it) => it && it.made > 0) ?? null,
    };
  };
}

/** For a worker, before it makes its first buffer. */
const COUNT_BUFFERS = `(() => {
  if (globalThis.gpuBuffers) return;
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const [alive, sizes] = [new Set(), new Set()];
  let made = 0;
  GPUDevice.prototype.createBuffer = function (options) {
    const buffer = createBuffer.call(this, options);
    made++;
    alive.add(buffer);
    sizes.add(buffer.size);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    alive.delete(this);
    return destroy.call(this);
  };
  globalThis.gpuBuffers = () => {
    let bytes = 0;
    for (const { size } of alive) bytes += size;
    return { alive: alive.size, megabytes: bytes / 1e6, sizes: sizes.size, made };
  };
})()`;

function print({ frames, pageHeap, workerHeap, tensors, device, buffers }: Sample): void {
  const megabytes = (value: number) => value.toFixed(0).padStart(4);
  const gpu = buffers
    ? `  GPU buffers ${buffers.alive} of ${buffers.sizes} sizes, ${megabytes(buffers.megabytes)} MB`
    : '';
  console.error(
    `frame ${String(frames).padStart(6)}: page ${megabytes(pageHeap)}  workers ${megabytes(workerHeap)}  ` +
      `tfjs ${megabytes(device)} MB, ${tensors} tensors${gpu}`,
  );
}
