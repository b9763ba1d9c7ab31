import type { Page } from '@playwright/test';
import { embedder } from './support/site.ts';
import { expect, test, type SeenError } from './support/test.ts';

/** Loads what cannot be loaded, and says how that failed. */
async function failingLoad(
  page: Page,
  task: string,
  model: string,
  options: Record<string, unknown> = {},
): Promise<SeenError> {
  return page.evaluate(
    async ([name, reference, given]) => {
      const started = performance.now();
      try {
        await client().pipeline(name as 'feature-extraction', reference, given);
      } catch (error) {
        const { code, name: errorName, message, hint } = error as insituError;
        return { code, name: errorName, message, hint, milliseconds: performance.now() - started } as SeenError;
      }
      throw new Error('The load succeeded.');

      type insituError = InstanceType<typeof insitu.InsituError>;
      interface SeenError {
        name: string;
        message: string;
        milliseconds: number;
      }
      function client() {
        return ((globalThis as { client?: ReturnType<typeof insitu.createClient> }).client ??= insitu.createClient());
      }
    },
    [task, model, options] as const,
  );
}

/** The proof that nothing is poisoned: the client of the failed load loads a good model. */
async function expectClientWorks(page: Page): Promise<void> {
  const dims = await page.evaluate(async (model) => {
    const { client } = globalThis as unknown as { client: ReturnType<typeof insitu.createClient> };
    const embed = await client.pipeline('feature-extraction', model);
    return (await embed('It works.', { pooling: 'mean' })).dims;
  }, embedder);
  expect(dims).toEqual([1, 384]);
}

const cases: {
  what: string;
  task?: string;
  model: string;
  options?: Record<string, unknown>;
  code: string;
  says: RegExp;
}[] = [
  { what: 'an unknown task', task: 'mind-reading', model: embedder, code: 'TASK_UNKNOWN', says: /"mind-reading"/ },
  {
    what: 'a model that is not there',
    model: '/models/nobody/nothing/',
    code: 'MODEL_NOT_FOUND',
    says: /nobody\/nothing.*config\.json/,
  },
  { what: 'a reference that is none', model: 'what is this?', code: 'OPTION_INVALID', says: /"what is this\?"/ },
  { what: 'an unknown option', model: embedder, options: { dtyp: 'q8' }, code: 'OPTION_INVALID', says: /"dtyp"/ },
  { what: 'an unknown dtype', model: embedder, options: { dtype: 'q9' }, code: 'OPTION_INVALID', says: /"q9"/ },
  {
    what: 'a dtype that the model lacks',
    model: embedder,
    options: { dtype: 'fp16' },
    code: 'MODEL_NOT_FOUND',
    says: /model_fp16/,
  },
  { what: 'a page for every path', model: '/faulty/html-for-everything/', code: 'ASSET_IS_HTML', says: /HTML/ },
  {
    what: 'a page that claims to be JSON',
    model: '/faulty/html-as-json/',
    code: 'ASSET_IS_HTML',
    says: /config\.json/,
  },
  { what: 'JSON that ends early', model: '/faulty/damaged-json/', code: 'MODEL_INVALID', says: /JSON/ },
  { what: 'a truncated graph', model: '/faulty/truncated-graph/', code: 'MODEL_INVALID', says: /protobuf|parsing/ },
  {
    what: 'a connection that breaks',
    model: '/faulty/broken-connection/',
    code: 'NETWORK',
    says: /model_quantized\.onnx/,
  },
  { what: 'a model that is refused', model: '/faulty/forbidden/', code: 'HTTP_STATUS', says: /401/ },
  { what: 'a server that fails', model: '/faulty/failing/', code: 'HTTP_STATUS', says: /503/ },
  {
    what: 'a host that does not answer',
    model: 'http://127.0.0.1:9/model/',
    code: 'NETWORK',
    says: /127\.0\.0\.1:9/,
  },
];

for (const { what, task = 'feature-extraction', model, options, code, says } of cases) {
  test(`${what} gives ${code}, and the client goes on`, async ({ ready }) => {
    // The time of a failure is counted without the start of the library: a first load has paid for it.
    await failingLoad(ready, 'feature-extraction', '/models/nobody/nothing/');
    const error = await failingLoad(ready, task, model, options);
    expect(error).toMatchObject({
      code,
      name: 'InsituError',
      message: expect.stringMatching(says),
      hint: expect.stringMatching(/\w{3}/),
    });
    // What may pass is tried again for some seconds; nothing is waited for longer.
    expect(error.milliseconds).toBeLessThan(10_000);
    await expectClientWorks(ready);
  });
}

test('a damaged file is not kept: the same reference works once the server is mended', async ({ ready, site }) => {
  const error = await failingLoad(ready, 'feature-extraction', '/faulty/truncated-graph/');
  expect(error.code).toBe('MODEL_INVALID');
  const graph = '/faulty/truncated-graph/onnx/model_quantized.onnx';
  const asked = site.requests.filter((path) => path === graph).length;
  expect((await failingLoad(ready, 'feature-extraction', '/faulty/truncated-graph/')).code).toBe('MODEL_INVALID');
  expect(site.requests.filter((path) => path === graph).length).toBe(asked + 1);
});

test('a run with bad input or options rejects typed, and the next one works', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const embed = await insitu.pipeline('feature-extraction', model);
    const failure = async (input: unknown, options?: object) => {
      const error = await embed(input as string, options).then(
        () => undefined,
        (reason: InstanceType<typeof insitu.InsituError>) => reason,
      );
      return error && { code: error.code, message: error.message, hint: error.hint };
    };
    return {
      number: await failure(42),
      nothing: await failure(undefined),
      mixed: await failure(['fine', null]),
      uncloneable: await failure({ call: () => {} }),
      option: await failure('text', { pooling: 'median' }),
      unknownOption: await failure('text', { poolng: 'mean' }),
      empty: (await embed([])).dims,
      good: (await embed('fine', { pooling: 'cls' })).dims,
    };
  }, embedder);
  const hint = expect.stringMatching(/\w{3}/);
  expect(outcome).toEqual({
    number: { code: 'INPUT_INVALID', message: expect.stringContaining('42'), hint },
    nothing: { code: 'INPUT_INVALID', message: expect.stringContaining('undefined'), hint },
    mixed: { code: 'INPUT_INVALID', message: expect.stringContaining('item 1'), hint },
    uncloneable: { code: 'INPUT_INVALID', message: expect.any(String), hint },
    option: { code: 'OPTION_INVALID', message: expect.stringContaining('"median"'), hint },
    unknownOption: { code: 'OPTION_INVALID', message: expect.stringContaining('poolng'), hint },
    empty: [0, 0],
    good: [1, 384],
  });
});
