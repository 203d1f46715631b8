/** Memory while a video of half an hour is extracted: it must stay flat, however long the video is. */
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
/** Software adapters of WebGPU see two frames a second: three minutes of video are as much as anyone waits for. */
const MINUTES = { webgpu: 3, wasm: 30 };
const LIMIT_MB = 500;

interface Sample {
  frames: number;
  pageHeap: number;
  workerHeap: number;
  device: number;
}

const memory: Bench = {
  does: `megabytes while ${MINUTES.wasm} minutes of street video are extracted (--backend webgpu: ${MINUTES.webgpu}): JS heaps of page and worker, and the device`,

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
      const heap = await watchHeaps(lab.page);
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
        const bytes = await lab.page.evaluate(
          async () => (await globalThis.weaklens!.client.memory('extract')).deviceBytes,
        );
        const sample = {
          frames,
          ...(await heap()),
          device: bytes / 1e6,
        };
        trace.push(sample);
        if (trace.length % 5 === 1) print(sample);
      }
      const video = await result;
      const total = (sample: Sample) => sample.pageHeap + sample.workerHeap + sample.device;
      const peak = Math.max(...trace.map(total));
      const half = Math.floor(trace.length / 2);
      const mean = (samples: Sample[]) =>
        samples.reduce((sum, sample) => sum + total(sample), 0) / samples.length;
      const growth = mean(trace.slice(half)) - mean(trace.slice(0, half));
      const seconds = (Date.now() - started) / 1000;
      console.error(
        `${video.frames} frames, ${video.sampled} seen, in ${seconds.toFixed(0)} s; peak ${peak.toFixed(0)} MB ` +
          `(limit ${LIMIT_MB}), second half ${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MB against the first`,
      );
      return {
        ...video,
        seconds,
        peakMegabytes: peak,
        growthMegabytes: growth,
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

/** JS heaps in megabytes, buffers included, through the debugger: of the page, and of all its workers together. */
async function watchHeaps(page: Page): Promise<() => Promise<Pick<Sample, 'pageHeap' | 'workerHeap'>>> {
  const session = await page.context().newCDPSession(page);
  const workers = new Set<string>();
  const answers = new Map<number, (megabytes: number) => void>();
  const size = ({ usedSize, backingStorageSize = 0 }: { usedSize: number; backingStorageSize?: number }) =>
    (usedSize + backingStorageSize) / 1e6;
  session.on('Target.attachedToTarget', ({ sessionId }) => workers.add(sessionId));
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id: number; result?: { usedSize: number } };
    answers.get(id)?.(result ? size(result) : 0);
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  let count = 0;
  const ask = (sessionId: string) =>
    new Promise<number>((resolve) => {
      const id = ++count;
      answers.set(id, resolve);
      setTimeout(resolve, 1000, 0); // the threads of wasm have no time to answer, and no heap to speak of
      const message = JSON.stringify({ id, method: 'Runtime.getHeapUsage' });
      void session.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => resolve(0));
    });
  return async () => {
    const [own, ...others] = await Promise.all([
      session.send('Runtime.getHeapUsage').then(size),
      ...[...workers].map(ask),
    ]);
    return { pageHeap: own, workerHeap: others.reduce((sum, value) => sum + value, 0) };
  };
}

function print({ frames, pageHeap, workerHeap, device }: Sample): void {
  const megabytes = (value: number) => value.toFixed(0).padStart(4);
  console.error(
    `frame ${String(frames).padStart(6)}: page ${megabytes(pageHeap)}  worker ${megabytes(workerHeap)}  tfjs ${megabytes(device)} MB`,
  );
}
