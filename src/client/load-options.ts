import { type OptionCheck, abortSignal, checkOptions, oneOf, ofType } from '../errors/check-options.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { ModelManifest } from '../protocol/model-manifest.ts';
import type { FileRules, Revalidate } from '../protocol/model-location.ts';
import { type Task, taskAliases } from '../protocol/task-map.ts';
import { dtypes, type AskedDtype } from '../protocol/worker-api.ts';
import { sessionName } from './session.ts';

/** Options that say which files of a model are loaded, and from where. */
export interface LoadOptions {
  /**
   * How the weights are stored, for all graphs of the model or by the name of each (`{ encoder_model: 'fp32' }`).
   * @default 'q8' where the model has it, else what its folder holds
   */
  dtype?: AskedDtype;
  /** Branch, tag or commit of a Hub model. Commits never change, so they need no check. @default 'main' */
  revision?: string;
  /**
   * When the server is asked whether stored files have changed there: before they are used (`always`), after the model is
   * ready and at most once in a tab's session (`background`; a new version serves the next load), or `never`. Commits, exact
   * npm versions and models with a `manifest` are never asked about.
   * @default 'background'
   */
  revalidate?: Revalidate;
  /** Fetch nothing: what is not stored counts as not there. @default false */
  localFilesOnly?: boolean;
  /** What the files must be, byte for byte: the `manifest.json` that `insitu pull` writes. Every file is held to its SHA-256. */
  manifest?: ModelManifest;
  /** Receives the progress of the load. */
  onProgress?: (event: LoadEvent) => void;
  /** Aborting rejects the load at once with `signal.reason` and stops its downloads. It does not touch a loaded pipeline. */
  signal?: AbortSignal;
}

const oneDtype = oneOf(...dtypes);

export const loadChecks = {
  dtype: (value) =>
    typeof value === 'object' && value !== null ? Object.values(value).map(oneDtype).find(Boolean) : oneDtype(value),
  revision: ofType('string'),
  revalidate: oneOf('always', 'background', 'never'),
  localFilesOnly: ofType('boolean'),
  // What is in it is looked at where it is used.
  manifest: (value) =>
    typeof value === 'object' && value !== null ? undefined : 'must be an object, as in manifest.json',
  onProgress: ofType('function'),
  signal: abortSignal,
} satisfies Record<keyof LoadOptions, OptionCheck>;

/** Checks options; see `checkOptions`. */
export function checkedOptions<T extends object>(given: object, checks: Record<keyof T, OptionCheck>): T {
  return checkOptions({ ...given }, checks) as T;
}

export function rulesOf({ revalidate = 'background', localFilesOnly = false, manifest }: LoadOptions): FileRules {
  return { revalidate, localFilesOnly, manifest, session: sessionName() };
}

/** The task behind a name. Whether there is one is for the worker to know. */
export const resolveTask = (name: string): Task =>
  (Object.hasOwn(taskAliases, name) ? taskAliases[name as keyof typeof taskAliases] : name) as Task;
