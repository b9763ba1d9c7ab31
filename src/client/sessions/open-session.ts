import { type OptionCheck, abortSignal, oneOf, ofType } from '../../errors/check-options.ts';
import { priorities } from '../../protocol/priority.ts';
import type { GraphSignature, SessionTensor } from '../../protocol/session.ts';
import type { WithSnakeCase } from '../../protocol/snake-case.ts';
import { type CheckedClientOptions, concurrencyCheck } from '../client-options.ts';
import { checkedOptions, loadChecks, rulesOf } from '../load-options.ts';
import type { RunOfModel } from '../models/dispatcher.ts';
import type { ModelHandle, ModelHost } from '../models/model-host.ts';
import { checkFeeds, checkWanted } from './check-feeds.ts';
import { locateGraph } from './locate-graph.ts';
import type { GraphReference, Session, SessionOptions, SessionRunOptions } from './session-options.ts';

const { dtype: _, ...checksOfFiles } = loadChecks;
const checks = {
  ...checksOfFiles,
  file: ofType('string'),
  device: oneOf('wasm', 'auto'),
  concurrency: concurrencyCheck,
  isolate: ofType('boolean'),
  priority: oneOf(...priorities),
} satisfies Record<keyof SessionOptions, OptionCheck>;

const runChecks = {
  outputs: (value) => (Array.isArray(value) && value.length > 0 ? undefined : 'must be an array of names'),
  transfer: ofType('boolean'),
  signal: abortSignal,
  priority: oneOf(...priorities),
} satisfies Record<keyof SessionRunOptions, OptionCheck>;

/** What a session needs of its client. */
export interface SessionParts {
  host: ModelHost;
  /** See `runPrepared`. */
  perform(handle: ModelHandle, run: RunOfModel): Promise<unknown>;
  hub: CheckedClientOptions['hub'];
  /** @throws InsituError `DISPOSED`, `DEVICE_UNAVAILABLE` */
  requireOpen(): void;
}

/** See `createSession`. */
export async function openSession(
  { host, hub, requireOpen, perform }: SessionParts,
  reference: GraphReference,
  given: WithSnakeCase<SessionOptions> = {},
): Promise<Session> {
  const options = checkedOptions<SessionOptions>(given, checks);
  const { file, revision, signal, onProgress, concurrency = Infinity, isolate = false, priority = 'normal' } = options;
  signal?.throwIfAborted();
  const { location, path } = await locateGraph(reference, file, hub, revision);
  signal?.throwIfAborted();
  requireOpen();
  const request = { task: 'session', graph: path, location, dtype: undefined, rules: rulesOf(options) };
  const handle = await host.load(request, { replicas: 1, concurrency, isolate }, { signal, onEvent: onProgress });
  let gone: Promise<void> | undefined;
  const dispose = () => (gone ??= handle.dispose());

  let signature: GraphSignature;
  try {
    signature = (await perform(handle, { inputs: [], options: {}, priority, signal })) as GraphSignature;
  } catch (error) {
    await dispose();
    throw error;
  }
  const { inputs, outputs } = signature;

  // Browsers without explicit resource management lack the symbol.
  const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');
  return {
    inputs,
    outputs,
    model: location.reference,
    get plan() {
      return handle.plan;
    },
    async run(feeds, givenRun = {}) {
      const { outputs: wanted, transfer = false, ...how } = checkedOptions<SessionRunOptions>(givenRun, runChecks);
      how.signal?.throwIfAborted();
      checkWanted(wanted, outputs);
      const tensors = withoutRest(checkFeeds(feeds, inputs));
      const handedOver = transfer ? { transfer: buffersOf(tensors) } : {};
      const run = { priority, ...how, ...handedOver, inputs: [tensors], options: { outputs: wanted } };
      return (await perform(handle, run)) as Record<string, SessionTensor>;
    },
    stats: () => handle.stats(),
    dispose,
    [asyncDispose]: dispose,
  };
}

/** What crosses the thread is the whole memory behind an array, so parts of larger ones are cut out. */
function withoutRest(feeds: Record<string, SessionTensor>): Record<string, SessionTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => {
      const whole = Array.isArray(data) || data.byteLength === data.buffer.byteLength;
      const own = whole && (Array.isArray(data) || data.buffer instanceof ArrayBuffer);
      return [name, { type, data: own ? data : data.slice(), dims } as SessionTensor];
    }),
  );
}

const buffersOf = (feeds: Record<string, SessionTensor>): Transferable[] => [
  ...new Set(Object.values(feeds).flatMap(({ data }) => (Array.isArray(data) ? [] : [data.buffer as ArrayBuffer]))),
];
