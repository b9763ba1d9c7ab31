import { createIdbStore } from './idb-store.ts';
import { createMemoryStore } from './memory-store.ts';
import type { WeightStore } from './weight-store.ts';

/** The store that was asked for, or one in memory where the browser refuses: in some private modes and in opaque origins. */
export async function openStore(storage: WeightStore['kind']): Promise<WeightStore> {
  if (storage === 'memory') return createMemoryStore();
  try {
    const store = createIdbStore();
    await store.find('');
    return store;
  } catch {
    return createMemoryStore();
  }
}
