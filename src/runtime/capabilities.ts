import { jspi, relaxedSimd, simd, threads } from 'wasm-feature-detect';
import type { DevicePlan } from '../protocol/device-plan.ts';
import { planDevice } from './plan-device.ts';

/** What this browser, on this page, has for running models, and what insitu will use of it. */
export interface Capabilities {
  /** WebAssembly SIMD with fixed width: what the runtime needs. */
  simd: boolean;
  relaxedSimd: boolean;
  /** WebAssembly threads. They also need `crossOriginIsolated`. */
  threads: boolean;
  /** Whether the page was served with the headers that allow shared memory. */
  crossOriginIsolated: boolean;
  /** WebAssembly code may wait for a promise. */
  jspi: boolean;
  /** A GPU adapter was handed out; `f16` tells half-precision shaders. */
  webgpu: { available: boolean; f16: boolean };
  webnn: boolean;
  storage: {
    indexedDB: boolean;
    /** The origin private file system. */
    opfs: boolean;
    /** Bytes this origin may store and has stored; `undefined` where the browser does not tell. */
    quota: number | undefined;
    usage: number | undefined;
    /** Whether the browser promised not to evict this origin. */
    persisted: boolean;
  };
  /** Logical cores. */
  cores: number;
  /** Gibibytes of memory, rounded and capped by the browser; `undefined` where it does not tell. */
  memory: number | undefined;
  /** What will be used, with reasons. */
  plan: DevicePlan;
}

interface GpuNavigator {
  gpu?: { requestAdapter(): Promise<{ features: { has(name: string): boolean } } | null> };
  deviceMemory?: number;
}

async function detectWebgpu(): Promise<Capabilities['webgpu']> {
  try {
    const adapter = await (navigator as GpuNavigator).gpu?.requestAdapter();
    return { available: Boolean(adapter), f16: adapter?.features.has('shader-f16') ?? false };
  } catch {
    return { available: false, f16: false };
  }
}

async function detectStorage(): Promise<Capabilities['storage']> {
  const { storage } = navigator;
  // Without a secure context there is no storage manager; with an opaque origin its methods reject.
  const [estimate, persisted] = await Promise.all([
    storage?.estimate?.().catch(() => undefined),
    storage?.persisted?.().catch(() => false),
  ]);
  return {
    indexedDB: typeof indexedDB !== 'undefined',
    opfs: typeof storage?.getDirectory === 'function',
    quota: estimate?.quota,
    usage: estimate?.usage,
    persisted: persisted ?? false,
  };
}

/** What decides the device plan: cheap to find out, also in a worker. */
export async function detectWasm(): Promise<
  Pick<Capabilities, 'simd' | 'relaxedSimd' | 'threads' | 'crossOriginIsolated' | 'cores'>
> {
  const [hasSimd, hasRelaxedSimd, hasThreads] = await Promise.all([simd(), relaxedSimd(), threads()]);
  return {
    simd: hasSimd,
    relaxedSimd: hasRelaxedSimd,
    threads: hasThreads,
    crossOriginIsolated: globalThis.crossOriginIsolated ?? false,
    cores: navigator.hardwareConcurrency ?? 1,
  };
}

/**
 * Finds out what this browser can do. Nothing is downloaded and no worker is started.
 *
 * @example
 * const { plan, crossOriginIsolated } = await detectCapabilities();
 * console.log(plan.threads, plan.reasons.join(' '));
 */
export async function detectCapabilities(): Promise<Capabilities> {
  const [wasm, hasJspi, webgpu, storage] = await Promise.all([detectWasm(), jspi(), detectWebgpu(), detectStorage()]);
  return {
    ...wasm,
    jspi: hasJspi,
    webgpu,
    webnn: 'ml' in navigator,
    storage,
    memory: (navigator as GpuNavigator).deviceMemory,
    plan: planDevice(wasm, 'auto'),
  };
}
