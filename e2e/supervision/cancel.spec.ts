import { setTimeout as delay } from 'node:timers/promises';
import { waitUntilStored } from '../support/test.ts';
import { expect, stunts, test } from './lab.ts';
import { findRenderer } from './renderer-process.ts';

/** About ten seconds in one step. */
const long = Array.from({ length: 10 }, () => 'slow').join(' ');
const observedMs = 300;
/** Chromium gives a worker that computes two seconds to come to an end by itself before it stops it (`kForcibleTerminationDelay`). */
const terminationMs = 2000;

const ms = (value: number) => `${value.toFixed(0)} ms`;

/** Cores that the page's process has in use. */
async function processorLoad(renderer: Awaited<ReturnType<typeof findRenderer>>): Promise<number> {
  const before = renderer.processorTime();
  await delay(observedMs);
  return (renderer.processorTime() - before) / observedMs;
}

test('where memory can be shared, an abort within a step of ten seconds stops the runtime, and the worker stays', async ({
  ready,
}) => {
  const renderer = await findRenderer(ready);
  const scene = await ready.evaluateHandle(
    async ([model, input]) => {
      const client = insitu.createClient({ workers: 1 });
      const act = await client.pipeline('feature-extraction', model);
      const before = await act('hello world', { pooling: 'mean' });
      const controller = new AbortController();
      const reason = { because: 'enough' };
      const aborted = act(input, { signal: controller.signal }).catch((error: unknown) => error === reason);
      await lab.until(async () => (await act.stats()).running === 1);
      // One may be stopped by mistake, one waits.
      const others = [act('slow', { priority: 'interactive' }), act('the second')];
      return { act, controller, reason, aborted, others, before };
    },
    [stunts, long] as const,
  );
  await expect
    .poll(() => processorLoad(renderer), { message: 'the control: the core is busy before' })
    .toBeGreaterThan(0.3);

  const outcome = await scene.evaluate(async ({ act, controller, reason, aborted, others, before }, model) => {
    const start = performance.now();
    const since = () => performance.now() - start;
    controller.abort(reason);
    const rejectedWithReason = await aborted;
    const rejectedAfter = since();
    await lab.until(async () => {
      const { step, terminated } = (await act.stats()).aborted;
      return step + terminated === 1;
    });
    const freedAfter = since();
    const dimensions = await Promise.all(others.map(async (call) => (await call).dims.length));
    const nextStart = performance.now();
    const next = await act('hello world', { pooling: 'mean' });
    const answeredAfter = performance.now() - nextStart;
    const numbers = [...next.data].every((number, index) => number === before.data[index]);
    const warmStart = performance.now();
    const another = insitu.createClient({ workers: 1 });
    await (
      await another.pipeline('feature-extraction', model)
    )('hello world', { pooling: 'mean' });
    const warmLoad = performance.now() - warmStart;
    await another.close();
    const { aborted: tally, loads } = await act.stats();
    return {
      figures: { rejectedAfter, freedAfter, answeredAfter, warmLoad },
      facts: { rejectedWithReason, numbers, others: dimensions, tally, loads },
    };
  }, stunts);
  const { rejectedAfter, freedAfter, answeredAfter, warmLoad } = outcome.figures;
  console.log(
    `Rejected after ${ms(rejectedAfter)}, the core free after ${ms(freedAfter)}, the next answer within ${ms(answeredAfter)}: ` +
      `${(answeredAfter / warmLoad).toFixed(2)} of a warm load (${ms(warmLoad)}).`,
  );
  expect(outcome.facts).toEqual({
    rejectedWithReason: true,
    numbers: true,
    others: [3, 3],
    tally: { queued: 0, step: 1, terminated: 0 },
    loads: 1,
  });
  expect(rejectedAfter).toBeLessThan(500);
  expect(freedAfter).toBeLessThan(1000);
  expect(answeredAfter).toBeLessThan(1.5 * warmLoad);
});

