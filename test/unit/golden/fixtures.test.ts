import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { installWasmMatMul } from '../../../src/workers/kernels/wasm-matmul.ts';
import { installWasmSlice } from '../../../src/workers/kernels/wasm-slice.ts';
import { describeFixtures, plainFixtures, tensorFixtures } from '../../golden.ts';

describeFixtures('cpu', async () => void (await tf.setBackend('cpu')), [...tensorFixtures, ...plainFixtures]);
describeFixtures(
  'wasm',
  async () => {
    await tf.setBackend('wasm');
    installWasmMatMul();
    installWasmSlice();
  },
  tensorFixtures,
);
