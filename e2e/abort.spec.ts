import { embedder } from './support/site.ts';
import { expect, test } from './support/test.ts';

test('abort before, during and after a load', async ({ ready }) => {
  const outcome = await ready.evaluate(
    async ([good, stalled]) => {
      const client = insitu.createClient();
      const settle = (promise: Promise<unknown>) =>
        promise.then(
          () => 'resolved',
          (reason: unknown) => String(reason),
        );

      const before = await settle(client.pipeline('feature-extraction', good, { signal: AbortSignal.abort('before') }));

      const during = new AbortController();
      const started = performance.now();
      const load = settle(
        client.pipeline('feature-extraction', stalled, {
          signal: during.signal,
          // The server stops after the first megabyte.
          onProgress: (event) => event.loaded > 500_000 && during.abort('during'),
        }),
      );
      const duringResult = await load;
      const milliseconds = performance.now() - started;

      const after = new AbortController();
      const embed = await client.pipeline('feature-extraction', good, { signal: after.signal });
      after.abort('after');
      const { dims } = await embed('Still here.', { pooling: 'mean' });
      return { before, during: duringResult, milliseconds, dims };
    },
    [embedder, '/faulty/stalled/'] as const,
  );
  expect(outcome).toMatchObject({ before: 'before', during: 'during', dims: [1, 384] });
  expect(outcome.milliseconds).toBeLessThan(2000);
});

test('abort stops the network', async ({ ready, site }) => {
  site.cancelled.length = 0;
  await ready.evaluate(
    async ([good, stalled]) => {
      // A pipeline that stays keeps the worker alive, so that it is the abort that ends the request.
      await insitu.pipeline('feature-extraction', good);
      const controller = new AbortController();
      await insitu
        .pipeline('feature-extraction', stalled, {
          signal: controller.signal,
          onProgress: (event) => event.loaded > 500_000 && controller.abort(),
        })
        .catch(() => {});
    },
    [embedder, '/faulty/stalled/'] as const,
  );
  await expect.poll(() => site.cancelled).toEqual(['/faulty/stalled/onnx/model_quantized.onnx']);
});

test('abort rejects a run at once, stops its batch, and leaves the pipeline usable', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const embed = await insitu.pipeline('feature-extraction', model);
    const options = { pooling: 'mean' } as const;
    const text = 'A sentence of some length, so that it takes the model a while to read it all. '.repeat(8);
    await embed(text, options);

    const already = await embed('x', { signal: AbortSignal.abort(new Error('mine')) }).catch(
      (error: Error) => error.message,
    );

    const controller = new AbortController();
    const batch = embed(
      Array.from({ length: 400 }, () => text),
      { ...options, signal: controller.signal },
    );
    const queued = embed(text, { ...options, signal: controller.signal });
    setTimeout(() => controller.abort('enough'), 100);
    const aborted = await batch.catch((reason: unknown) => reason);
    const abortedInQueue = await queued.catch((reason: unknown) => reason);

    // 400 texts take tens of seconds. This answer comes soon only if the batch has stopped.
    const started = performance.now();
    const { dims } = await embed('Next.', options);
    return { already, aborted, abortedInQueue, dims, milliseconds: performance.now() - started };
  }, embedder);
  expect(outcome).toMatchObject({ already: 'mine', aborted: 'enough', abortedInQueue: 'enough', dims: [1, 384] });
  expect(outcome.milliseconds).toBeLessThan(5000);
});
