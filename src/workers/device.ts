/**
 * Which tensor backend runs in this worker, and why; what happens when it fails.
 *
 * The choice (design section 5): WebGPU on a real adapter, else wasm, else webgl, else cpu. A software adapter counts
 * as no GPU: wasm is many times faster there. A choice that was forced is kept or refused, never replaced in silence.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { Failure } from '../engine/failure.ts';
import type { BackendName } from '../engine/types.ts';
import { installWasmKernels } from './kernels/wasm.ts';
import { installWebGpuCast } from './kernels/webgpu-cast.ts';
import { installWebGpuMatMul } from './kernels/webgpu-matmul.ts';
import { countWork } from './work.ts';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';

export type BackendChoice = BackendName | 'auto';

/** What runs, for the page to show and for a run to record. */
export interface DeviceReport {
  backend: BackendName;
  /** Why this one, in a sentence. */
  reason: string;
  /** The graphics adapter by name, where one is used. */
  adapter: string | null;
  /** Threads of the wasm backend; 1 elsewhere. */
  threads: number;
  /** Whether the page is cross-origin isolated, which wasm needs for threads. */
  isolated: boolean;
  /** WebGPU limits that bound the size of a tensor, in bytes. */
  limits: { maxBufferBytes: number; maxBindingBytes: number } | null;
  /** Graphics devices lost so far in this worker. */
  losses: number;
}

/** After so many losses the browser will not give another device; the work goes on without. */
const MAX_LOSSES = 2;
/** How long after a failed read the loss of its device may become known, in milliseconds. */
const NEWS_OF_LOSS = 200;
/** Longest wait for a backend to start, in milliseconds. */
const START_TIMEOUT = 30_000;

/** More threads than this gain nothing on pictures of this size. */
const MAX_THREADS = 4;

let report: DeviceReport | null = null;
/** Two backends that start at once would each find the other one on. */
let starting: Promise<unknown> = Promise.resolve();
let losses = 0;
let gpu: GPUDevice | null = null;
let lost: string | null = null;
let fault: string | null = null;

/**
 * Starts the backend; later calls with the same wish return what runs.
 * @param options.threads upper bound for wasm threads; for measurements
 * @throws Failure `device-unavailable` when a forced choice cannot run here
 */
export function startDevice(
  choice: BackendChoice = 'auto',
  options: { threads?: number } = {},
): Promise<DeviceReport> {
  const started = starting.then(() => startNow(choice, options));
  starting = started.catch(() => {});
  return started;
}

