/** A fixture of an optimiser: where it goes on three functions whose gradients are known in closed form. */
import * as tf from '@tensorflow/tfjs-core';
import { makeOptimiser, type OptimiserSettings } from '../training/optimisers.ts';
import type { Deviations, Fixture, Notes } from './fixture.ts';

interface OptimiserNotes extends Notes {
  kind: 'optim';
  optimizer: Pick<OptimiserSettings, 'name'> & {
    lr: number;
    eps?: number;
    beta1?: number;
    beta2?: number;
    momentum?: number;
    weight_decay?: number;
  };
  schedule: { milestones: number[]; gamma: number } | null;
  problems: Record<string, { max_displacement: number }>;
  tolerances: Record<string, { rtol: number }>;
  tiny_gradient_factor: number;
}

export type OptimiserFixture = Fixture<OptimiserNotes>;

export async function checkOptimiser(fixture: OptimiserFixture): Promise<Deviations> {
  const { notes, tensors } = fixture;
  const { lr, eps, weight_decay: weightDecay, ...rest } = notes.optimizer;
  const { schedule } = notes;
  const decay = schedule ? { factor: schedule.gamma, steps: schedule.milestones } : undefined;
  const settings = { learningRate: lr, epsilon: eps, weightDecay, decay, ...rest } as OptimiserSettings;
  const errors: Deviations = {};
  for (const [problem, { max_displacement: scale }] of Object.entries(notes.problems)) {
    const gradient = gradientOf(problem, fixture);
    const optimiser = makeOptimiser(settings);
    const trajectory = tensors.get(`output.${problem}.trajectory`)!;
    const size = trajectory.shape[1];
    let x: tf.Tensor = tf.tensor1d(tensors.get(`input.${problem}.x0`)!.values);
    let slots = optimiser.slots.map(() => tf.zerosLike(x));
    let worst = 0;
    for (let step = 1; step < trajectory.shape[0]; step++) {
      const slope = tf.tensor1d(gradient(Array.from(await x.data())));
      const update = optimiser.update(x, slope, slots, step);
      [x, slots] = [update.parameter, update.slots];
      (await x.data()).forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - trajectory.values[step * size + i]));
      });
    }
    errors[problem] = worst / (notes.tolerances[problem].rtol * scale);
  }
  return errors;
}

function gradientOf(problem: string, { notes, tensors }: OptimiserFixture): (x: number[]) => number[] {
  if (problem === 'rosenbrock') {
    return ([x, y]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)];
  }
  const [a, b] = [tensors.get(`input.${problem}.A`)!.values, tensors.get(`input.${problem}.b`)!.values];
  const factor = problem === 'tiny_gradient' ? notes.tiny_gradient_factor : 1;
  return (x) => x.map((_, i) => factor * (x.reduce((sum, v, j) => sum + a[i * x.length + j] * v, 0) - b[i]));
}
