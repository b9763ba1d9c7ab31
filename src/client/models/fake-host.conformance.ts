import type { LoadRequest } from '../../protocol/worker-api.ts';
import type { ClientEvent } from '../observe/client-event.ts';
import { type FakeSupervised, createFakeSupervised } from '../workers/fake-model-worker.conformance.ts';
import { plan, requestOf, turn } from './fake-model.conformance.ts';
import type { HostingRules, LoadListening } from './hosted-model.ts';
import { type HostOptions, type HostParts, createModelHost } from './model-host.ts';
import { spreadRun } from './spread-run.ts';

export const outcomeOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

/** A host whose workers' calls the test answers. */
export function createHost(options: Partial<HostOptions> = {}, parts: Partial<HostParts> = {}) {
  const fakes: FakeSupervised[] = [];
  const events: ClientEvent[] = [];
  const host = createModelHost(
    { workers: 1, maxQueue: 100, memoryBudget: Infinity, cancelGrace: 60_000, ...options },
    {
      open(hooks) {
        fakes.push(createFakeSupervised(hooks));
        return fakes.at(-1)!.worker;
      },
      bringFiles: async (request) => request,
      loadSpread: async () => spreadRun,
      observe: (event) => void events.push(event),
      ...parts,
    },
  );
  const begin = (
    reference: string,
    rules: Partial<HostingRules> = {},
    listening: LoadListening = {},
    more: Partial<LoadRequest> = {},
  ) =>
    host.load(requestOf(reference, more), { replicas: 1, concurrency: Infinity, isolate: false, ...rules }, listening);
  let models = 0;
  /** Answers the load that the n-th worker has in hand. */
  const loadIn = async (index: number) => {
    await turn();
    fakes[index]!.open('load')[0]!.answer({ modelId: ++models, takes: 'text', plan, bytes: 100, heap: 5000 });
    await turn();
  };
  /** Loads a model, and answers for its workers. */
  const load = async (reference: string, rules: Partial<HostingRules> = {}, more: Partial<LoadRequest> = {}) => {
    const loading = begin(reference, rules, {}, more);
    for (let copies = 0; copies < (rules.replicas ?? 1); copies++) {
      await turn();
      await loadIn(fakes.findIndex((fake) => fake.open('load').length > 0));
    }
    return loading;
  };
  return { host, begin, load, loadIn, fakes, events };
}
