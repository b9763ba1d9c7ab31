import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientOptions } from './client-options.ts';
import { createClient } from './client.ts';
import { endWorkers, scriptAnswering, startedWorkers, watchWorkers } from './workers/scripted-worker.conformance.ts';

/** A worker that starts on a loaded machine is silent for some time, too. */
const hangTimeout = 3000;
const patience = 60_000;

beforeEach(watchWorkers);
afterEach(endWorkers);

/** What the input of a run does. Anything else is answered with itself. */
const answers = {
  load: `() => ({
    ok: true,
    value: { modelId: 1, takes: 'text', plan: { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] }, bytes: 1, heap: 1 },
  })`,
  run: `({ inputs: [input] }) => {
    if (input === 'hang') for (;;);
    if (input === 'wait') return new Promise(() => {});
    if (input === 'fail unseen') Promise.reject(new Error('nobody looked'));
    if (input === 'throw later') setTimeout(() => { throw new Error('nobody caught it'); });
    return input.includes(' ') ? new Promise(() => {}) : { ok: true, value: input };
  }`,
  unload: '() => ({ ok: true, value: null })',
};

/** A pipeline whose worker has answered, and gives its input. */
async function load(options: ClientOptions = {}) {
  const client = createClient({ workerUrl: scriptAnswering(answers), workers: 1, hangTimeout: false, ...options });
  const echo = await client.pipeline('feature-extraction', '/models/any/');
  const run = (input: string, signal = new AbortController().signal) => echo(input, { signal }) as Promise<unknown>;
  expect(await run('control')).toBe('control');
  return { client, run, stats: echo.stats };
}

/** The page waits for the lock of the worker that lives. */
async function isWatched(): Promise<boolean> {
  const { pending = [] } = await navigator.locks.query();
  return pending.some(({ name }) => name?.startsWith('insitu worker '));
}

const outcomeOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('a pipeline', () => {
  it('outlives a worker that was terminated from outside during a call', async () => {
    const { client, run, stats } = await load();
    await expect.poll(isWatched).toBe(true);
    const lost = outcomeOf(run('wait'));
    startedWorkers[0]!.terminate();
    expect(await lost).toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
    expect(await run('next')).toBe('next');
    expect(await stats()).toMatchObject({ loads: 2, answered: 2, failed: 1 });
    await client.close();
  });

  it('outlives a worker that was terminated from outside between two calls', async () => {
    const { client, run } = await load();
    await expect.poll(isWatched).toBe(true);
    startedWorkers[0]!.terminate();
    await expect.poll(async () => (await client.stats()).workers).toEqual([]);
    expect(await run('next')).toBe('next');
    expect(startedWorkers).toHaveLength(2);
    await client.close();
  });

  it.each([
    ['fail unseen', 'nobody looked'],
    ['throw later', 'nobody caught it'],
  ])('outlives a worker in which something goes wrong outside of any call: %s', async (input, message) => {
    const { client, run } = await load();
    expect(await outcomeOf(run(input))).toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining(message),
    });
    expect(await run('next')).toBe('next');
    await client.close();
  });

  it(
    'outlives a worker that computes for ever',
    async () => {
      const { client, run } = await load({ hangTimeout });
      const [hung, patient] = [outcomeOf(run('hang')), run('patient')];
      expect(await hung).toMatchObject({ code: 'WORKER_UNRESPONSIVE', retryable: true });
      expect(await patient, 'it had not begun').toBe('patient');
      expect(await run('next')).toBe('next');
      await client.close();
    },
    patience,
  );

  it(
    'outlives an abort of what computes for ever, and others in that worker do not notice',
    async () => {
      const { client, run, stats } = await load();
      const other = await client.pipeline('feature-extraction', '/models/other/');
      const controller = new AbortController();
      const aborted = outcomeOf(run('hang', controller.signal));
      const patient = other('patient') as Promise<unknown>;
      controller.abort('enough');
      expect(await aborted).toBe('enough');
      expect(await patient).toBe('patient');
      expect(await run('next')).toBe('next');
      expect(await stats()).toMatchObject({ aborted: { terminated: 1 } });
      await client.close();
    },
    patience,
  );
});
