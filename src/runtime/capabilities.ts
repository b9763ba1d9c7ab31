import { jspi, relaxedSimd, simd, threads } from 'wasm-feature-detect';
import type { Capabilities } from '../protocol/capabilities.ts';
import { planDevice } from './plan-device.ts';

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

/** See the function of the same name in `client/`. */
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
