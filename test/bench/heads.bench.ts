/**
 * How fast every head trains and scores at the size of its paper, on every backend. The peer is PyTorch 1.13 on one
 * thread of the machine that the project began on; its figures were seen there once and are not measured again.
 */
import { openLab } from '../../src/cli/page.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';

/** What a device may be asked to compute in one step, in 10^9 operations. */
const MOST = { wasm: 50, software: 2, gpu: Infinity };

/** Snippets of the long video: half an hour at 60 frames a second, two hours at 15. */
const LONG = 6750;

interface Case {
  head: string;
  preset: string;
  features: number;
  crops?: number;
  /** Milliseconds of a step with PyTorch. */
  peer?: number;
}

const CASES: Case[] = [
  { head: 'sultani', preset: 'code', features: 4096, peer: 180 },
  ...[1024, 2048].flatMap((features): Case[] => [
    { head: 'sultani', preset: 'code', features },
    { head: 'rtfm', preset: 'code', features },
    { head: 'gcn', preset: 'code', features },
    { head: 'wsal', preset: 'paper', features },
    { head: 'wsal', preset: 'code', features, peer: features === 1024 ? 250 : undefined },
    { head: 'mgfn', preset: 'paper', features },
    { head: 'mgfn', preset: 'code', features },
    { head: 'salient', preset: 'paper', features, peer: features === 2048 ? 22 : undefined },
    { head: 'salient', preset: 'table2-bl-sa', features },
    { head: 'gig', preset: 'paper', features },
    { head: 'mgpr', preset: 'paper', features },
  ]),
  { head: 'rtfm', preset: 'code', features: 2048, crops: 10, peer: 52_000 },
  { head: 'mgfn', preset: 'paper', features: 2048, crops: 10 },
  { head: 'mgfn', preset: 'code', features: 2048, crops: 10, peer: 30_000 },
];

const heads: Bench = {
  does: 'steps per second, dispatches and scoring time of every head at its paper’s size; T = 32, its paper’s batch',

  async run() {
    const figures: Record<string, unknown>[] = [];
    for (const backend of ['wasm', 'webgpu']) {
      const lab = await openLab({ backend });
      try {
        const device = await lab.page.evaluate(
          (backend) => globalThis.weaklens!.client.prepareTraining(backend as 'auto'),
          backend,
        );
        const isSoftware = device.adapter?.includes('software') ?? false;
        const most = backend === 'wasm' ? MOST.wasm : isSoftware ? MOST.software : MOST.gpu;
        console.error(`${backend}: ${device.adapter ?? `${device.threads} threads`}`);
        for (const { peer, ...request } of CASES) {
          const speed = await lab.page.evaluate(
            async ({ backend, ...request }) => {
              const { client } = globalThis.weaklens!;
              // A fresh worker each time: wasm memory never shrinks, and the column is about this head alone.
              client.endWorker('train');
              await client.prepareTraining(backend as 'auto');
              return client.speed(request);
            },
            { backend, crops: 1, cells: 49, mostGigaflops: most, snippets: LONG, ...request },
          );
          figures.push({ backend, ...request, ...speed, peerMilliseconds: peer ?? null });
          console.error(lineOf(request, speed, peer));
        }
      } catch (error) {
        if (backend !== 'webgpu') throw error;
        console.error(`webgpu: skipped, ${(error as Error).message.split('\n')[0]}`);
      } finally {
        await lab.close();
      }
    }
    return figures;
  },
};

interface Measured {
  gigaflops: number;
  dispatches: number;
  stepMilliseconds: number | null;
  scoreMilliseconds: { segments: number; video: number | null };
  bytes: number;
}

function lineOf(
  { head, preset, features, crops }: Omit<Case, 'peer'>,
  speed: Measured,
  peer?: number,
): string {
  const { gigaflops, dispatches, stepMilliseconds: step, scoreMilliseconds: score, bytes } = speed;
  const name = `${head} ${preset} D=${features}${crops ? ` x ${crops} crops` : ''}`;
  const training =
    step === null
      ? `skipped: ${gigaflops.toFixed(0)} GFLOP`
      : `${(1000 / step).toFixed(2)} steps/s (${step.toFixed(0)} ms, ${gigaflops.toFixed(1)} GFLOP)`;
  const against = peer && step !== null ? `, PyTorch ${peer} ms: ${(peer / step).toFixed(2)}x` : '';
  const long = score.video === null ? '-' : `${score.video.toFixed(0)} ms`;
  return (
    `  ${name.padEnd(38)} ${training}${against}; ${dispatches} dispatches; ` +
    `score 32: ${score.segments.toFixed(0)} ms, ${LONG}: ${long}, ${(bytes / 1e6).toFixed(0)} MB`
  );
}

export default heads;
