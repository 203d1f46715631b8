import { expect, test } from 'vitest';
import { findAlarms, isTrueAlarm } from '../../../src/engine/evaluation/alarms.ts';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import type { ScoredVideo } from '../../../src/engine/evaluation/scored-video.ts';
import { expandScores, parseWidths } from '../../../src/engine/evaluation/expand.ts';
import { localise, randomTube, upperBoundTube } from '../../../src/engine/evaluation/localisation.ts';
import { plainTube, topTubeOf, videoBoxes } from '../../../src/engine/evaluation/tube-boxes.ts';
import { Random } from '../../../src/engine/random.ts';
import type { Box } from '../../../src/engine/types.ts';

const options = { expansion: 'repeat16', threshold: 0.5 } as const;

function video(
  name: string,
  scores: number[],
  truth: [number, number][] | null,
  label: ScoredVideo['label'],
): ScoredVideo {
  const intervals = truth?.map(([startFrame, endFrame]) => ({ class: 'Fall', startFrame, endFrame })) ?? null;
  return {
    name,
    scores,
    frames: scores.length * 16,
    framesPerSecond: 16,
    label,
    truth: intervals && { totalFrames: scores.length * 16, intervals },
  };
}

test('a perfect score is 1, and false alarms are counted by the hour', () => {
  const figures = evaluate(
    [video('a', [0.1, 0.9, 0.1], [[17, 32]], 'anomalous'), video('b', [0.2, 0.6, 0.2, 0.7], [], 'normal')],
    options,
  );
  expect(figures.frameAuc).toBe(1);
  expect(figures.anomalySubsetAuc).toBe(1);
  expect(figures.videoAuc).toBe(1);
  expect(figures.perClass).toEqual({ Fall: 1 });
  expect(figures.falseAlarmsPerHour).toBeCloseTo(2 / (7 / 3600), 6);
  expect(figures.falseAlarmRate).toBeCloseTo(2 / 6, 6);
  expect(figures.mismatches).toEqual([]);
});

