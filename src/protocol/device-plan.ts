/** The device a model runs on, and why it was chosen. */
export interface DevicePlan {
  device: 'wasm';
  /** Threads the runtime uses, the worker's own included. */
  threads: number;
  /** The widest SIMD instruction set of this browser. The runtime needs `fixed`. */
  simd: 'none' | 'fixed' | 'relaxed';
  /** One sentence for each decision, readable by a person. */
  reasons: string[];
}
