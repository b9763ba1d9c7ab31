import type { LoadEvent } from './load-event.ts';
import type { DiskFile, FileRules, ModelLocation, RemoteModel } from './model-location.ts';
import type { ModelManifest } from './model-manifest.ts';
import type { Method } from './method.ts';
import type { AskedDtype, Dtype } from './worker-api.ts';

/** One file of a {@link StoredModel}. */
export interface StoredModelFile {
  /** Inside the model's folder, e.g. `onnx/model_quantized.onnx`. */
  path: string;
  /** Bytes in the store. */
  size: number;
  /** Whether all of it is there; otherwise it is what an interrupted download left, and the next one goes on from it. */
  complete: boolean;
  /** Bytes of the whole file, where an incomplete one is known to have so many. */
  total?: number;
  /** Lower-case hexadecimal; known for complete files. */
  sha256?: string;
}

/** A model in the browser's storage. */
export interface StoredModel {
  /** The reference by which it was last loaded. */
  model: string;
  /** Address of its folder: its key in the store. */
  url: string;
  /** Branch, tag or commit of a Hub model. */
  revision?: string;
  /** Bytes of all its files in the store. */
  size: number;
  files: StoredModelFile[];
  /** When it was last loaded, in milliseconds since 1970; absent if it was only prefetched or imported. */
  usedAt?: number;
  /** When every byte of it was last found to have its SHA-256, beyond the checks of every load. */
  verifiedAt?: number;
  /** Never evicted. */
  pinned: boolean;
  /** A pipeline of some tab has it loaded. */
  inUse: boolean;
}

/** How full the browser's storage is. */
export interface StorageUsage {
  /** Bytes of all stored models. */
  models: number;
  /** Bytes of everything that this origin stores, as the browser estimates. Absent outside of secure contexts. */
  used?: number;
  /** Bytes that this origin may store. Absent outside of secure contexts. */
  quota?: number;
  /** The browser will not clear it without asking the user. */
  persisted: boolean;
  /** `memory` where the browser refuses storage: nothing outlives the page there. */
  storage: 'indexeddb' | 'memory';
}

/** What `weights.verify()` found. */
export interface VerifyResult {
  /** Every byte is as it was when it was proven. */
  ok: boolean;
  /** Paths of files that are not. The next load fetches their damaged parts anew. */
  damaged: string[];
}

/** Progress of work on the store, in bytes. */
export interface WorkProgress {
  loaded: number;
  total: number;
  /** `loaded / total`, 0..1. */
  progress: number;
}

export interface PrefetchRequest {
  task: string;
  /** Of a task of the application: the address of its code. */
  module?: string;
  /** Of a session: the path of the graph. */
  graph?: string;
  location: ModelLocation;
  dtype: AskedDtype | undefined;
  rules: FileRules;
}

export interface OpenRequest extends PrefetchRequest {
  /** Where what is fetched is kept. @default 'indexeddb' */
  storage?: 'indexeddb' | 'memory';
}

/** What the worker for the store answers. */
export interface WeightsApi {
  prefetch: Method<PrefetchRequest, null, LoadEvent>;
  /** Like `prefetch`, and gives the files: for a worker that has neither network nor storage. */
  open: Method<OpenRequest, DiskFile[], LoadEvent>;
  has: Method<{ location: RemoteModel; dtype: Dtype | undefined }, boolean>;
  list: Method<null, StoredModel[]>;
  remove: Method<RemoteModel, null>;
  clear: Method<null, null>;
  usage: Method<null, Omit<StorageUsage, 'persisted'>>;
  pin: Method<{ location: RemoteModel; pinned: boolean }, null>;
  verify: Method<RemoteModel, VerifyResult, WorkProgress>;
  exportPack: Method<RemoteModel, Blob, WorkProgress>;
  readManifest: Method<Blob, ModelManifest>;
  importPack: Method<{ pack: Blob; location: RemoteModel }, null, WorkProgress>;
}
