import { expect, test } from 'vitest';
import { planDemo } from '../../../src/engine/scenes/demo.ts';
import { planSketch, SKETCH_EVENTS } from '../../../src/engine/scenes/sketch.ts';

const options = { seed: 11, camera: 0, seconds: 8, framesPerSecond: 15 };

test('one seed gives the same plan anywhere, another seed another', () => {
  const plan = planSketch({ ...options, event: 'crossing' });
  expect(planSketch({ ...options, event: 'crossing' })).toEqual(plan);
  expect(planSketch({ ...options, seed: 12, event: 'crossing' }).cars).not.toEqual(plan.cars);
  expect(plan.truth).toEqual({
    totalFrames: 120,
    intervals: [{ class: 'crossing', startFrame: 44, endFrame: 90 }],
  });
});

test.each(SKETCH_EVENTS)('%s happens inside its interval', (event) => {
  const { truth, cars, people, frames } = planSketch({ ...options, event });
  const [{ class: name, startFrame, endFrame }] = truth.intervals;
  expect(name).toBe(event);
  expect(startFrame).toBeGreaterThan(15);
  expect(endFrame).toBeLessThanOrEqual(frames);
  const during = (frame: number) => frame >= startFrame - 1 && frame < endFrame;
  const isOdd = (frame: number) => {
    if (event === 'wrong-way') return cars.some(({ heading, states }) => heading === -1 && states[frame]);
    if (event === 'sudden-stop') return cars.some(({ states }) => states[frame]?.hazard);
    return people.some(({ states }) => states[frame] && states[frame].y > 70 && states[frame].y < 150);
  };
  const odd = Array.from({ length: frames }, (_, frame) => frame).filter(isOdd);
  expect(odd.length).toBeGreaterThan(15);
  if (event !== 'wrong-way') expect(odd.every(during)).toBe(true);
  expect(odd[0]).toBeGreaterThanOrEqual(startFrame - 1);
});

test('a normal video has no truth to hide, and nobody drives the wrong way', () => {
  const { truth, cars } = planSketch({ ...options, event: null });
  expect(truth.intervals).toEqual([]);
  expect(cars.every(({ heading }) => heading === 1)).toBe(true);
});

test('the parts of a dataset share no seed, and half of each is anomalous', () => {
  const videos = planDemo(0, { train: 20, test: 10, seconds: 8, framesPerSecond: 15 });
  expect(new Set(videos.map(({ scene }) => scene.seed)).size).toBe(30);
  for (const part of ['train', 'test']) {
    const own = videos.filter((video) => video.part === part);
    expect(own.filter(({ label }) => label === 'anomalous')).toHaveLength(own.length / 2);
  }
});
