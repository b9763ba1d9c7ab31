import { expect, it } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import { graph } from './test-database.conformance.ts';
import { testWeightStore } from './weight-store.conformance.ts';

// Nothing outlives it, so every tab of the tests has the same one.
testWeightStore('the memory store', () => {
  const store = createMemoryStore();
  return { open: () => store };
});

it('two memory stores know nothing of each other', async () => {
  const [one, other] = [createMemoryStore(), createMemoryStore()];
  await one.writeMissing(graph);
  await one.editModel(graph.model, () => ({ reference: '' }));
  expect(await one.find(graph)).toEqual({ missing: true });
  expect(await other.find(graph)).toEqual({});
  expect(await other.models()).toEqual(new Map());
});
