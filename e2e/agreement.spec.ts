import { classifier, embedder } from './support/site.ts';
import { expect, test } from './support/test.ts';

const texts = [
  'The river froze early this year, and the ferries stayed in harbour.',
  '',
  '🎉 Ça marche ! 数学 is fun 👩‍🚀',
  'A very long text. '.repeat(600).slice(0, 10_000),
  'ok',
  'Bread dough should rest for an hour in a warm place before it is shaped, and again afterwards.',
];

type Label = { label: string; score: number };
type Vectors = { data: Float32Array; dims: number[] };
type Load<Output> = (model: string, options: object) => Promise<(input: unknown, options: object) => Promise<Output>>;

/** What the page of transformers.js offers; see `pages/transformers.js`. */
interface Reference {
  embedder: Load<Vectors>;
  classifier: Load<Label[]>;
}

test('embeddings equal those of transformers.js, alone and in a batch', async ({ ready, context, site }) => {
  const own = await ready.evaluate(
    async ([model, inputs]) => {
      const embed = await insitu.pipeline('feature-extraction', model);
      const options = { pooling: 'mean', normalize: true } as const;
      const alone: number[][] = [];
      for (const text of inputs) alone.push([...(await embed(text, options)).data]);
      const { data, dims } = await embed(inputs, options);
      const size = dims[1]!;
      const batch = inputs.map((_, index) => [...data.subarray(index * size, (index + 1) * size)]);
      return { alone, batch, dims };
    },
    [embedder, texts] as const,
  );

  const page = await context.newPage();
  await page.goto(`${site.url}/pages/transformers.html`);
  await page.waitForFunction(() => 'embedder' in globalThis);
  const reference = await page.evaluate(async (inputs) => {
    const reference = globalThis as unknown as Reference;
    const embed = await reference.embedder('insitu/all-MiniLM-L6-v2', { dtype: 'q8', device: 'wasm' });
    const vectors: number[][] = [];
    for (const text of inputs) vectors.push([...(await embed(text, { pooling: 'mean', normalize: true })).data]);
    return vectors;
  }, texts);

  expect(own.dims).toEqual([texts.length, 384]);
  for (const index of texts.keys()) {
    expect(cosine(own.alone[index]!, reference[index]!), `text ${index} alone`).toBeGreaterThan(1 - 1e-4);
    expect(cosine(own.batch[index]!, own.alone[index]!), `text ${index} in the batch`).toBeGreaterThan(0.995);
  }
  // What must not hold by accident: texts differ from each other.
  expect(cosine(own.alone[0]!, own.alone[5]!)).toBeLessThan(0.5);
});

test('token vectors and labels have the shapes of transformers.js', async ({ ready, context, site }) => {
  const inputs = ['A joy from start to finish.', 'Dull, and far too long.'];
  const own = await ready.evaluate(
    async ([embedderUrl, classifierUrl, pair]) => {
      const embed = await insitu.pipeline('embeddings', embedderUrl);
      const { data, dims } = await embed(pair[0]!);
      const classify = await insitu.pipeline('sentiment-analysis', classifierUrl);
      return {
        tokens: { data: [...data], dims },
        one: await classify(pair[0]!),
        all: await classify(pair[0]!, { top_k: null }),
        batch: await classify(pair),
        batchAll: await classify(pair, { topK: 2 }),
      };
    },
    [embedder, classifier, inputs] as const,
  );

  const page = await context.newPage();
  await page.goto(`${site.url}/pages/transformers.html`);
  await page.waitForFunction(() => 'embedder' in globalThis);
  const reference = await page.evaluate(async (pair) => {
    const reference = globalThis as unknown as Reference;
    const options = { dtype: 'q8', device: 'wasm' };
    const embed = await reference.embedder('insitu/all-MiniLM-L6-v2', options);
    const tokens = await embed(pair[0], {});
    const classify = await reference.classifier('insitu/all-MiniLM-L6-v2-sst2', options);
    return {
      tokens: { data: [...tokens.data], dims: tokens.dims },
      one: await classify(pair[0], {}),
      all: await classify(pair[0], { top_k: null }),
      second: await classify(pair[1], {}),
    };
  }, inputs);

  expect(own.tokens.dims).toEqual(reference.tokens.dims);
  expect(cosine(own.tokens.data, reference.tokens.data)).toBeGreaterThan(1 - 1e-4);
  expect(own.one).toEqual([{ label: 'POSITIVE', score: expect.closeTo(reference.one[0]!.score, 4) }]);
  expect(own.all.map(({ label }) => label)).toEqual(reference.all.map(({ label }) => label));
  expect(own.batch.map(({ label }) => label)).toEqual(['POSITIVE', 'NEGATIVE']);
  expect(own.batch[1]!.score).toBeCloseTo(reference.second[0]!.score, 4);
  expect(own.batchAll.map((labels) => labels.length)).toEqual([2, 2]);
});

function cosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (const [index, value] of a.entries()) {
    dot += value * b[index]!;
    lengthA += value * value;
    lengthB += b[index]! * b[index]!;
  }
  return dot / Math.sqrt(lengthA * lengthB);
}