test('elsewhere an abort within a step ends the worker, and a spare one takes its place', async ({
  readyWithoutIsolation: ready,
}) => {
  const renderer = await findRenderer(ready);
  const loaded = await ready.evaluateHandle(async (model) => {
    const client = insitu.createClient({ workers: 1 });
    const act = await client.pipeline('feature-extraction', model);
    return { client, act, neighbour: await client.pipeline('feature-extraction', model) };
  }, stunts);
  // A worker that computes within a step and is to end cannot finish storing, and others wait for what it has begun.
  await waitUntilStored(ready, new URL(stunts, ready.url()).href, 4);
  const scene = await loaded.evaluateHandle(async ({ client, act, neighbour }, input) => {
    const [lock] = await lab.lifeLocks();
    const before = { vector: await act('hello world', { pooling: 'mean' }), started: lab.started };

    const controller = new AbortController();
    const reason = { because: 'enough' };
    const aborted = act(input, { signal: controller.signal }).catch((error: unknown) => error === reason);
    // A worker gets ready to take over when a run lasts long: so this one is within its step.
    await lab.until(async () => (await client.stats()).workers.some(({ spare, state }) => spare && state === 'ready'));
    // One waits in the worker, one for it.
    const others = [neighbour('the first', { priority: 'interactive' }), neighbour('the second')];
    return { client, act, neighbour, controller, reason, aborted, others, before, lock: lock! };
  }, long);
  await expect
    .poll(() => processorLoad(renderer), { message: 'the control: the core is busy before' })
    .toBeGreaterThan(0.3);

  const outcome = await scene.evaluate(
    async ({ client, act, controller, reason, aborted, others, before, lock }, model) => {
      const start = performance.now();
      const since = () => performance.now() - start;
      const released = lab.released(lock).then((time) => time - start);
      controller.abort(reason);
      const rejectedWithReason = await aborted;
      const rejectedAfter = since();
      const next = await act('hello world', { pooling: 'mean' });
      const answeredAfter = since();
      const others1 = await Promise.all(others.map(async (call) => (await call).dims.length));
      const numbers = [...next.data].every((number, index) => number === before.vector.data[index]);

      const warmStart = performance.now();
      const another = insitu.createClient({ workers: 1 });
      const warm = await another.pipeline('feature-extraction', model);
      await warm('hello world', { pooling: 'mean' });
      const warmLoad = performance.now() - warmStart;
      await another.close();
      const { aborted: tally, answered, loads } = await act.stats();
      return {
        figures: { rejectedAfter, releasedAfter: await released, answeredAfter, warmLoad },
        facts: {
          rejectedWithReason,
          numbers,
          others: others1,
          tally,
          answered,
          loads,
          workers: (await client.stats()).workers.length,
        },
      };
    },
    stunts,
  );
  const { rejectedAfter, releasedAfter, answeredAfter, warmLoad } = outcome.figures;
  await expect.poll(() => processorLoad(renderer), { message: 'the core is free', timeout: 5000 }).toBeLessThan(0.15);

  console.log(
    `Rejected after ${ms(rejectedAfter)}, the worker gone after ${ms(releasedAfter)}, the next answer after ${ms(answeredAfter)}: ` +
      `${(answeredAfter / warmLoad).toFixed(2)} of a warm load (${ms(warmLoad)}).`,
  );
  expect(outcome.facts).toEqual({
    rejectedWithReason: true,
    numbers: true,
    others: [3, 3],
    tally: { queued: 0, step: 0, terminated: 1 },
    answered: 2,
    loads: 2,
    workers: 1,
  });
  expect(rejectedAfter).toBeLessThan(500);
  expect(releasedAfter).toBeLessThan(terminationMs + 1500);
  expect(answeredAfter).toBeLessThan(3 * warmLoad);
});

test('an abort in the queue, and one between the steps of a batch, leave the worker alone', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ workers: 1, cancelGrace: 20_000 });
    const act = await client.pipeline('feature-extraction', model);
    const running = async () => (await act.stats()).running === 1;
    const { started } = lab;

    const inQueue = new AbortController();
    const first = act('slow', { pooling: 'mean' });
    const waiting = act('hello', { signal: inQueue.signal }).catch((reason: unknown) => reason);
    await lab.until(running);
    inQueue.abort('queued');
    const queued = await waiting;
    const { dims } = await first;

    // Several seconds of work, in steps of some milliseconds.
    const between = new AbortController();
    const batch = act(
      Array.from({ length: 400 }, () => 'brief brief'),
      { signal: between.signal },
    ).catch((reason: unknown) => reason);
    await lab.until(running);
    between.abort('between');
    const step = await batch;
    // In its turn: the batch has stopped, or this would wait for all of it.
    await act('hello');
    const { aborted, answered } = await act.stats();
    return { queued, dims, step, aborted, answered, started: lab.started - started };
  }, stunts);
  expect(outcome).toEqual({
    queued: 'queued',
    dims: [1, 8],
    step: 'between',
    aborted: { queued: 1, step: 1, terminated: 0 },
    answered: 2,
    started: 0,
  });
});

test('an abort of a load with several copies rejects at once, whichever copy is on its way', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ workers: 2 });
    const control = await client.pipeline('feature-extraction', model, { replicas: 2 });
    const { replicas } = await control.stats();
    await control.dispose();

    const controller = new AbortController();
    let ready = 0;
    const load = client.pipeline('feature-extraction', model, {
      replicas: 2,
      signal: controller.signal,
      onProgress: ({ status }) => {
        // Of the first copy; the second begins now.
        if (status === 'ready' && ++ready === 1) setTimeout(() => controller.abort('mine'));
      },
    });
    const result = await load.then(
      () => 'loaded',
      (reason: unknown) => reason,
    );
    await lab.until(() => lab.live.size === 0);
    return { replicas, result, models: (await client.stats()).models.length };
  }, stunts);
  expect(outcome).toEqual({ replicas: 2, result: 'mine', models: 0 });
});

for (const { when, spare } of [
  { when: 'at once', spare: false },
  { when: 'when a spare worker waits already', spare: true },
]) {
  test(`dispose() of a pipeline within a long step leaves no worker, ${when}`, async ({
    readyWithoutIsolation: ready,
  }) => {
    const code = await ready.evaluate(
      async ([model, input, withSpare]) => {
        const client = insitu.createClient({ workers: 1 });
        const act = await client.pipeline('feature-extraction', model);
        const call = lab.outcome(act(input, { signal: new AbortController().signal }));
        await lab.until(async () => {
          const { workers } = await client.stats();
          return workers.some((worker) => (withSpare ? worker.spare : worker.calls > 0));
        });
        await act.dispose();
        await lab.until(() => lab.live.size === 0);
        return (await call).code;
      },
      [stunts, long, spare] as const,
    );
    expect(code).toBe('DISPOSED');
    await expect.poll(() => ready.workers().length).toBe(0);
  });
}
