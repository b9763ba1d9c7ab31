import { type OptionCheck, abortSignal, describe, ofType, oneOf } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { WithSnakeCase } from '../protocol/snake-case.ts';
import type { TaskName } from '../protocol/task-map.ts';
import type { StorageUsage, StoredModel, VerifyResult, WeightsApi, WorkProgress } from '../protocol/weights-api.ts';
import { type Dtype, dtypes } from '../protocol/worker-api.ts';
import type { SupervisedWorker } from './workers/supervised-worker.ts';
import { type LoadOptions, checkedOptions, loadChecks, resolveTask, rulesOf } from './load-options.ts';
import { defaultModel } from './default-model.ts';
import { type HubOptions, resolveRemoteModel } from './model-reference.ts';

/** Which version of a stored model is meant. */
export interface StoredModelOptions {
  /** As in `pipeline()`. @default 'main' */
  revision?: string;
}

/** Options of work that reads or writes a whole model. */
export interface WeightsWorkOptions extends StoredModelOptions {
  onProgress?: (progress: WorkProgress) => void;
  /** Aborting rejects at once with `signal.reason` and stops the work. */
  signal?: AbortSignal;
}

/**
 * The models in the browser's storage. A model is named as in `pipeline()`, or by the `url` that `list()` gives.
 *
 * Everything here runs in a small worker without a runtime. All methods throw InsituError `OPTION_INVALID`, `DISPOSED`,
 * `WORKER_START_FAILED`, `CSP_BLOCKED`, `WORKER_CRASHED`, `WORKER_UNRESPONSIVE`; others as said.
 */
export interface Weights {
  /**
   * Downloads what `pipeline()` with the same arguments would, without loading it: the next load needs no network. What is stored
   * already is compared with the server's first, unless `revalidate` says otherwise.
   *
   * @throws InsituError `MODEL_NOT_FOUND`, `NETWORK`, `OFFLINE`, `HTTP_STATUS`, `ASSET_IS_HTML`, `INTEGRITY_MISMATCH`,
   * `STORAGE_QUOTA`, `STORAGE_UNAVAILABLE`; the signal's reason.
   */
  prefetch(task: TaskName, model?: string, options?: WithSnakeCase<LoadOptions>): Promise<void>;
  /** Whether a graph of the model, of the dtype if one is given, is stored in full. */
  has(model: string, options?: WithSnakeCase<StoredModelOptions & { dtype?: Dtype }>): Promise<boolean>;
  /** All stored models, the last used first. */
  list(): Promise<StoredModel[]>;
  /** Removes a model. Pipelines that have it loaded go on. */
  remove(model: string, options?: WithSnakeCase<StoredModelOptions>): Promise<void>;
  /** Removes all models. */
  clear(): Promise<void>;
  usage(): Promise<StorageUsage>;
  /** Asks the browser to keep this origin's storage until the user clears it. Some browsers ask the user. Resolves to its answer. */
  persist(): Promise<boolean>;
  /** Protects a model from being evicted when storage is short, or no longer. @throws InsituError `MODEL_NOT_FOUND` */
  pin(model: string, pinned?: boolean, options?: WithSnakeCase<StoredModelOptions>): Promise<void>;
  /** Reads every byte of a model and compares its SHA-256. @throws InsituError `MODEL_NOT_FOUND` */
  verify(model: string, options?: WithSnakeCase<WeightsWorkOptions>): Promise<VerifyResult>;
  /**
   * One file with everything that is stored of a model, and its hashes: a plain tar, for `importPack()` on another machine.
   *
   * @throws InsituError `MODEL_NOT_FOUND`, `INTEGRITY_MISMATCH`
   */
  exportPack(model: string, options?: WithSnakeCase<WeightsWorkOptions>): Promise<Blob>;
  /**
   * Stores the model of a pack, after every byte of it was compared with its manifest.
   *
   * @param options `as`: the reference under which it will be loaded. @default the one it was exported under
   * @returns That reference.
   * @throws InsituError `INPUT_INVALID`, `INTEGRITY_MISMATCH`, `STORAGE_QUOTA`, `STORAGE_UNAVAILABLE`
   */
  importPack(pack: Blob, options?: WithSnakeCase<WeightsWorkOptions & { as?: string }>): Promise<string>;
}

