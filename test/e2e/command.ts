/** The `lab` command as a story runs it, and small data for it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/cli/build.ts';
import { writeNpy } from '../../src/engine/formats/npy.ts';
import { Random } from '../../src/engine/random.ts';

export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
  json: () => Record<string, unknown>;
}

export const lab = (...args: string[]): Promise<Answer> => startLab(...args).answer;

/** The command under way. It has a process group of its own, with its browser in it. */
export function startLab(...args: string[]): { child: ChildProcess; answer: Promise<Answer> } {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'src/cli/lab.ts'), ...args], {
    cwd: root,
    detached: true,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (said.stdout += String(data)));
  child.stderr.on('data', (data) => (said.stderr += String(data)));
  const answer = new Promise<Answer>((resolve) =>
    child.on('close', (code) =>
      resolve({
        ...said,
        code: code ?? -1,
        json: () => JSON.parse(said.stdout.trim().split('\n').at(-1)!) as Record<string, unknown>,
      }),
    ),
  );
  return { child, answer };
}

export const folder = () => mkdtempSync(join(tmpdir(), 'weaklens-'));

/** Features of short videos; every second one has something planted in the middle. Both lists name all of them. */
export function plantedFeatures(data: string, count: number): { list: string; truth: string } {
  const random = new Random(0);
  const lines: string[] = [];
  const truths: string[] = [];
  for (let v = 0; v < count; v++) {
    const isAnomalous = v % 2 === 1;
    const values = Float32Array.from({ length: 20 * 16 }, () => random.normal());
    if (isAnomalous) for (let n = 6; n < 10; n++) for (let d = 0; d < 4; d++) values[n * 16 + d] += 4;
    writeFileSync(join(data, `v${v}.npy`), writeNpy({ shape: [20, 16], values }));
    lines.push(`v${v} ${isAnomalous ? 1 : 0}`);
    truths.push(isAnomalous ? `v${v} odd 320 97 160` : `v${v} normal 320 -1 -1`);
  }
  const [list, truth] = [join(data, 'list.txt'), join(data, 'truth.txt')];
  writeFileSync(list, lines.join('\n'));
  writeFileSync(truth, truths.join('\n'));
  return { list, truth };
}
