import { type OptionCheck, anything, checkOptions, ofType, oneOf } from '../errors/check-options.ts';
import type { WithSnakeCase } from '../protocol/snake-case.ts';
import type { HubOptions } from './model-reference.ts';
import type { ClientEvent } from './observe/client-event.ts';

/** Options of `createClient()`. */
export interface ClientOptions {
  /** Folder that holds the library's files (`worker.js` and its siblings). @default the folder of this module */
  assetBase?: string | URL;
  /** Address of the worker, where it has another name. */
  workerUrl?: string | URL;
  hub?: HubOptions;
  /** Threads of the runtime. More than one needs a cross-origin isolated page. @default 'auto' */
  threads?: number | 'auto';
  /** Where weights are kept: in the browser's storage, or in the worker only. @default 'indexeddb' */
  storage?: 'indexeddb' | 'memory';
  /**
   * Most workers for models. With several, models compute side by side and a failure of one leaves the others alone; each has a
   * runtime of its own. `auto`: one where the runtime has threads, else half of the cores, at most four; more where a model asks for
   * `replicas`.
   * @default 'auto'
   */
  workers?: number | 'auto';
  /** Most calls that wait; a batch over `replicas` waits as up to four for each. One more rejects with `QUEUE_FULL`. @default 1000 */
  maxQueue?: number;
  /**
   * Bytes that the files of all loaded models may have together. Models that were not used for longest leave their workers for others; their
   * next call loads them again. @default Infinity
   */
  memoryBudget?: number;
  /**
   * Milliseconds after which a worker that has calls to answer and says nothing is taken for hung and replaced. It speaks between two
   * steps of its work, so one step may not take longer. Time in which the page is hidden does not count. `false`: never.
   * @default 120000
   */
  hangTimeout?: number | false;
  /**
   * Milliseconds that an aborted run has to stop by itself, before its worker is ended and replaced. By default 150, and as much as makes
   * the run a second old: to load a model anew costs more than to wait for a short run.
   */
  cancelGrace?: number;
  /**
   * Tabs of this site hold one copy of each model together: the workers of one tab serve all of them; when it closes, another takes
   * over and calls are sent again. Where the browser cannot do this, every tab has its own, and `plan.reasons` says so. All of them need the
   * same options.
   * @default false
   */
  shared?: boolean;
  /** Hears of workers, loads, runs and what went wrong with them. */
  onEvent?: (event: ClientEvent) => void;
  /** Writes every event to the console. @default false */
  debug?: boolean;
}

const positive: OptionCheck = (value) =>
  Number.isInteger(value) && Number(value) > 0 ? undefined : 'must be a positive whole number';
const positiveOrAuto: OptionCheck = (value) =>
  value === 'auto' || positive(value) === undefined ? undefined : 'must be a positive whole number or "auto"';
const atLeast =
  (least: number): OptionCheck =>
  (value) =>
    typeof value === 'number' && value >= least ? undefined : `must be a number of at least ${least}`;

const clientChecks = {
  assetBase: anything,
  workerUrl: anything,
  hub: (value) => (typeof value === 'object' && value !== null ? undefined : 'must be an object'),
  threads: positiveOrAuto,
  storage: oneOf('indexeddb', 'memory'),
  workers: positiveOrAuto,
  maxQueue: positive,
  memoryBudget: atLeast(1),
  hangTimeout: (value) => (value === false ? undefined : atLeast(100)(value) && 'must be at least 100, or false'),
  cancelGrace: atLeast(0),
  shared: ofType('boolean'),
  onEvent: ofType('function'),
  debug: ofType('boolean'),
} satisfies Record<keyof ClientOptions, OptionCheck>;

const hubChecks = {
  host: ofType('string'),
  pathTemplate: ofType('string'),
  headers: (value) => (typeof value === 'object' && value !== null ? undefined : 'must be an object of header values'),
  token: (value) => (['string', 'function'].includes(typeof value) ? undefined : 'must be a string or a function'),
} satisfies Record<keyof HubOptions, OptionCheck>;

type Defaulted = 'hub' | 'threads' | 'storage' | 'workers' | 'maxQueue' | 'memoryBudget' | 'hangTimeout';
export type CheckedClientOptions = Required<Pick<ClientOptions, Defaulted | 'shared' | 'debug'>> &
  Pick<ClientOptions, 'assetBase' | 'workerUrl' | 'onEvent' | 'cancelGrace'>;

/** @throws InsituError `OPTION_INVALID` */
export function checkClientOptions(given: WithSnakeCase<ClientOptions>): CheckedClientOptions {
  const options = checkOptions({ ...given }, clientChecks) as ClientOptions;
  checkOptions({ ...options.hub }, hubChecks);
  return {
    hub: {},
    threads: 'auto',
    storage: 'indexeddb',
    workers: 'auto',
    maxQueue: 1000,
    memoryBudget: Infinity,
    hangTimeout: 120_000,
    shared: false,
    debug: false,
    ...options,
  };
}

const mostAutoWorkers = 4;

/** How many workers `auto` is. */
export function workerCount({ workers, threads }: Pick<CheckedClientOptions, 'workers' | 'threads'>): number {
  if (workers !== 'auto') return workers;
  // Threads take the cores already.
  if (globalThis.crossOriginIsolated && threads !== 1) return 1;
  const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
  return Math.max(1, Math.min(mostAutoWorkers, Math.floor(cores / 2)));
}

/** How many copies a model gets. Those that are asked for make `auto` workers more. */
export function copyCount(
  replicas: number | 'auto',
  options: Pick<CheckedClientOptions, 'workers' | 'threads'>,
): number {
  const { workers } = options;
  if (replicas === 'auto') return workerCount(options);
  return workers === 'auto' ? replicas : Math.min(replicas, workers);
}

export const replicaCheck: OptionCheck = positiveOrAuto;
export const concurrencyCheck: OptionCheck = positive;
