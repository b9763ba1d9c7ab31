import { expect, test } from './support/test.ts';

for (const [task, model] of [
  ['text-generation', '/models/insitu/tiny-text-generation/'],
  // Its decoder has key-values of the encoder too, which live as long as the text is written.
  ['text2text-generation', '/models/insitu/tiny-text2text/'],
] as const) {
  test(`the memory of the runtime does not grow over 50 texts, whole and broken off: ${task}`, async ({ ready }) => {
    const { heaps, left, tokens } = await ready.evaluate(
      async ([givenTask, reference]) => {
        const client = insitu.createClient({ workers: 1 });
        const write = await client.pipeline(givenTask, reference);
        const options = { minNewTokens: 40, maxNewTokens: 40 };
        let left = 0;
        let tokens = 0;
        const writeSome = async (times: number) => {
          for (let time = 0; time < times; time++) {
            const whole = write.stream('Once upon a time', options);
            for await (const _ of whole);
            const { usage } = (await whole.result) as { usage: { completionTokens: number } };
            tokens = usage.completionTokens;
            for await (const _ of write.stream('Once upon a time', options)) {
              left++;
              break;
            }
          }
        };
        // The size of the memory is told with every load.
        const readHeap = async () => {
          const other = await client.pipeline(givenTask, reference);
          await other.dispose();
          return (await client.stats()).heap;
        };
        await writeSome(5);
        const heaps = [await readHeap()];
        await writeSome(50);
        heaps.push(await readHeap());
        await client.close();
        return { heaps, left, tokens };
      },
      [task, model] as const,
    );
    expect(tokens).toBe(40);
    expect(left).toBe(55);
    expect(heaps[0]).toBeGreaterThan(0);
    expect(heaps[1]).toBe(heaps[0]);
  });
}
