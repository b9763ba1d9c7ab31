import { vi } from 'vitest';
import type { ClientEvent, RunClientEvent } from '../observe/client-event.ts';
import { createFakeModelWorker } from '../workers/fake-model-worker.conformance.ts';
import { type DispatcherParts, type RunOfModel, createDispatcher } from './dispatcher.ts';
import { seat, turn } from './fake-model.conformance.ts';
import type { HostedModel, Seat } from './hosted-model.ts';

/** A copy that is being loaded. */
interface Filling {
  model: HostedModel;
  succeed(worker: ReturnType<typeof createFakeModelWorker>): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** A dispatcher over workers whose calls the test answers, and models that load when the test says so. */
export function createDispatch(parts: Partial<DispatcherParts> = {}) {
  const events: ClientEvent[] = [];
  const fillings: Filling[] = [];
  const hosted = new Set<HostedModel>();
  const pool = { warm: vi.fn() };
  const memory = { unloadIdle: vi.fn(async () => {}) };
  const fillSeat = vi.fn(async (model: HostedModel): Promise<Seat> => {
    model.fillings++;
    try {
      await new Promise<void>((resolve, reject) => {
        fillings.push({
          model,
          async succeed(worker) {
            give(worker, model);
            resolve();
            await turn();
          },
          async fail(error) {
            reject(error);
            await turn();
          },
        });
      });
      return model.seats.at(-1)!;
    } finally {
      model.fillings--;
    }
  });
  const dispatcher = createDispatcher({
    limit: 100,
    cancelGrace: 60_000,
    pool,
    memory,
    fillSeat,
    observe: (event) => void events.push(event),
    ...parts,
  });

  const give = (fake: ReturnType<typeof createFakeModelWorker>, ...models: HostedModel[]) => {
    for (const model of models) {
      hosted.add(model);
      seat(model, 10, fake);
    }
    return fake;
  };
  /** A worker with these models, which lose it when it dies, as in a host. */
  const addWorker = (...models: HostedModel[]) => {
    const fake = createFakeModelWorker({
      onDeath() {
        for (const model of hosted) {
          const left = model.seats.filter(({ worker }) => worker !== fake.worker);
          model.seats.splice(0, model.seats.length, ...left);
        }
        queueMicrotask(dispatcher.pump);
      },
    });
    fake.worker.seats = models.length;
    return give(fake, ...models);
  };
  /** What has become of a run; `undefined` while it is under way. */
  const run = (model: HostedModel, input: unknown = 'text', given: Partial<RunOfModel> = {}) => {
    const outcome: { value?: unknown; error?: unknown } = {};
    const settled = dispatcher.run(model, { inputs: [input], options: {}, priority: 'normal', ...given }).then(
      (value) => void (outcome.value = value),
      (error: unknown) => void (outcome.error = error),
    );
    return { outcome, settled };
  };
  return {
    dispatcher,
    addWorker,
    run,
    fillings,
    fillSeat,
    pool,
    memory,
    events,
    /** What was told of runs. */
    runs: () => events.filter((event): event is RunClientEvent => event.type === 'run'),
  };
}

/** The first input of each run that a worker was given, answered or not. */
export const inputsOf = ({ calls }: ReturnType<typeof createFakeModelWorker>): unknown[] =>
  calls.filter(({ method }) => method === 'run').map(({ argument }) => (argument as { inputs: unknown[] }).inputs[0]);

/** Answers the first run that a worker has in hand. */
export async function answerRun(fake: ReturnType<typeof createFakeModelWorker>, value?: unknown): Promise<void> {
  fake.open('run')[0]!.answer(value);
  await turn();
}

/** What a run is given that can be aborted. */
export const abortable = (priority: 'interactive' | 'normal' | 'background' = 'normal') => {
  const controller = new AbortController();
  return { given: { signal: controller.signal, priority }, abort: (reason: unknown) => controller.abort(reason) };
};
