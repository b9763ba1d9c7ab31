import { expect, stunts, test } from './lab.ts';

test('one call more than may wait rejects with QUEUE_FULL; those that wait are answered', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ workers: 1, maxQueue: 2 });
    const act = await client.pipeline('feature-extraction', model);
    const running = act('slow', { pooling: 'mean' });
    await lab.until(async () => (await act.stats()).running === 1);
    const waiting = [act('hello', { pooling: 'mean' }), act('world', { pooling: 'mean' })];
    const { queue } = await client.stats();
    const refused = await lab.outcome(act('one more'));
    const answers = await Promise.all([running, ...waiting]);
    const later = await act('later', { pooling: 'mean' });
    return { queue, refused, dims: [...answers, later].map((answer) => answer.dims) };
  }, stunts);
  expect(outcome).toMatchObject({
    queue: { waiting: 2, running: 1, limit: 2 },
    refused: { code: 'QUEUE_FULL', retryable: true },
    dims: Array.from({ length: 4 }, () => [1, 8]),
  });
});

test('two copies in two workers give the numbers of one, in the same order', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const words = 'hello the world of a page and its model will run all day'.split(' ');
    const texts = Array.from({ length: 60 }, (_, index) =>
      Array.from({ length: 1 + ((index * 7) % 11) }, (__, place) => words[(index + place * 5) % words.length]).join(
        ' ',
      ),
    );
    const options = { pooling: 'mean' } as const;
    const alone = await (
      await insitu.createClient({ workers: 1 }).pipeline('feature-extraction', model)
    )(texts, options);

    const workers = new Set<number | undefined>();
    const client = insitu.createClient({
      workers: 2,
      onEvent: (event) => {
        if (event.type === 'run') workers.add(event.worker);
      },
    });
    const act = await client.pipeline('feature-extraction', model, { replicas: 2 });
    const { replicas } = await act.stats();
    const spread = await act(texts, options);
    return {
      replicas,
      workers: workers.size,
      dims: [alone.dims, spread.dims],
      different: alone.data.filter((number, index) => number !== spread.data[index]).length,
      distinct: new Set(alone.data).size > 100,
    };
  }, stunts);
  expect(outcome).toEqual({
    replicas: 2,
    workers: 2,
    dims: [
      [60, 8],
      [60, 8],
    ],
    different: 0,
    distinct: true,
  });
});

test('an interactive call overtakes background calls that wait, and the steps of one that runs', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ workers: 1 });
    const act = await client.pipeline('feature-extraction', model);
    const order: string[] = [];
    const told = (name: string, call: Promise<unknown>) => call.then(() => order.push(name));
    const running = async () => (await act.stats()).running === 1;

    const first = told('first', act('slow', { priority: 'interactive' }));
    await lab.until(running);
    const calls = [
      told('background', act('hello', { priority: 'background' })),
      told('normal', act('hello')),
      told('interactive', act('hello', { priority: 'interactive' })),
    ];
    await Promise.all([first, ...calls]);
    const waiting = order.splice(0);

    const texts = Array.from({ length: 200 }, () => 'brief brief');
    const batch = told('batch', act(texts, { priority: 'background' }));
    await lab.until(running);
    await Promise.all([batch, told('interactive', act('hello', { priority: 'interactive' }))]);
    return { waiting, steps: order };
  }, stunts);
  expect(outcome).toEqual({
    waiting: ['first', 'interactive', 'normal', 'background'],
    steps: ['interactive', 'batch'],
  });
});
