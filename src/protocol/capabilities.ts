import type { DevicePlan } from './device-plan.ts';

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
