import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { makeOptimiser, type OptimiserSettings } from '../../../src/engine/training/optimisers.ts';
import { readShared, readSharedJson, sharedIsHere } from '../../shared.ts';

interface Notes {
  optimizer: {
    name: OptimiserSettings['name'];
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

describe.skipIf(!sharedIsHere)('optimisers against PyTorch over 50 steps', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  test.each([
    'optim_adagrad_torch',
    'optim_adagrad_keras',
    'optim_adagrad_halving',
    'optim_adam',
    'optim_adam_l2',
    'optim_radam',
    'optim_radam_wd',
    'optim_radam_beta2_098',
    'optim_sgd_momentum',
  ])('%s', async (name) => {
    const notes = (await readSharedJson<Notes>(`golden/${name}.json`))!;
    const { tensors } = readSafetensors((await readShared(`golden/${name}.safetensors`))!);
    const { name: kind, lr, eps, weight_decay: weightDecay, ...rest } = notes.optimizer;
    const { schedule } = notes;
    const decay = schedule ? { factor: schedule.gamma, steps: schedule.milestones } : undefined;
    const settings = { name: kind, learningRate: lr, epsilon: eps, weightDecay, decay, ...rest };
    for (const [problem, { max_displacement: scale }] of Object.entries(notes.problems)) {
      const gradient = gradientOf(problem, tensors, notes.tiny_gradient_factor);
      const optimiser = makeOptimiser(settings as OptimiserSettings);
      const trajectory = tensors.get(`output.${problem}.trajectory`)!;
      const size = trajectory.shape[1];
      let x: tf.Tensor = tf.tensor1d(tensors.get(`input.${problem}.x0`)!.values);
      let slots = optimiser.slots.map(() => tf.zerosLike(x));
      for (let step = 1; step < trajectory.shape[0]; step++) {
        const update = optimiser.update(x, tf.tensor1d(gradient(Array.from(x.dataSync()))), slots, step);
        [x, slots] = [update.parameter, update.slots];
        const worst = Math.max(
          ...Array.from(x.dataSync(), (v, i) => Math.abs(v - trajectory.values[step * size + i])),
        );
        expect(worst, `${problem}, step ${step}`).toBeLessThanOrEqual(notes.tolerances[problem].rtol * scale);
      }
    }
  });
});

function gradientOf(problem: string, tensors: Map<string, { values: Float32Array }>, tinyFactor: number) {
  if (problem === 'rosenbrock') {
    return ([x, y]: number[]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)];
  }
  const [a, b] = [tensors.get(`input.${problem}.A`)!.values, tensors.get(`input.${problem}.b`)!.values];
  const factor = problem === 'tiny_gradient' ? tinyFactor : 1;
  return (x: number[]) =>
    x.map((_, i) => factor * (x.reduce((sum, v, j) => sum + a[i * x.length + j] * v, 0) - b[i]));
}
