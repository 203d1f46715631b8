import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Deviations } from '../../engine/golden/fixture.ts';
import { root } from '../build.ts';
import { bytesToPage, openLab, type Lab } from '../page.ts';
import { UsageError, type Verb } from '../verb.ts';

const BACKENDS = ['cpu', 'wasm', 'webgpu'];

interface Outcome {
  fixture: string;
  backend: string;
  /** The largest deviation, in units of what is allowed, and what deviates so; null where it could not be checked. */
  worst: { what: string; error: number | null };
  passed: boolean;
}

export const golden: Verb = {
  name: 'golden',
  usage: 'golden DIR...',
  does: 'Checks heads, losses, gradients, optimisers and figures against fixtures made by another framework.',
  options: { only: { type: 'string' } },
  help: { only: 'fixtures whose name contains this' },

  async run({ files, values, common }) {
    if (files.length === 0)
      throw new UsageError('golden needs a folder of fixtures: NAME.json and NAME.safetensors');
    const found = (await Promise.all(files.map(fixturesIn))).flat();
    const chosen = found.filter(({ name }) => name.includes((values.only as string | undefined) ?? ''));
    if (chosen.length === 0) throw new UsageError(`${files.join(', ')}: there is no fixture (NAME.json)`);
    const outcomes: Outcome[] = [];
    const isForced = common.backend !== 'auto';
    for (const backend of isForced ? [common.backend] : BACKENDS) {
      const lab = await openLab({ backend });
      try {
        const running = await lab.page.evaluate(
          async (backend) =>
            (await globalThis.weaklens!.client.prepareTraining(backend as 'auto')).backend as string,
          backend,
        );
        for (const fixture of chosen) {
          const outcome = await check(lab, fixture, running);
          outcomes.push(outcome);
          const { what, error } = outcome.worst;
          const verdict = outcome.passed ? 'ok    ' : 'FAILED';
          console.error(
            `${verdict} ${running.padEnd(6)} ${fixture.name.padEnd(34)} ${error?.toFixed(3) ?? '-'}  ${what}`,
          );
        }
      } catch (error) {
        if (isForced || backend !== 'webgpu') throw error;
        console.error(`webgpu: skipped, ${(error as Error).message.split('\n')[0]}`);
      } finally {
        await lab.close();
      }
    }
    const failed = outcomes.filter(({ passed }) => !passed);
    const write = common.json ? console.error : console.log;
    write(`${outcomes.length - failed.length} passed, ${failed.length} failed`);
    if (failed.length > 0) process.exitCode = 1;
    return { passed: outcomes.length - failed.length, failed: failed.length, outcomes };
  },
};

interface FixtureFile {
  name: string;
  folder: string;
}

async function fixturesIn(folder: string): Promise<FixtureFile[]> {
  const names = await readdir(folder).catch(() => {
    throw new UsageError(`${folder}: there is no such folder`);
  });
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name: name.slice(0, -'.json'.length), folder }));
}

/** Weights that a fixture names are looked for beside it, one folder up, and in `../shared`. */
async function weightsOf(json: string, folder: string): Promise<[string, Buffer][]> {
  let heads: string[] = [];
  try {
    heads = (JSON.parse(json) as { heads?: string[] }).heads ?? [];
  } catch {
    // the page says what is wrong with it
  }
  const places = [folder, join(folder, '..'), resolve(root, '../shared')];
  const paths = heads.map(
    (head) => [head, places.map((place) => join(place, head)).find(existsSync)] as const,
  );
  return Promise.all(
    paths.flatMap(([head, path]) =>
      path ? [readFile(path).then((bytes) => [head, bytes] as [string, Buffer])] : [],
    ),
  );
}

async function check(lab: Lab, { name, folder }: FixtureFile, backend: string): Promise<Outcome> {
  const json = await readFile(join(folder, `${name}.json`), 'utf8');
  const path = join(folder, `${name}.safetensors`);
  const bytes = existsSync(path) ? await bytesToPage(lab.page, await readFile(path)) : null;
  const weights = await Promise.all(
    (await weightsOf(json, folder)).map(
      async ([head, own]) => [head, await bytesToPage(lab.page, own)] as const,
    ),
  );
  try {
    const deviations: Deviations = await lab.page.evaluate(
      ({ name, json, bytes, weights }) =>
        globalThis.weaklens!.client.deviation({ name, json, bytes, weights: Object.fromEntries(weights) }),
      { name, json, bytes, weights },
    );
    const entries = Object.entries(deviations);
    const passed = entries.length > 0 && entries.every(([, error]) => error <= 1);
    const [what, error] = entries.reduce(
      (worst, entry) => (entry[1] <= worst[1] ? worst : entry),
      ['nothing to compare', entries.length > 0 ? -1 : NaN],
    );
    return { fixture: name, backend, worst: { what, error: Number.isFinite(error) ? error : null }, passed };
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    const what = line.replace(/^page\.evaluate: (Error: |Failure: )?/, '');
    return { fixture: name, backend, worst: { what, error: null }, passed: false };
  }
}
