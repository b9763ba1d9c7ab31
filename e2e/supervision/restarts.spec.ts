import { expect, stunts, test } from './lab.ts';

test('a model whose worker dies in each call is not started for ever; loaded anew it works', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ workers: 1 });
    const act = await client.pipeline('feature-extraction', model);
    const { dims } = await act('The control.', { pooling: 'mean' });

    const deaths: (string | boolean | undefined)[][] = [];
    const { started } = lab;
    while (deaths.length < 5) {
      const call = lab.outcome(act('slow slow slow'));
      await lab.until(async () => (await act.stats()).running === 1);
      for (const worker of lab.live) lab.kill(worker);
      const { code, retryable } = await call;
      deaths.push([code, retryable]);
    }
    const last = await lab.outcome(act('hello'));
    const again = await lab.outcome(act('hello'));
    const restarts = lab.started - started;
    const anew = await client.pipeline('feature-extraction', model);
    const answer = await anew('Back.', { pooling: 'mean' });
    return { dims, deaths, restarts, last, again, anew: answer.dims, faults: lab.faults };
  }, stunts);
  expect(outcome).toMatchObject({
    dims: [1, 8],
    deaths: Array.from({ length: 5 }, () => ['WORKER_CRASHED', true]),
    restarts: 4,
    last: { code: 'WORKER_CRASHED', retryable: false },
    again: { code: 'WORKER_CRASHED', retryable: false },
    anew: [1, 8],
    faults: [],
  });
});

test('an answer in between makes the deaths before it forgotten', async ({ ready }) => {
  const codes = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ workers: 1 });
    const act = await client.pipeline('feature-extraction', model);
    const outcomes: (string | undefined)[] = [];
    for (let round = 0; round < 6; round++) {
      const call = lab.outcome(act('slow slow slow'));
      await lab.until(async () => (await act.stats()).running === 1);
      for (const worker of lab.live) lab.kill(worker);
      outcomes.push((await call).code);
      await act('Alive.');
    }
    return outcomes;
  }, stunts);
  expect(codes).toEqual(Array.from({ length: 6 }, () => 'WORKER_CRASHED'));
});

test('a copy that cannot be loaded again is not tried without end while another serves', async ({ ready }) => {
  await ready.evaluate(async (model) => {
    const failedLoads: string[] = [];
    const client = insitu.createClient({
      workers: 2,
      // So that a copy needs the network.
      storage: 'memory',
      onEvent: (event) => {
        if (event.type === 'load' && event.status === 'error') failedLoads.push(event.code!);
      },
    });
    const act = await client.pipeline('feature-extraction', model, { replicas: 2 });
    Object.assign(globalThis, { scene: { act, failedLoads } });
  }, stunts);
  await ready.context().route(`**${stunts}**`, (route) => route.fulfill({ status: 404, body: 'Not found' }));
  const outcome = await ready.evaluate(async () => {
    type Scene = { act: Awaited<ReturnType<typeof insitu.pipeline<'feature-extraction'>>>; failedLoads: string[] };
    const { act, failedLoads } = (globalThis as unknown as { scene: Scene }).scene;
    lab.kill([...lab.live][1]!);
    await lab.until(async () => (await act.stats()).replicas === 1);
    const long = act('slow slow slow', { pooling: 'mean' });
    // Five wait while the only copy is busy: each of them would like another.
    const others = Array.from({ length: 5 }, () => act('hello', { pooling: 'mean' }));
    const answers = await Promise.all([long, ...others]);
    return { answers: answers.map(({ dims }) => dims), failedLoads };
  });
  expect(outcome).toEqual({ answers: Array.from({ length: 6 }, () => [1, 8]), failedLoads: ['MODEL_NOT_FOUND'] });
});

test('a batch may last longer than hangTimeout, a step may not', async ({ ready }) => {
  test.setTimeout(120_000);
  const outcome = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ workers: 1, hangTimeout: 2500 });
    const act = await client.pipeline('feature-extraction', model);
    const texts = Array.from({ length: 400 }, () => 'brief brief');
    const batch = await lab.outcome(act(texts, { pooling: 'mean' }));
    const { started } = lab;
    const step = await lab.outcome(act('slow '.repeat(20)));
    const after = await act('Back.', { pooling: 'mean' });
    return { batch, step, dims: after.dims, restarts: lab.started - started };
  }, stunts);
  console.log(
    `A batch of ${outcome.batch.milliseconds.toFixed(0)} ms passed, a step was ended after ${outcome.step.milliseconds.toFixed(0)} ms.`,
  );
  expect(outcome).toMatchObject({
    batch: { value: { dims: [400, 8] } },
    step: { code: 'WORKER_UNRESPONSIVE', retryable: true },
    dims: [1, 8],
    restarts: 1,
  });
  expect(outcome.batch.milliseconds, 'the batch was long enough to tell').toBeGreaterThan(2500);
});

test('while the page is hidden, nothing counts as hung', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    const client = insitu.createClient({ workers: 1, hangTimeout: 1000 });
    const act = await client.pipeline('feature-extraction', model);
    return lab.outcome(act('slow slow slow slow', { pooling: 'mean' }));
  }, stunts);
  expect(outcome).toMatchObject({ value: { dims: [1, 8] } });
  expect(outcome.milliseconds, 'the step was long enough to tell').toBeGreaterThan(1500);
});
