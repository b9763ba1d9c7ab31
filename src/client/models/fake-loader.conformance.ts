import { vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { ClientEvent } from '../observe/client-event.ts';
import { type FakeCall, createFakeModelWorker } from '../workers/fake-model-worker.conformance.ts';
import type { ModelWorker } from '../workers/worker-pool.ts';
import { plan } from './fake-model.conformance.ts';
import { type LoaderParts, createModelLoader } from './model-loader.ts';

export const insituError = (code: 'OUT_OF_MEMORY' | 'DISPOSED' | 'MODEL_NOT_FOUND') =>
  new InsituError(code, `This is ${code}.`, { hint: 'None.' });
export const progress = (total: number) => ({ status: 'progress', total });

/** A loader whose every load gets a worker of its own, which the test answers for. */
export function createLoader(parts: Partial<LoaderParts> = {}) {
  const fakes: ReturnType<typeof createFakeModelWorker>[] = [];
  const events: ClientEvent[] = [];
  const place = vi.fn((_options: { isolated: boolean; others: ReadonlySet<ModelWorker> }) => {
    fakes.push(createFakeModelWorker());
    return fakes.at(-1)!.worker;
  });
  const leave = vi.fn(async (_worker: ModelWorker) => {});
  const memory = {
    makeRoom: vi.fn<LoaderParts['memory']['makeRoom']>(() => undefined),
    exceeds: vi.fn(() => false),
    unloadIdle: vi.fn(async () => {}),
  };
  const fillSeat = createModelLoader({
    pool: { place, leave },
    memory,
    observe: (event) => void events.push(event),
    bringFiles: async (request) => request,
    ...parts,
  });
  /** The load that was asked of the n-th worker. */
  const loadIn = (index: number): Promise<FakeCall> =>
    vi.waitFor(() => fakes[index]!.calls.find(({ method }) => method === 'load') ?? Promise.reject(new Error('none')), {
      interval: 1,
    });
  return { fillSeat, fakes, events, place, leave, memory, loadIn };
}

export const answer = {
  modelId: 3,
  takes: 'image',
  plan,
  bytes: 100,
  heap: 5000,
  interrupt: { memory: 'shared', address: 10 },
};
export const outcomeOf = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
