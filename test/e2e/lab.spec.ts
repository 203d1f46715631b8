/** The `lab` command: the same walk from the command line, and one clear line for what is wrong. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseList, parseTruth } from '../../src/engine/formats/list.ts';
import { readNpy } from '../../src/engine/formats/npy.ts';
import { readSafetensors } from '../../src/engine/formats/safetensors.ts';
import { DATASETS, planDataset } from '../../src/engine/scenes/dataset.ts';
import { folder, lab, plantedFeatures } from './command.ts';
import { expect, makeFiles, open, test } from './weaklens.ts';

test('extract writes arrays that NumPy could read, train, score and evaluate go on with them', async ({
  page,
  house,
}) => {
  const data = folder();
  await open(page, await house.serve());
  await makeFiles(page, 4, { train: 2, test: 0, seconds: 5, framesPerSecond: 15 });
  const files = await page.evaluate(() =>
    Promise.all(
      (globalThis as unknown as { made: File[] }).made.map(async (file) => ({
        name: file.name,
        bytes: Array.from(new Uint8Array(await file.arrayBuffer())),
      })),
    ),
  );
  for (const { name, bytes } of files) writeFileSync(join(data, name), Buffer.from(bytes));

  const extracted = await lab(
    'extract',
    ...files.map(({ name }) => join(data, name)),
    '--out',
    data,
    '--maps',
    '--json',
  );
  expect(extracted.stderr).toContain('75 frames, 5 snippets');
  expect(extracted.code).toBe(0);
  const array = readNpy(readFileSync(join(data, 'train-01.npy')), 'train-01.npy');
  expect(array.shape).toEqual([5, 480]);
  expect(readNpy(readFileSync(join(data, 'train-01.map.npy')), 'map').shape).toEqual([5, 6, 6, 480]);
  const notes = JSON.parse(readFileSync(join(data, 'train-01.json'), 'utf8')) as Record<string, unknown>;
  expect(notes).toMatchObject({ frames: 75, backend: 'wasm' });
  expect(notes.timestamps).toHaveLength(75);
  expect(Object.keys(notes.seconds as object).sort()).toEqual(['backbone', 'decode', 'pixels', 'total']);

  const list = join(data, 'list.txt');
  writeFileSync(list, '# two videos\ntrain-01 0\ntrain-02 1\n');
  const run = join(data, 'run.safetensors');
  const trained = await lab(
    ...['train', '--data', data, '--list', list, '--head', 'salient', '--set', 'hidden=8'],
    ...['--steps', '12', '--out', run, '--seed', '3', '--json'],
  );
  expect(trained.code, trained.stderr).toBe(0);
  expect(trained.json()).toMatchObject({ head: 'salient', seed: 3, step: 12 });
  expect(readSafetensors(readFileSync(run), 'run').tensors.get('fc1.weight')?.shape).toEqual([8, 3 * 480]);
  const record = JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as { losses: { total: number[] } };
  expect(record.losses.total).toHaveLength(12);

  const scores = join(data, 'scores.json');
  const scored = await lab('score', '--run', run, '--data', data, '--list', list, '--out', scores);
  expect(scored.code, scored.stderr).toBe(0);

  const truth = join(data, 'truth.txt');
  writeFileSync(truth, 'train-01 normal 75 -1 -1\ntrain-02 wrong-way 75 20 50\n');
  const evaluated = await lab('evaluate', '--scores', scores, '--truth', truth, '--json');
  expect(evaluated.code, evaluated.stderr).toBe(0);
  expect(Object.keys(evaluated.json())).toEqual(
    expect.arrayContaining([
      ...['frameAuc', 'prAuc', 'averagePrecision', 'anomalySubsetAuc', 'videoAuc', 'perClass', 'mf1', 'sLoc'],
      ...[
        'iouAt',
        'miou',
        'falseAlarmRate',
        'falseAlarmsPerHour',
        'threshold',
        'expansion',
        'videos',
        'frames',
      ],
      'mismatches',
    ]),
  );
  expect(evaluated.json()).toMatchObject({ videos: 2, frames: 150, expansion: 'repeat16', mf1: null });
});

test('the same seed gives the same run, and what is there to be found is found @long', async () => {
  const data = folder();
  const { list, truth } = plantedFeatures(data, 16);
  const train = (out: string) =>
    lab('train', '--data', data, '--list', list, '--steps', '60', '--out', join(data, out), '--json');
  const [first, second] = [await train('a.safetensors'), await train('b.safetensors')];
  expect(first.code, first.stderr).toBe(0);
  expect(second.json().loss).toBe(first.json().loss);
  const losses = (name: string) =>
    (JSON.parse(readFileSync(join(data, name), 'utf8')) as { losses: object }).losses;
  expect(losses('b.json')).toEqual(losses('a.json'));
  const scores = join(data, 'scores.json');
  await lab('score', '--run', join(data, 'a.safetensors'), '--data', data, '--list', list, '--out', scores);
  const evaluated = await lab('evaluate', '--scores', scores, '--truth', truth, '--json');
  expect(evaluated.json().frameAuc as number).toBeGreaterThan(0.9);
});

test('bad input ends with one line that says what to do', async () => {
  const data = folder();
  writeFileSync(join(data, 'list.txt'), 'missing 0\n');
  writeFileSync(join(data, 'no.mp4'), 'text '.repeat(100));
  const cases: [string[], RegExp][] = [
    [['fly'], /there is no verb "fly"/],
    [['extract'], /needs at least one video file/],
    [['extract', '/nowhere.mp4', '--out', data], /\/nowhere\.mp4: there is no such file/],
    [['extract', join(data, 'no.mp4'), '--out', data], /no\.mp4: This is a text file, not a video/],
    [['extract', join(data, 'no.mp4'), '--out', data, '--backend', 'gpu'], /--backend must be one of/],
    [
      ['train', '--data', data, '--list', join(data, 'list.txt'), '--out', join(data, 'x')],
      /missing\.npy: there is no such file/,
    ],
    [['train', '--wings'], /--wings/],
  ];
  for (const [args, line] of cases) {
    const { code, stderr } = await lab(...args);
    expect(code, args.join(' ')).not.toBe(0);
    const said = stderr.trim().split('\n').at(-1)!;
    expect(said).toMatch(/^lab: /);
    expect(said).toMatch(line);
  }
  const help = await lab('extract', '--help');
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('--fps');
});

test('simulate writes labels and truth that are the same every time, in Node as in the browser @long', async () => {
  const [first, second] = [folder(), folder()];
  const simulate = (out: string, ...more: string[]) =>
    lab('simulate', '--preset', 'street-tiny', '--count', '2', '--seed', '5', '--out', out, ...more);
  const made = await simulate(first, '--truth-only', '--json');
  expect(made.code, made.stderr).toBe(0);
  expect(made.json()).toMatchObject({ videos: 2, anomalousVideos: 2, frames: 360, made: 0 });
  expect((await simulate(second, '--truth-only')).code).toBe(0);
  const files = readdirSync(first).sort();
  expect(files).toEqual(
    expect.arrayContaining(['list.txt', 'train.txt', 'test.txt', 'truth.txt', 'boxes.csv', 'dataset.json']),
  );
  expect(files.filter((name) => name.endsWith('.part'))).toEqual([]);
  const read = (out: string, name: string) => readFileSync(join(out, name), 'utf8');
  for (const name of files) expect(read(second, name), name).toBe(read(first, name));

  expect(parseList(read(first, 'list.txt'))).toEqual([
    { name: 'train-001', label: 'anomalous', classes: [] },
    { name: 'test-001', label: 'anomalous', classes: [] },
  ]);
  const truths = parseTruth(read(first, 'truth.txt'));
  const videos = [...planDataset({ ...DATASETS['street-tiny'], train: 1, test: 1 }, 5)];
  for (const { video, truth } of videos) {
    const intervals = truth.intervals.map((interval) => ({
      class: interval.class,
      startFrame: interval.startFrame,
      endFrame: interval.endFrame,
    }));
    expect(truths.get(video.name)).toEqual({ totalFrames: 180, intervals });
  }

  const other = await lab('simulate', '--count', '3', '--seed', '5', '--out', first, '--truth-only');
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(/holds another dataset .* choose an empty folder/);
});
