import { embedder } from '../support/site.ts';
import { expect, stunts, test } from './lab.ts';

const truncated = '/faulty/truncated-graph/';

test('after a failed load, bad inputs and a failed run, good calls are answered', async ({ ready }) => {
  const outcome = await ready.evaluate(
    async ([good, broken, stuntsModel]) => {
      const client = insitu.createClient({ workers: 1 });
      const act = await client.pipeline('feature-extraction', stuntsModel);
      const embed = await client.pipeline('feature-extraction', good);
      const expected = (await embed('The same words.', { pooling: 'mean' })).data;
      const isSame = async (call: typeof embed) => {
        const { data } = await call('The same words.', { pooling: 'mean' });
        return expected.every((number, index) => number === data[index]);
      };
      const code = async (call: Promise<unknown>) => (await lab.outcome(call)).code;

      const failedLoad = await code(client.pipeline('feature-extraction', broken));
      const badInputs = [
        await code(embed(42 as never)),
        await code(embed(['fine', null as never])),
        await code(embed((() => {}) as never)),
        await code(embed('fine', { pooling: 'no such' as never })),
      ];
      const held = await isSame(embed);
      const workers = lab.started;
      const failedRun = await code(act('huge'));
      const heldAgain = await isSame(embed);
      const later = await isSame(await client.pipeline('feature-extraction', good));
      const { dims } = await act('hello', { pooling: 'mean' });
      return { failedLoad, badInputs, held, workers, failedRun, heldAgain, later, dims };
    },
    [embedder, truncated, stunts] as const,
  );
  expect(outcome).toEqual({
    failedLoad: 'MODEL_INVALID',
    badInputs: ['INPUT_INVALID', 'INPUT_INVALID', 'INPUT_INVALID', 'OPTION_INVALID'],
    held: true,
    // The failures until here are survived in place; only a run that exhausts the memory ends its worker.
    workers: 1,
    failedRun: 'OUT_OF_MEMORY',
    heldAgain: true,
    later: true,
    dims: [1, 8],
  });
});

/** What transformers.js 4.3 gives for the same. Should it change, so must what insitu says of it. */
test('the control: transformers.js repeats the old failure', async ({ page, site }) => {
  test.setTimeout(180_000);
  const open = async () => {
    await page.goto(`${site.url}/pages/transformers.html`);
    await page.waitForFunction(() => 'embedder' in globalThis);
  };
  /** Loads what is not loaded yet and runs it, one after the other. */
  const attempt = (...calls: [model: string, input: string][]) =>
    page.evaluate(async (wanted) => {
      type Embedder = (text: string, options: object) => Promise<unknown>;
      const { embedder: load } = globalThis as unknown as {
        embedder(model: string, options: object): Promise<Embedder>;
      };
      const loaded: Record<string, Embedder> = {};
      const outcomes: string[] = [];
      for (const [model, input] of wanted) {
        try {
          loaded[model] ??= await load(model, { dtype: 'q8' });
          await loaded[model](input, { pooling: 'mean' });
          outcomes.push('answered');
        } catch (error) {
          outcomes.push(String(error));
        }
      }
      return outcomes;
    }, calls);
  const good: [string, string] = ['insitu/all-MiniLM-L6-v2', 'hello'];
  const other: [string, string] = ['insitu/stunts', 'hello'];

  await open();
  expect(await attempt(good, other), 'without a failure').toEqual(['answered', 'answered']);
  await open();
  const afterLoad = await attempt(good, ['../faulty/truncated-graph', 'hello'], good, other);
  await open();
  const afterRun = await attempt(good, ['insitu/stunts', 'huge'], good, other);
  console.log('transformers.js:', { afterLoad, afterRun });

  const failedLoad = expect.stringContaining('protobuf parsing failed');
  expect(afterLoad, 'another model is refused with the failure of the first').toEqual([
    'answered',
    failedLoad,
    'answered',
    failedLoad,
  ]);
  const failedRun = expect.stringContaining('std::bad_alloc');
  expect(afterRun, 'no run is answered any more').toEqual(['answered', failedRun, failedRun, failedRun]);
});
