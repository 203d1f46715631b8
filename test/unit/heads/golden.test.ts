import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { describeHeadFixtures } from '../../golden-heads.ts';

for (const backend of ['cpu', 'wasm']) {
  describeHeadFixtures(backend, async () => {
    await tf.setBackend(backend);
  });
}
