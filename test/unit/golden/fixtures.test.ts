import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { installWasmKernels } from '../../../src/workers/kernels/wasm.ts';
import { describeFixtures, plainFixtures, tensorFixtures } from '../../golden.ts';

describeFixtures('cpu', async () => void (await tf.setBackend('cpu')), [...tensorFixtures, ...plainFixtures]);
describeFixtures(
  'wasm',
  async () => {
    await tf.setBackend('wasm');
    installWasmKernels();
  },
  tensorFixtures,
);
