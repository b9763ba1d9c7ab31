import { embedder } from '../support/site.ts';
import { expect, stunts, test } from './lab.ts';

/** The model has about 23 kB. */
const roomForOne = 30_000;

test('with room for one of two models, the one not used for longest leaves and comes back with its next call', async ({
  ready,
}) => {
  const outcome = await ready.evaluate(
    async ([model, memoryBudget]) => {
      const unloaded: string[] = [];
      const client = insitu.createClient({
        workers: 2,
        memoryBudget,
        onEvent: (event) => {
          if (event.type === 'unload') unloaded.push(event.reason);
        },
      });
      const first = await client.pipeline('feature-extraction', model);
      const before = (await first('hello', { pooling: 'mean' })).data;
      const second = await client.pipeline('feature-extraction', model);
      const states = async () => [(await first.stats()).state, (await second.stats()).state];
      const seen = [await states()];
      const after = (await first('hello', { pooling: 'mean' })).data;
      seen.push(await states());
      await second('hello');
      seen.push(await states());
      const { bytes, workers } = await client.stats();
      const loads = [(await first.stats()).loads, (await second.stats()).loads];
      await lab.until(() => lab.live.size === 1);
      return {
        seen,
        loads,
        unloaded,
        within: bytes > 0 && bytes <= memoryBudget,
        taking: workers.filter(({ state }) => state !== 'draining').length,
        same: before.every((number, index) => number === after[index]),
      };
    },
    [stunts, roomForOne] as const,
  );
  expect(outcome).toEqual({
    seen: [
      ['unloaded', 'loaded'],
      ['loaded', 'unloaded'],
      ['unloaded', 'loaded'],
    ],
    loads: [2, 2],
    unloaded: ['budget', 'budget', 'budget'],
    within: true,
    taking: 1,
    same: true,
  });
});

test('models that are loaded at the same time keep to the budget too', async ({ ready }) => {
  const outcome = await ready.evaluate(
    async ([model, memoryBudget]) => {
      const client = insitu.createClient({ workers: 3, memoryBudget });
      const pipelines = await Promise.all([1, 2, 3].map(() => client.pipeline('feature-extraction', model)));
      const { bytes } = await client.stats();
      const answers = await Promise.all(pipelines.map((act) => act('hello', { pooling: 'mean' })));
      return { within: bytes > 0 && bytes <= memoryBudget, answers: answers.map(({ dims }) => dims) };
    },
    [stunts, roomForOne] as const,
  );
  expect(outcome).toEqual({ within: true, answers: Array.from({ length: 3 }, () => [1, 8]) });
});

test('a model larger than the budget rejects with both sizes, and leaves the others alone', async ({ ready }) => {
  const outcome = await ready.evaluate(
    async ([small, large]) => {
      const client = insitu.createClient({ workers: 1, memoryBudget: 5e6 });
      const act = await client.pipeline('feature-extraction', small);
      const error = await lab.outcome(client.pipeline('feature-extraction', large));
      const { dims } = await act('Still here.', { pooling: 'mean' });
      return {
        error,
        dims,
        loads: (await act.stats()).loads,
        started: lab.started,
        models: (await client.stats()).models.length,
      };
    },
    [stunts, embedder] as const,
  );
  expect(outcome).toMatchObject({
    error: { code: 'OUT_OF_MEMORY', retryable: false },
    dims: [1, 8],
    loads: 1,
    started: 1,
    models: 1,
  });
  expect(outcome.error.message).toMatch(/2\d\.\d MB.*5\.0 MB/);
});

test('a run that exhausts the memory is tried once more in a fresh worker, then rejects; the next call answers', async ({
  ready,
}) => {
  const outcome = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ workers: 1 });
    const act = await client.pipeline('feature-extraction', model);
    const neighbour = await client.pipeline('feature-extraction', model);
    const { dims } = await act('The control.', { pooling: 'mean' });
    const { started } = lab;
    const error = await lab.outcome(act('huge'));
    const restarts = lab.started - started;
    const after = await Promise.all([act('hello', { pooling: 'mean' }), neighbour('hello', { pooling: 'mean' })]);
    return { dims, error, restarts, after: after.map((result) => result.dims) };
  }, stunts);
  expect(outcome).toMatchObject({
    dims: [1, 8],
    error: { code: 'OUT_OF_MEMORY' },
    restarts: 1,
    after: [
      [1, 8],
      [1, 8],
    ],
  });
});
