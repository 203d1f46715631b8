/** Runs before every unit test file: gradients and the plain JavaScript backend, and a word about what is skipped. */
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { resolve } from 'node:path';
import { sharedIsHere } from './shared.ts';

setWasmPaths(resolve(import.meta.dirname, '../node_modules/@tensorflow/tfjs-backend-wasm/dist') + '/');

if (!sharedIsHere)
  console.info('../shared is absent: tests against PyTorch fixtures, real weights and videos are skipped');