test('with one class only, figures are undefined and not a number', () => {
  const figures = evaluate([video('a', [0.4, 0.6], [], 'normal')], options);
  expect([figures.frameAuc, figures.prAuc, figures.averagePrecision, figures.videoAuc]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test('an anomalous video without truth counts as a video, not as frames, and is named', () => {
  const figures = evaluate(
    [video('a', [0.9], null, 'anomalous'), video('b', [0.1], null, 'normal')],
    options,
  );
  expect(figures.videoAuc).toBe(1);
  expect(figures.frameAuc).toBeNull();
  expect(figures.frames).toBe(16);
  expect(figures.mismatches).toEqual([{ name: 'a', what: 'has no truth and is left out of frame figures' }]);
});

test('lengths that disagree are reported, never padded in silence', () => {
  const long = {
    ...video('a', [0.1, 0.9], [[17, 40]], 'anomalous'),
    truth: { totalFrames: 40, intervals: [{ class: 'x', startFrame: 17, endFrame: 40 }] },
  };
  const unknown = { ...long, name: 'b', frames: null };
  const wide = { ...video('c', [0.1], [], 'normal'), frames: 160 };
  const untold = { ...video('d', [0.1], [], 'normal'), truth: null, label: null };
  const { mismatches } = evaluate([long, unknown, wide, untold], options);
  expect(mismatches).toEqual([
    { name: 'a', what: 'its truth has 40 frames and its features 32' },
    { name: 'b', what: '40 frames make 3 snippets and it has 2 scores' },
    { name: 'c', what: expect.stringContaining('160') as string },
    { name: 'd', what: 'has neither label nor truth and is left out' },
  ]);
});

test('a label that contradicts the truth is reported', () => {
  const { mismatches } = evaluate([video('a', [0.1], [], 'anomalous')], options);
  expect(mismatches[0].what).toMatch(/labelled anomalous and its truth has 0/);
});

test('expansion rules', () => {
  expect([...expandScores([1, 2, 3], 7, 'stretch')]).toEqual([1, 1, 2, 2, 3, 3, 3]);
  expect([...expandScores([1, 2], 5, 'widths', 2)]).toEqual([1, 1, 2, 2, 2]);
  expect(() => expandScores([1], 5, 'widths')).toThrow(/width of every video/);
  expect(() => expandScores([], 5)).toThrow(/without scores/);
  expect(parseWidths('# w\nArson009 22.0\n', 'w.txt').get('Arson009')).toBe(22);
  expect(() => parseWidths('Arson009 x', 'w.txt')).toThrow(/line 1/);
  expect(() => parseWidths('Arson009 1e12', 'w.txt')).toThrow(/more than 100,000,000 frames/);
});

test('alarms are runs at or above the threshold', () => {
  const alarms = findAlarms([0.1, 0.5, 0.8, 0.2, 0.9], 0.5);
  expect(alarms).toEqual([
    { startFrame: 1, endFrame: 2, peak: 0.8 },
    { startFrame: 4, endFrame: 4, peak: 0.9 },
  ]);
  expect(isTrueAlarm(alarms[0], Uint8Array.from([0, 0, 1, 0, 0]))).toBe(true);
  expect(isTrueAlarm(alarms[1], Uint8Array.from([0, 0, 1, 0, 0]))).toBe(false);
});

test('MF1 is the mean over all classes that the head tells; a class that never occurs counts as 0', () => {
  const fall = video('a', [0.1, 0.9, 0.1], [[17, 32]], 'anomalous');
  const classScores = { names: ['Fall', 'Fire'], values: [0.1, 0, 0.9, 0, 0.6, 0] };
  const { mf1 } = evaluate([{ ...fall, classScores }, video('b', [0.2], [], 'normal')], options);
  // Fall: 16 frames found, 16 told too many: precision 1/2, recall 1; Fire: 0.
  expect(mf1).toBeCloseTo(2 / 3 / 2, 9);
  expect(evaluate([{ ...fall, classScores }], { ...options, classThreshold: 0.7 }).mf1).toBe(0.5);
  expect(evaluate([fall], options).mf1).toBeNull();
});

test('MF1 pools the frames of all videos, and reads each by its own names of classes', () => {
  const [a, b] = [video('a', [0.9], [[1, 16]], 'anomalous'), video('b', [0.9], [[1, 16]], 'anomalous')];
  const told = { ...a, classScores: { names: ['Fall', 'Fire'], values: [0.9, 0.1] } };
  const swapped = { ...b, classScores: { names: ['Fire', 'Fall'], values: [0.1, 0.9] } };
  expect(evaluate([told, swapped], options).mf1).toBe(0.5); // Fall 1, Fire 0

  const absent = evaluate([told, b], options); // Fall: precision 1, recall 1/2; Fire 0
  expect(absent.mf1).toBeCloseTo(2 / 3 / 2, 9);
  expect(absent.mismatches).toEqual([
    { name: 'b', what: 'has no class scores: none of its frames counts as told' },
  ]);

  const short = evaluate([told, { ...b, classScores: { names: ['Fall', 'Fire'], values: [0.9] } }], options);
  expect(short.mf1).toBeCloseTo(2 / 3 / 2, 9);
  expect(short.mismatches[0].what).toMatch(/1 class scores for 1 scores and 2 classes/);
});

test('a class is told at its threshold, names must match to the letter, and the expansion rule holds', () => {
  const a = video('a', [0.5, 0.5], [[1, 20]], 'anomalous');
  const edge = { ...a, classScores: { names: ['Fall'], values: [0.7, 0.7] } };
  const found = (2 * (20 / 32)) / (20 / 32 + 1); // 32 frames told, 20 of them true; 0.7 is not a 32-bit float
  expect(evaluate([edge], { ...options, classThreshold: 0.7 }).mf1).toBeCloseTo(found, 9);
  expect(evaluate([edge], { ...options, classThreshold: 0.71 }).mf1).toBe(0);
  expect(evaluate([{ ...a, classScores: { names: ['fall'], values: [1, 1] } }], options).mf1).toBe(0);

  const wide = { ...a, width: 20, classScores: { names: ['Fall'], values: [1, 0] } };
  expect(evaluate([wide], { ...options, expansion: 'widths' }).mf1).toBe(1);
  expect(evaluate([wide], options).mf1).toBeCloseTo((2 * (16 / 20)) / (16 / 20 + 1), 9);
});

test('where boxes are known, the top tube is measured against them', () => {
  const boxes = {
    truth: { 3: [0, 0, 10, 10], 4: [0, 0, 10, 10] } as const,
    predicted: { 3: [0, 0, 10, 5] } as const,
    detectorFrames: [1, 2, 3, 4],
  };
  const found = evaluate([{ ...video('a', [0.9], [[1, 16]], 'anomalous'), boxes }], options);
  expect(found.sLoc).toEqual({ a: 0.25 }); // half in one frame, nothing in the other
  expect(found.miou).toBe(0.25);
  expect(found.iouAt).toEqual({ 0.1: 1, 0.2: 1, 0.3: 0 });
  expect(evaluate([video('a', [0.9], null, 'anomalous')], options)).toMatchObject({ sLoc: null, miou: null });
});

test('a video may be annotated in every one of very many frames, and one in none of them is not annotated', () => {
  const frames = Array.from({ length: 200_000 }, (_, frame) => frame);
  const truth = Object.fromEntries(frames.map((frame) => [frame, [0, 0, 1, 1] as const]));
  const boxes = { truth, predicted: truth, detectorFrames: frames };
  const found = evaluate([{ ...video('a', [0.9], [[1, 16]], 'anomalous'), boxes }], options);
  expect(found.sLoc).toEqual({ a: 1 });
  const tube = { tube: [[0, 0, 0, 1, 1]], frames: [0], picture: null };
  expect(videoBoxes({ byFrame: {}, picture: null }, tube)).toBeUndefined();
});

test('only anomalous videos are localised, and one without boxes is named', () => {
  const right = { truth: { 1: [0, 0, 4, 4] }, predicted: { 1: [0, 0, 4, 4] }, detectorFrames: [1] } as const;
  const wrong = { truth: {}, predicted: { 1: [0, 0, 4, 4] }, detectorFrames: [1] } as const;
  const [a, b] = [video('a', [0.9], [[1, 16]], 'anomalous'), video('b', [0.9], null, 'anomalous')];
  const normal = { ...video('n', [0.1], [], 'normal'), boxes: wrong };
  const found = evaluate([{ ...a, boxes: right }, normal, { ...b, boxes: wrong }], options);
  expect(found.sLoc).toEqual({ a: 1, b: 0 });
  expect(found).toMatchObject({ miou: 0.5, iouAt: { 0.1: 0.5, 0.2: 0.5, 0.3: 0.5 } });
  expect(evaluate([normal], options)).toMatchObject({ sLoc: null, iouAt: null, miou: null });
  expect(evaluate([{ ...a, boxes: right }, b], options).mismatches).toContainEqual({
    name: 'b',
    what: 'has no boxes and is left out of localisation',
  });
});

test('S_loc is the mean over frames that the detector looked at and in which either has a box', () => {
  const [left, right] = [
    [0, 0, 2, 1],
    [1, 0, 3, 1],
  ] as const;
  const truth = new Map<number, Box>([
    [1, left],
    [2, left],
    [9, left],
  ]);
  const predicted = new Map<number, Box>([
    [1, right],
    [3, right],
    [9, left],
  ]);
  // Frame 1: 1/3; 2 and 3: only one has a box; 4: none has; 9: not looked at. 1 is told twice and counts once.
  expect(localise(truth, predicted, [3, 1, 1, 2, 4])).toEqual({ sLoc: 1 / 3 / 3, frames: [1, 2, 3] });
  expect(localise(truth, predicted, [4])).toEqual({ sLoc: 0, frames: [] });
});

test('the boxes of the highest-scoring tube go with its scores, into the picture of the truth', () => {
  const rows = [
    [0, 0, 0, 0, 10, 10],
    [1, 16, 10, 10, 20, 30],
    [1, 0, 5, 5, 10, 10],
  ];
  const array = (shape: number[], values: number[]) => ({ shape, values: Float32Array.from(values) });
  const tubes = {
    ...{ region: array([2, 1], [0, 0]), global: array([2, 1], [0, 0]) },
    ...{ boxes: array([3, 6], rows.flat()), picture: array([2], [160, 120]) },
  };
  const top = topTubeOf(tubes, [0.2, 0.7])!;
  const plain = plainTube(top, [999, 999])!;
  expect(plain).toEqual({ tube: [rows[1].slice(1), rows[2].slice(1)], frames: [0, 16], picture: [160, 120] });
  const truth = { byFrame: { 16: [20, 20, 40, 60] as const }, picture: [320, 240] as const };
  expect(videoBoxes(truth, plain)).toEqual({
    truth: truth.byFrame,
    predicted: { 0: [10, 10, 20, 20], 16: [20, 20, 40, 60] },
    detectorFrames: [0, 16],
  });
  expect(videoBoxes({ ...truth, picture: null }, plain)!.predicted[0]).toEqual([5, 5, 10, 10]); // nobody says
  expect(videoBoxes({ ...truth, picture: null }, plain, [320, 240])!.predicted[0]).toEqual([10, 10, 20, 20]);
  expect(plainTube(topTubeOf(tubes, [0.7, 0.7])!, null)!.tube).toEqual([rows[0].slice(1)]); // the first of equals
  expect(topTubeOf({ ...tubes, boxes: undefined }, [0.2, 0.7])).toBeNull();
  expect([videoBoxes(undefined, plain), videoBoxes(truth, null)]).toEqual([undefined, undefined]);
  expect(plainTube({ ...top, boxes: array([1, 4], [0, 0, 0, 0]) }, null)).toBeNull();
});

test('frames in which tube and truth do not meet are named, as they count as 0', () => {
  const box = [0, 0, 4, 4] as const;
  const predicted = Object.fromEntries([...Array(10).keys()].map((frame) => [frame, box]));
  const judged = (truth: number[]) =>
    evaluate(
      [
        {
          ...video('a', [0.9], [[1, 16]], 'anomalous'),
          boxes: {
            truth: Object.fromEntries(truth.map((frame) => [frame, box])),
            ...{ predicted, detectorFrames: Object.keys(predicted).map(Number) },
          },
        },
      ],
      options,
    );
  expect(judged([...Array(10).keys()]).mismatches).toEqual([]);
  expect(judged([0, 9]).mismatches).toEqual([
    { name: 'a', what: expect.stringContaining('in 2 of 10 frames that its tubes have boxes in') },
  ]);
  expect(judged([0, 9]).sLoc).toEqual({ a: 0.2 });
  expect(judged([40]).mismatches).toEqual([
    { name: 'a', what: expect.stringContaining('none of the frames that are annotated') },
  ]);
});

test('a video of which only boxes are known is localised by its label, and has no frame figures', () => {
  const boxes = { truth: { 1: [0, 0, 4, 4] }, predicted: { 1: [0, 0, 4, 4] }, detectorFrames: [1] } as const;
  const found = evaluate([{ ...video('a', [0.9], null, 'anomalous'), boxes }], options);
  expect(found).toMatchObject({ miou: 1, frameAuc: null, frames: 0 });
  expect(found.mismatches).toEqual([{ name: 'a', what: 'has no truth and is left out of frame figures' }]);
});

test('the rows Random and Upper Bound of a table of tubes', () => {
  const tube = (box: Box) => new Map([[1, box]]);
  const [truth, near, far] = [tube([0, 0, 10, 10]), tube([0, 0, 10, 9]), tube([20, 20, 30, 30])];
  expect(upperBoundTube([far, near], truth, [1])).toBe(near);
  expect(upperBoundTube([], truth, [1])).toBeNull();
  // Also where the larger overlap lies in a frame that the detector did not look at.
  const elsewhere = new Map<number, Box>([[2, [0, 0, 10, 10]]]);
  expect(upperBoundTube([elsewhere, near], new Map([...truth, ...elsewhere]), [1])).toBe(near);
  const drawn = Array.from({ length: 20 }, (_, seed) => randomTube([far, near], new Random(seed)));
  expect(new Set(drawn).size).toBe(2);
  expect(randomTube([far, near], new Random(3))).toBe(drawn[3]);
  expect(randomTube([], new Random(3))).toBeNull();
});

test('a video may be scored by the span of its scores', () => {
  const videos = [video('a', [0.5, 0.6], null, 'anomalous'), video('b', [0.7, 0.7], null, 'normal')];
  expect(evaluate(videos, options).videoAuc).toBe(0);
  expect(evaluate(videos, { ...options, videoScore: 'span' }).videoAuc).toBe(1);
});

test('a class that occurs and was never taught counts as missed', () => {
  const fire: ScoredVideo = { ...video('b', [0.9], [[1, 16]], 'anomalous') };
  fire.truth!.intervals[0].class = 'Fire';
  const fall: ScoredVideo = {
    ...video('a', [0.9], [[1, 16]], 'anomalous'),
    classScores: { names: ['Fall'], values: [1] },
  };
  fall.truth!.intervals[0].class = 'Fall';
  expect(evaluate([fall], options).mf1).toBe(1);
  expect(evaluate([fall, fire], options).mf1).toBe(0.5);
});

test('a video that was searched for tubes scores as its highest tube', () => {
  const normal = { ...video('b', [0.2], [], 'normal'), instances: [0.9, 0.1] };
  const anomalous = { ...video('a', [0.8], [[1, 16]], 'anomalous'), instances: [0.3] };
  expect(evaluate([normal, anomalous], options).videoAuc).toBe(0);
});