const modelChecks = { revision: ofType('string') } satisfies Record<keyof StoredModelOptions, OptionCheck>;
const workChecks = { ...modelChecks, onProgress: ofType('function'), signal: abortSignal };

export interface WeightsConnections {
  /** @throws InsituError `DISPOSED`, `DEVICE_UNAVAILABLE` where there can be no worker. */
  requireOpen(): void;
  /** Starts the worker if it does not run. */
  connect(): SupervisedWorker<WeightsApi>;
  /** It ends with its last call. */
  leave(worker: SupervisedWorker<WeightsApi>): void;
}

export function createWeights({ connect, leave }: WeightsConnections, hub: HubOptions): Weights {
  const call: SupervisedWorker<WeightsApi>['call'] = async (method, argument, options) => {
    const worker = connect();
    try {
      return await worker.call(method, argument, options);
    } finally {
      leave(worker);
    }
  };
  const locate = (model: string, given: object | undefined) => {
    const { revision } = checkedOptions<StoredModelOptions>(given ?? {}, modelChecks);
    return resolveRemoteModel(model, hub, revision);
  };
  const locateForWork = async (model: string, given: object | undefined) => {
    const { revision, onProgress, signal } = checkedOptions<WeightsWorkOptions>(given ?? {}, workChecks);
    const location = await resolveRemoteModel(model, hub, revision);
    return { location, options: { signal, onEvent: onProgress } };
  };

  return {
    async prefetch(name, model, given) {
      const task = resolveTask(name);
      const options = checkedOptions<LoadOptions>(given ?? {}, loadChecks);
      const { dtype, revision, onProgress, signal } = options;
      const location = await resolveRemoteModel(model ?? defaultModel(task), hub, revision);
      const request = { task, location, dtype, rules: rulesOf({ revalidate: 'always', ...options }) };
      await call('prefetch', request, { signal, onEvent: onProgress });
    },
    async has(model, given) {
      const checks = { ...modelChecks, dtype: oneOf(...dtypes) };
      const { revision, dtype } = checkedOptions<StoredModelOptions & { dtype?: Dtype }>(given ?? {}, checks);
      const location = await resolveRemoteModel(model, hub, revision);
      return call('has', { location, dtype });
    },
    list: () => call('list', null),
    async remove(model, given) {
      const location = await locate(model, given);
      await call('remove', location);
    },
    async clear() {
      await call('clear', null);
    },
    async usage() {
      const usage = await call('usage', null);
      return { ...usage, persisted: (await storageManager()?.persisted?.()) ?? false };
    },
    persist: async () => (await storageManager()?.persist?.()) ?? false,
    async pin(model, pinned = true, given) {
      const location = await locate(model, given);
      await call('pin', { location, pinned });
    },
    async verify(model, given) {
      const { location, options } = await locateForWork(model, given);
      return call('verify', location, options);
    },
    async exportPack(model, given) {
      const { location, options } = await locateForWork(model, given);
      return call('exportPack', location, options);
    },
    async importPack(pack, given) {
      if (!(pack instanceof Blob)) throw notBlob(pack);
      const checks = { ...workChecks, as: ofType('string') };
      const { as, revision, onProgress, signal } = checkedOptions<WeightsWorkOptions & { as?: string }>(
        given ?? {},
        checks,
      );
      const reference = as ?? (await call('readManifest', pack)).model;
      const location = await resolveRemoteModel(reference, hub, revision);
      const options = { signal, onEvent: onProgress };
      await call('importPack', { pack, location }, options);
      return reference;
    },
  };
}

/** It exists in secure contexts only. */
const storageManager = (): StorageManager | undefined => globalThis.navigator?.storage;

function notBlob(given: unknown): InsituError {
  return new InsituError('INPUT_INVALID', `A pack is a Blob or File, not ${describe(given)}.`, {
    hint: 'Take it from a file input, or fetch it: `await (await fetch(url)).blob()`.',
  });
}
