/** What is put in the place of the wasm backend's own kernels. */
import { installWasmMatMul } from './wasm-matmul.ts';
import { installWasmSlice } from './wasm-slice.ts';

/** To be called after the wasm backend was imported. Calling it again changes nothing. */
export function installWasmKernels(): void {
  installWasmMatMul();
  installWasmSlice();
}
