import { embedder } from '../support/site.ts';
import { expect, test } from './lab.ts';

/** One worker, a failed load, a failed run, a bad input; then what must work. */
const truncated = '/faulty/truncated-graph/';

test('after a failed load, a failed run and a bad input, a good call is answered', async ({ ready }) => {
  const outcome = await ready.evaluate(
    async ([good, broken]) => {
      const client = insitu.createClient({ workers: 1 });
      const before = await client.pipeline('feature-extraction', good);
      const expected = (await before('The same words.', { pooling: 'mean' })).data;
      const failedLoad = await lab.outcome(client.pipeline('feature-extraction', broken));
      const same = (data: Float32Array) => expected.every((number, index) => number === data[index]);
      const failures = [
        await lab.outcome(before(42 as never)),
        await lab.outcome(before(['fine', null as never])),
        await lab.outcome(before('fine', { pooling: 'no such' as never })),
        await lab.outcome(before(new Proxy(['uncloneable'], {}))),
      ];
      const held = same((await before('The same words.', { pooling: 'mean' })).data);
      const after = await client.pipeline('feature-extraction', good);
      const later = same((await after('The same words.', { pooling: 'mean' })).data);
      return {
        failedLoad: failedLoad.code,
        failures: failures.map(({ code }) => code),
        held,
        later,
        started: lab.started,
      };
    },
    [embedder, truncated] as const,
  );
  expect(outcome).toEqual({
    failedLoad: 'MODEL_INVALID',
    failures: ['INPUT_INVALID', 'INPUT_INVALID', 'OPTION_INVALID', expect.any(String)],
    held: true,
    later: true,
    started: 1,
  });
});

test('the control: transformers.js', async ({ page, site }) => {
  await page.goto(`${site.url}/pages/transformers.html`);
  await page.waitForFunction(() => 'embedder' in globalThis);
  const outcome = await page.evaluate(async () => {
    type Embedder = (text: unknown, options?: object) => Promise<{ data: Float32Array }>;
    const { embedder: load } = globalThis as unknown as { embedder(model: string, options: object): Promise<Embedder> };
    const message = (promise: Promise<unknown>) =>
      promise.then(
        () => 'resolved',
        (error: unknown) => String(error),
      );
    const before = await load('insitu/all-MiniLM-L6-v2', { dtype: 'q8' });
    const first = await message(before('The same words.', { pooling: 'mean' }));
    const failedLoad = await message(load('../faulty/truncated-graph', { dtype: 'q8' }));
    const badInput = await message(before(42));
    const held = await message(before('The same words.', { pooling: 'mean' }));
    const later = await message(load('insitu/all-MiniLM-L6-v2', { dtype: 'q8' }));
    return { first, failedLoad, badInput, held, later };
  });
  console.log(outcome);
});
