import { embedder } from '../support/site.ts';
import { expect, stunts, test } from './lab.ts';
import { findRenderer } from './renderer-process.ts';

const cycles = 50;
const controlCycles = 5;
const mega = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

test('after fifty models the memory is what it was after the first', async ({ ready, context }) => {
  test.setTimeout(8 * 60_000);
  const renderer = await findRenderer(ready);
  const session = await context.newCDPSession(ready);
  const restingBytes = async () => {
    // The page's own garbage is not what is measured.
    await session.send('HeapProfiler.collectGarbage');
    return renderer.restingBytes();
  };
  const workersStarted = () => ready.evaluate(() => lab.started);
  const client = await ready.evaluateHandle(() => insitu.createClient({ workers: 1 }));
  const cycle = () =>
    client.evaluate(async (own, model) => {
      const embed = await own.pipeline('feature-extraction', model);
      const { dims } = await embed('A sentence.', { pooling: 'mean' });
      await embed.dispose();
      return dims;
    }, embedder);

  const before = await workersStarted();
  expect(await cycle()).toEqual([1, 384]);
  const afterFirst = await restingBytes();
  for (let count = 1; count < cycles; count++) await cycle();
  expect((await workersStarted()) - before, 'each cycle had a worker of its own').toBe(cycles);
  const afterAll = await restingBytes();

  // The control: the same in a worker that another model keeps alive.
  const small = await client.evaluateHandle((own, model) => own.pipeline('feature-extraction', model), stunts);
  const withSmall = await restingBytes();
  for (let count = 0; count < controlCycles; count++) await cycle();
  expect((await workersStarted()) - before, 'the control had one worker').toBe(cycles + 1);
  const withoutEnd = await restingBytes();
  await small.evaluate((model) => model.dispose());
  const afterEnd = await restingBytes();

  console.log(
    `The renderer at rest: ${mega(afterFirst)} after the first model, ${mega(afterAll)} after ${cycles}. In a worker that stays: ` +
      `${mega(withSmall)} before, ${mega(withoutEnd)} after ${controlCycles} models, ${mega(afterEnd)} after its end.`,
  );
  expect(afterAll).toBeLessThan(1.15 * afterFirst);
  expect(withoutEnd - withSmall, 'what a worker keeps of models that have left it').toBeGreaterThan(20e6);
  expect(withoutEnd - afterEnd, 'what the end of a worker gives back').toBeGreaterThan(60e6);
});
