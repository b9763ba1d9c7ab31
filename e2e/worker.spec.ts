import { classifier, embedder } from './support/site.ts';
import { expect, test } from './support/test.ts';

test('the worker ends with its last pipeline, and the next load starts another', async ({ ready }) => {
  const embedderAndClassifier = await ready.evaluateHandle(
    async ([a, b]) => {
      const client = insitu.createClient();
      return {
        client,
        embed: await client.pipeline('feature-extraction', a),
        classify: await client.pipeline('text-classification', b),
      };
    },
    [embedder, classifier] as const,
  );
  expect(ready.workers()).toHaveLength(1);

  const afterFirst = await embedderAndClassifier.evaluate(async ({ embed, classify }) => {
    await embed.dispose();
    const error = await embed('Gone.').catch((reason: { code: string }) => reason.code);
    return { error, labels: await classify('Still good.') };
  });
  expect(afterFirst).toEqual({ error: 'DISPOSED', labels: [{ label: 'POSITIVE', score: expect.any(Number) }] });
  expect(ready.workers()).toHaveLength(1);

  await embedderAndClassifier.evaluate(async ({ classify }) => {
    await classify.dispose();
    await classify.dispose();
  });
  await expect.poll(() => ready.workers().length).toBe(0);

  const dims = await embedderAndClassifier.evaluate(async ({ client }, model) => {
    const embed = await client.pipeline('feature-extraction', model);
    const { dims } = await embed('Again.', { pooling: 'mean' });
    await embed[Symbol.asyncDispose]();
    return dims;
  }, embedder);
  expect(dims).toEqual([1, 384]);
  await expect.poll(() => ready.workers().length).toBe(0);
});

test('close() settles every call that waits, typed', async ({ ready }) => {
  const codes = await ready.evaluate(
    async ([model, stalled]) => {
      const client = insitu.createClient();
      const embed = await client.pipeline('feature-extraction', model);
      const code = (promise: Promise<unknown>) =>
        promise.then(
          () => 'resolved',
          (error: { code: string }) => error.code,
        );
      const calls = [
        code(embed(Array.from({ length: 50 }, () => 'A batch that is under way.'))),
        code(client.pipeline('feature-extraction', stalled)),
      ];
      setTimeout(() => client.close(), 50);
      return [
        ...(await Promise.all(calls)),
        await code(embed('Later.')),
        await code(client.pipeline('feature-extraction', model)),
      ];
    },
    [embedder, '/faulty/stalled/'] as const,
  );
  expect(codes).toEqual(['DISPOSED', 'DISPOSED', 'DISPOSED', 'DISPOSED']);
});

test('a worker that dies rejects its calls typed, and the next load works', async ({ ready }) => {
  const client = await ready.evaluateHandle(async (model) => {
    const own = insitu.createClient();
    return { own, embed: await own.pipeline('feature-extraction', model) };
  }, embedder);
  // The control: the same call before the crash.
  expect(await client.evaluate(async ({ embed }) => (await embed('Alive.', { pooling: 'mean' })).dims)).toEqual([
    1, 384,
  ]);

  // A stream that nobody reads from waits in the worker: whenever the crash comes, it meets a run.
  const stream = await client.evaluateHandle(async ({ embed }) => {
    const reader = embed.stream(Array(100).fill('Hello?'), { pooling: 'mean', batchSize: 1 }).getReader();
    await reader.read();
    return reader;
  });
  await ready.workers()[0]!.evaluate(() => {
    setTimeout(() => {
      throw new Error('the crash of this test');
    });
  });
  const crash = await stream.evaluate(async (reader) => {
    for (;;) {
      const end = await reader.read().then(
        ({ done }) => (done ? { code: 'ended', message: '' } : undefined),
        ({ code, message }: { code: string; message: string }) => ({ code, message }),
      );
      if (end) return end;
    }
  });
  const dims = await client.evaluate(async ({ own }, model) => {
    const again = await own.pipeline('feature-extraction', model);
    return (await again('Back.', { pooling: 'mean' })).dims;
  }, embedder);
  expect(crash).toEqual({ code: 'WORKER_CRASHED', message: expect.stringContaining('the crash of this test') });
  expect(dims).toEqual([1, 384]);
});

test('a failed load poisons neither the pipelines of its worker nor later loads', async ({ ready }) => {
  const outcome = await ready.evaluate(
    async ([good, truncated, other]) => {
      const client = insitu.createClient();
      const embed = await client.pipeline('feature-extraction', good);
      const before = (await embed('The same words.', { pooling: 'mean' })).data[0];
      const code = await client
        .pipeline('feature-extraction', truncated)
        .catch((error: { code: string }) => error.code);
      const after = (await embed('The same words.', { pooling: 'mean' })).data[0];
      const classify = await client.pipeline('text-classification', other);
      return { code, same: before === after, labels: await classify('Wonderful.') };
    },
    [embedder, '/faulty/truncated-graph/', classifier] as const,
  );
  expect(outcome).toEqual({
    code: 'MODEL_INVALID',
    same: true,
    labels: [{ label: 'POSITIVE', score: expect.any(Number) }],
  });
  // All of it in one worker: this is where transformers.js refuses everything after the first failure.
  expect(ready.workers()).toHaveLength(1);
});

for (const { what, options, code } of [
  { what: 'a worker that is not there', options: { assetBase: '/nowhere/' }, code: 'WORKER_START_FAILED' },
  { what: 'a page in place of the worker', options: { workerUrl: '/pages/module.html' }, code: 'ASSET_IS_HTML' },
]) {
  test(`${what} gives ${code} with a hint`, async ({ ready }) => {
    const error = await ready.evaluate(
      async ([model, given]) => {
        const failure = await insitu
          .createClient(given)
          .pipeline('feature-extraction', model)
          .catch((reason: InstanceType<typeof insitu.InsituError>) => reason);
        return { code: (failure as { code?: string }).code, hint: (failure as { hint?: string }).hint };
      },
      [embedder, options] as const,
    );
    expect(error).toEqual({ code, hint: expect.stringContaining('dist') });
  });
}

for (const asset of ['runtime.js', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
  test(`without ${asset} a load rejects with WORKER_START_FAILED, and works once it is there`, async ({ ready }) => {
    await ready.context().route(`**/dist/${asset}`, (route) => route.fulfill({ status: 404, body: 'Not found' }));
    const load = (model: string) =>
      ready.evaluate(async (reference) => {
        const own = globalThis as { client?: ReturnType<typeof insitu.createClient> };
        own.client ??= insitu.createClient();
        return own.client.pipeline('feature-extraction', reference).then(
          async (embed) => (await embed('Hello.', { pooling: 'mean' })).dims,
          (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
        );
      }, model);
    expect(await load(embedder)).toMatch(
      new RegExp(`^WORKER_START_FAILED: .*${asset.replaceAll('.', '\\.')} answered 404`),
    );
    await ready.context().unroute(`**/dist/${asset}`);
    expect(await load(embedder)).toEqual([1, 384]);
  });
}
