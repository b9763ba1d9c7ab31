import { randomInt } from 'node:crypto';
import { embedder } from '../support/site.ts';
import { expect, stunts, test } from './lab.ts';
import { randomSteps, texts } from './random-steps.ts';
import { takeSteps } from './take-steps.ts';

const stepCount = 2000;
const workers = 3;

test(`whatever happens in ${stepCount} random steps, every call settles, typed, and nothing is left`, async ({
  openReady,
}) => {
  test.setTimeout(15 * 60_000);
  const seed = Number(process.env['CHAOS_SEED'] ?? randomInt(2 ** 31));
  // Where memory can be shared, a run is stopped in another way.
  const isolated = seed % 2 === 0;
  test.info().annotations.push({ type: 'seed', description: String(seed) });
  console.log(`The steps of CHAOS_SEED=${seed}, on a page that is ${isolated ? '' : 'not '}isolated`);
  const ready = await openReady(isolated);

  const modelWorkers = () => ready.workers().filter((worker) => worker.url().endsWith('/worker.js'));
  await ready.exposeFunction('failInWorker', (how: 'throw' | 'reject', nth: number) => {
    const alive = modelWorkers();
    // A worker that hangs comes to it later; one that has ended, never.
    void alive[nth % alive.length]
      ?.evaluate((kind) => {
        const error = new Error('thrown by the test');
        setTimeout(() => {
          if (kind === 'throw') throw error;
          void Promise.reject(error);
        });
      }, how)
      .catch(() => {});
  });
  const knownAnswers = () =>
    ready.evaluate(
      async ([embedderModel, stuntsModel, inputs]) => {
        const client = insitu.createClient({ workers: 1 });
        const embed = await client.pipeline('feature-extraction', embedderModel);
        const sentence = [...(await embed('Known words.', { pooling: 'mean' })).data];
        const act = await client.pipeline('feature-extraction', stuntsModel);
        const vectors: Record<string, number[]> = {};
        for (const text of inputs) vectors[text] = [...(await act(text, { pooling: 'mean' })).data];
        await client.close();
        return { sentence, vectors };
      },
      [embedder, stunts, texts] as const,
    );

  const before = await knownAnswers();
  const { vectors } = before;
  const start = performance.now();
  const { counts, violations, slowestAbortMs } = await ready.evaluate(takeSteps, {
    ...randomSteps(seed, stepCount),
    model: stunts,
    workers,
    hangTimeout: 3000,
    deadline: 30_000,
    vectors,
  });
  const left = await ready.evaluate(() => ({ live: lab.live.size, faults: lab.faults, started: lab.started }));
  console.log(
    `${((performance.now() - start) / 1000).toFixed(0)} s, ${left.started} workers, the slowest abort ${slowestAbortMs.toFixed(0)} ms:`,
    counts,
  );

  expect(violations).toEqual([]);
  expect(left.faults).toEqual([]);
  expect(left.live).toBe(0);
  await expect.poll(() => ready.workers().length, { message: 'workers of the page' }).toBe(0);
  await expect.poll(() => ready.evaluate(() => lab.lifeLocks()), { message: 'locks of workers' }).toEqual([]);
  expect(await knownAnswers(), 'a fresh client answers as before').toEqual(before);

  // That there was chaos, and that it was not all there was.
  expect(counts['run: ok']).toBeGreaterThan(stepCount / 4);
  const seen = Object.keys(counts);
  for (const outcome of [
    'load: ok',
    'run: aborted',
    'run: WORKER_CRASHED',
    'run: WORKER_UNRESPONSIVE',
    'run-huge: OUT_OF_MEMORY',
  ])
    expect(seen).toContain(outcome);
});
