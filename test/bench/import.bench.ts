/**
 * An import of the size of UCF-Crime: 1,610 videos of 10 crops, 32 segments and 2,048 numbers each, 4.2 GB of float32,
 * made here and not shipped. Told are the peak memory of the page's process, the time, the bytes that are stored, and
 * the share of the time of training that is spent waiting for them. WEAKLENS_SHARE=0.25 imports a quarter of it.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFolder } from '../../src/cli/folder.ts';
import { openLab, progressLine } from '../../src/cli/page.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';
import { writeNpy } from '../../src/engine/formats/npy.ts';

const [VIDEOS, SEGMENTS, CROPS, SIZE] = [1610, 32, 10, 2048];
const ANOMALOUS = 810;
/** Of page and workers together. */
const LIMIT_MB = 1000;
const STEPS = 6;

const importBench: Bench = {
  does: `imports ${VIDEOS} videos of ${CROPS} x ${SEGMENTS} x ${SIZE} numbers (4.2 GB) and trains on them: peak memory, time, stored bytes, share of time waiting`,

  async run(common) {
    const share = Number(process.env.WEAKLENS_SHARE ?? 1);
    const count = Math.max(4, Math.round(share * VIDEOS));
    const folder = mkdtempSync(join(tmpdir(), 'weaklens-import-'));
    try {
      const bytes = makeFolder(folder, count);
      console.error(`${count} videos, ${(bytes / 1e9).toFixed(2)} GB of files`);
      const lab = await openLab({ ...common, onProgress: progressLine(() => 'importing') });
      try {
        const memory = new Memory();
        const before = memory.now();
        const started = Date.now();
        await loadFolder(lab, folder);
        const seconds = (Date.now() - started) / 1000;
        const importPeak = memory.takePeak();
        const stored = await lab.page.evaluate(async () => {
          const { features } = await globalThis.weaklens!.client.storageUse();
          return {
            features,
            videos: globalThis.weaklens!.videos().filter(({ snippets }) => snippets).length,
          };
        });
        console.error(
          `${stored.videos} videos in ${seconds.toFixed(0)} s (${(bytes / 1e6 / seconds).toFixed(0)} MB/s), ${(stored.features / 1e9).toFixed(2)} GB stored; ` +
            `renderer ${before.toFixed(0)} MB before, peak ${importPeak.toFixed(0)} MB (limit ${LIMIT_MB})`,
        );
        const trained = await lab.page.evaluate(async (steps) => {
          const began = performance.now();
          let waiting = 0;
          await globalThis.weaklens!.train({
            ...{ head: 'sultani', seed: 0, steps },
            config: { normalise: 'l2' },
            onTick: (tick) => (waiting = tick.waiting),
          });
          return { seconds: (performance.now() - began) / 1000, waiting };
        }, STEPS);
        const trainPeak = memory.takePeak();
        console.error(
          `${STEPS} steps of sultani, 30 + 30 bags, in ${trained.seconds.toFixed(0)} s; ${(100 * trained.waiting).toFixed(1)} % of the time waiting for features; peak ${trainPeak.toFixed(0)} MB`,
        );
        memory.end();
        return {
          videos: stored.videos,
          fileBytes: bytes,
          seconds,
          storedBytes: stored.features,
          peakMegabytes: { before, import: importPeak, training: trainPeak, limit: LIMIT_MB },
          training: { steps: STEPS, ...trained },
        };
      } finally {
        await lab.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

export default importBench;

/** As RTFM's files are called; returns their bytes. */
function makeFolder(folder: string, count: number): number {
  mkdirSync(join(folder, 'UCF_Train'));
  const values = new Float32Array(SEGMENTS * CROPS * SIZE);
  for (let i = 0; i < values.length; i++) values[i] = ((i * 2654435761) % 1000) / 1000;
  let bytes = 0;
  for (let v = 0; v < count; v++) {
    const isAnomalous = v < (count * ANOMALOUS) / VIDEOS;
    values[v % values.length] = v / 1000; // no two are the same
    const file = writeNpy({ shape: [SEGMENTS, CROPS, SIZE], values });
    const name = isAnomalous ? `Abuse${String(v).padStart(3, '0')}_x264` : `Normal_Videos${v}_x264`;
    writeFileSync(join(folder, 'UCF_Train', `${name}_i3d.npy`), file);
    bytes += file.byteLength;
  }
  return bytes;
}

/** Resident memory of the process of the page and its workers, watched from outside. */
class Memory {
  #peak = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor() {
    this.#timer = setInterval(() => (this.#peak = Math.max(this.#peak, this.now())), 200);
  }

  /** Megabytes of the largest renderer that this process started. */
  now(): number {
    return Math.max(0, ...renderers().map(residentMegabytes));
  }

  takePeak(): number {
    const peak = Math.max(this.#peak, this.now());
    this.#peak = 0;
    return peak;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

/** Process ids of renderers below this process. */
function renderers(): string[] {
  const parents = new Map<string, string>();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${id}/stat`);
    parents.set(id, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  }
  const isOurs = (id: string | undefined): boolean =>
    id !== undefined && id !== '0' && (id === String(process.pid) || isOurs(parents.get(id)));
  return [...parents.keys()].filter(
    (id) => isOurs(id) && read(`/proc/${id}/cmdline`).includes('--type=renderer'),
  );
}

const residentMegabytes = (id: string) =>
  Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${id}/status`))?.[1] ?? 0) / 1024;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
