import type { ErrorCode } from '../errors/insitu-error.ts';
import type { DevicePlan } from './device-plan.ts';

/** Where bytes come from: fetched, read from the browser's storage, already held by the worker, or on the user's disk. */
export type ByteSource = 'network' | 'store' | 'memory' | 'disk';

interface LoadProgress {
  /** Bytes of all files of this load that have arrived. Never goes backwards. */
  loaded: number;
  /** Bytes of all files of this load, as far as headers have told. Never goes backwards. */
  total: number;
  /** `loaded / total`, 0..1. Never goes backwards; it stays 0 until every total is known. */
  progress: number;
}

/** One file of a load: announced, first byte due, bytes arriving, complete. */
export interface FileLoadEvent extends LoadProgress {
  status: 'initiate' | 'download' | 'progress' | 'done';
  /** Path of the file inside the model's folder, e.g. `onnx/model_quantized.onnx`. */
  file: string;
  /** Bytes of this file that have arrived. */
  fileLoaded: number;
  /** Bytes of this file; 0 until known. */
  fileTotal: number;
  source: ByteSource;
}

/** The pipeline answers from here on. */
export interface ReadyLoadEvent extends LoadProgress {
  status: 'ready';
  /** `network` if any byte was fetched for this load. */
  source: ByteSource;
  /** The device that was chosen, and why. */
  plan: DevicePlan;
}

/** Everything is in the browser's storage: the next visit needs no network. It may come some time after `ready`. */
export interface StoredLoadEvent extends LoadProgress {
  status: 'stored';
}

/**
 * The model works, but its files will not be in the browser's storage: it was refused or is full. The next visit downloads
 * again. It comes before or after `ready`.
 */
export interface NotStoredLoadEvent extends LoadProgress {
  status: 'not-stored';
  /** `STORAGE_QUOTA` or `STORAGE_UNAVAILABLE`. */
  code: ErrorCode;
  message: string;
  hint: string;
}

/**
 * Progress of a load. `loaded`, `total` and `progress` are the sum over all files of the model: what a progress bar shows.
 * The runtime's own WebAssembly is not counted: the browser streams it straight into its compiler.
 */
export type LoadEvent = FileLoadEvent | ReadyLoadEvent | StoredLoadEvent | NotStoredLoadEvent;