async function startNow(choice: BackendChoice, options: { threads?: number }): Promise<DeviceReport> {
  if (report && (choice === 'auto' || choice === report.backend)) return report;
  const order: BackendName[] = choice === 'auto' ? ['webgpu', 'wasm', 'webgl', 'cpu'] : [choice];
  const refusals: string[] = [];
  for (const backend of order) {
    try {
      const details = await start(backend, choice === 'auto', options.threads);
      countWork();
      const reason =
        choice === backend
          ? `${backend} was asked for.`
          : [...refusals, `${backend} is the best there is.`].join(' ');
      report = {
        backend,
        reason,
        adapter: null,
        threads: 1,
        limits: null,
        isolated: self.crossOriginIsolated,
        losses,
        ...details,
      };
      return report;
    } catch (error) {
      refusals.push(`${backend}: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  throw new Failure({
    code: 'device-unavailable',
    what: `This browser cannot compute with ${choice}. ${refusals.join(' ')}`,
    next: 'Choose another backend, or "auto".',
  });
}

/** What runs now. */
export function deviceReport(): DeviceReport {
  if (!report) throw new Error('the device was not started');
  return report;
}

/**
 * To be called after every piece of work on the device: a GPU that failed gives zeros, not exceptions.
 * @throws Failure `device-lost` or `device-fault`
 */
export function checkDevice(): void {
  if (lost !== null) {
    throw new Failure({ code: 'device-lost', what: 'The graphics device was reset.', detail: lost });
  }
  if (fault !== null) {
    const detail = fault;
    fault = null;
    throw new Failure({
      code: 'device-fault',
      what: 'The graphics device reported an error, so its numbers cannot be trusted.',
      next: 'Choose the wasm backend, and please report this with the copied diagnostics.',
      detail,
    });
  }
}

/** Whether an error came from a lost device, however it was worded. */
export async function isDeviceLoss(error: unknown): Promise<boolean> {
  // A read that fails with the device (as an `AbortError`, of all names) may be faster than the news of its loss.
  if (gpu && report?.backend === 'webgpu' && lost === null) {
    await Promise.race([gpu.lost, new Promise((resolve) => setTimeout(resolve, NEWS_OF_LOSS))]);
  }
  return lost !== null || (error instanceof Failure && error.code === 'device-lost');
}

/** A new device after a loss, or the next best backend after too many. Tensors of the old one are gone. */
export async function rebuildDevice(): Promise<DeviceReport> {
  const was = deviceReport();
  report = null;
  lost = null;
  tf.removeBackend('webgpu');
  if (losses < MAX_LOSSES) {
    try {
      return await startDevice(was.backend);
    } catch {
      // No adapter any more: fall through to the others.
    }
  }
  const next = await startDevice('wasm').catch(() => startDevice('cpu'));
  report = { ...next, reason: `The graphics device was lost ${losses} times.`, losses };
  return report;
}

/** For tests of recovery: loses the graphics device now. */
export function loseDevice(): void {
  gpu?.destroy();
}

/** Bytes that tensors hold on the device or in wasm memory. */
export function deviceBytes(): number {
  const memory = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU?: number };
  const wasm = (tf.backend() as { wasm?: { HEAPU8: Uint8Array } }).wasm;
  return wasm?.HEAPU8.buffer.byteLength ?? memory.numBytesAllocatedInGPU ?? memory.numBytes;
}

type Details = Partial<Pick<DeviceReport, 'adapter' | 'threads' | 'limits'>>;

async function start(backend: BackendName, isAutomatic: boolean, threads?: number): Promise<Details> {
  switch (backend) {
    case 'webgpu':
      return startWebGpu(isAutomatic);
    case 'wasm':
      return startWasm(threads);
    case 'webgl':
      await import('@tensorflow/tfjs-backend-webgl');
      await use('webgl');
      return { adapter: webglRenderer() };
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      await use('cpu');
      return {};
  }
}

/** `setBackend` resolves to false, and leaves another backend on, where a backend cannot start. */
async function use(backend: BackendName): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not start in time')), START_TIMEOUT);
  });
  try {
    const started = await Promise.race([tf.setBackend(backend), timeout]);
    if (!started || tf.getBackend() !== backend) throw new Error('it did not start');
  } finally {
    clearTimeout(timer);
  }
}

/** Right after a device has gone, browsers have no adapter for a moment (Chromium 150). */
const ADAPTER_TRIES = 5;
const ADAPTER_PAUSE = 200;

async function findAdapter(tries: number): Promise<GPUAdapter | null> {
  for (let attempt = 1; ; attempt++) {
    const adapter = (await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
    if (adapter || attempt >= tries || !navigator.gpu) return adapter;
    await new Promise((resolve) => setTimeout(resolve, ADAPTER_PAUSE));
  }
}

async function startWebGpu(isAutomatic: boolean): Promise<Details> {
  const adapter = await findAdapter(isAutomatic && losses === 0 ? 1 : ADAPTER_TRIES);
  if (!adapter) throw new Error('there is no adapter');
  const { info, limits } = adapter;
  if (isAutomatic && info.isFallbackAdapter) throw new Error('the adapter is software, which wasm outruns');
  const device = await adapter.requestDevice({
    requiredFeatures: (['timestamp-query', 'bgra8unorm-storage'] as const).filter((f) =>
      adapter.features.has(f),
    ),
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  gpu = device;
  fault = null;
  device.addEventListener('uncapturederror', ({ error }) => (fault ??= error.message));
  void device.lost.then(({ message, reason }) => {
    if (gpu !== device) return;
    lost = message || reason;
    losses++;
  });
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device as never, info as never), 3);
  await use('webgpu');
  installWebGpuCast();
  installWebGpuMatMul();
  const { installWebGpuLstm } = await import('./kernels/webgpu-lstm.ts');
  installWebGpuLstm();
  const { installWebGpuTemporal } = await import('./kernels/webgpu-temporal.ts');
  installWebGpuTemporal();
  const name = info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(' ');
  return {
    adapter: name + (info.isFallbackAdapter ? ' (software)' : ''),
    limits: { maxBufferBytes: limits.maxBufferSize, maxBindingBytes: limits.maxStorageBufferBindingSize },
  };
}

async function startWasm(threads?: number): Promise<Details> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths({
    'tfjs-backend-wasm.wasm': plainWasm,
    'tfjs-backend-wasm-simd.wasm': simdWasm,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
  });
  const wanted = Math.min(MAX_THREADS, threads ?? navigator.hardwareConcurrency);
  if (wanted <= 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  (self as unknown as { weaklensThreads: number }).weaklensThreads = wanted; // read by the patched backend
  wasm.setThreadsCount(wanted);
  allowOwnScripts();
  await use('wasm');
  installWasmKernels();
  const threaded = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  return { threads: threaded ? wasm.getThreadsCount() : 1 };
}

/** The security policy wants every script address approved, and the wasm backend does not know that: its threads are ours. */
function allowOwnScripts(): void {
  const { trustedTypes } = self as unknown as {
    trustedTypes?: { defaultPolicy: unknown; createPolicy(name: string, rules: object): unknown };
  };
  if (!trustedTypes || trustedTypes.defaultPolicy) return;
  trustedTypes.createPolicy('default', {
    createScriptURL: (address: string) =>
      new URL(address, import.meta.url).origin === self.origin ? address : null,
  });
}

function webglRenderer(): string | null {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  const extension = context?.getExtension('WEBGL_debug_renderer_info');
  return context && extension ? String(context.getParameter(extension.UNMASKED_RENDERER_WEBGL)) : null;
}
