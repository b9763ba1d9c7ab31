import { expect, vi } from 'vitest';
import type { StartRequest, WorkerApi } from '../../protocol/worker-api.ts';
import { FakeWorker } from '../fake-worker.conformance.ts';
import { type Supervision, type WorkerState, superviseWorker } from './supervised-worker.ts';

const start: StartRequest = { threads: 'auto', storage: 'memory' };

/** Lets everything happen that needs no more than time. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A supervised worker, and what was told about it. */
export function supervise(options: Partial<Supervision<WorkerApi>> = {}) {
  const fake = new FakeWorker();
  const states: WorkerState[] = [];
  const onDeath = vi.fn();
  const worker = superviseWorker<WorkerApi>(
    { worker: fake as unknown as Worker, url: fake.url },
    {
      begin: ({ call }) => call('start', start),
      hangTimeout: false,
      onState: (s) => states.push(s),
      onDeath,
      ...options,
    },
  );
  const run = (input: unknown = 'text', signal?: AbortSignal) =>
    worker.call(
      'run',
      { modelId: 1, inputs: [input], options: {}, priority: 'normal', stream: false, progress: false },
      { signal },
    );
  return { worker, fake, states, onDeath, run };
}

/** One that has started and answered, as a control. */
export async function superviseStarted(options?: Partial<Supervision<WorkerApi>>) {
  const supervised = supervise(options);
  expect(await supervised.run('the control')).toBe('the control');
  supervised.states.length = 0;
  return supervised;
}
