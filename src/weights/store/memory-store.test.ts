import { expect, it } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import { testWeightStore } from './weight-store.conformance.ts';

testWeightStore('the memory store', createMemoryStore);

it('two memory stores know nothing of each other', async () => {
  const [one, other] = [createMemoryStore(), createMemoryStore()];
  await one.writeMissing('key');
  expect(await other.find('key')).toBeUndefined();
});
