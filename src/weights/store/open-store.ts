import { InsituError } from '../../errors/insitu-error.ts';
import { createIdbStore } from './idb-store.ts';
import { createMemoryStore } from './memory-store.ts';
import type { WeightStore } from './weight-store.ts';

/** Some browsers have left requests of a damaged database unanswered for ever. */
const patienceMs = 5000;

export interface OpenedStore {
  store: WeightStore;
  /** Why it is not the one that was asked for. */
  refusal?: InsituError;
}

/** The store that was asked for, or one in memory where the browser refuses: in some private modes and in opaque origins. */
export async function openStore(storage: WeightStore['kind']): Promise<OpenedStore> {
  if (storage === 'memory') return { store: createMemoryStore() };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${patienceMs} ms`)), patienceMs);
  });
  try {
    const store = createIdbStore();
    await Promise.race([store.find({ model: '', path: '' }), late]);
    return { store };
  } catch (cause) {
    const refusal = new InsituError('STORAGE_UNAVAILABLE', 'The browser refuses storage: the model stays in memory.', {
      hint: 'Private windows and sandboxed frames often have none. Everything works, but the next visit downloads again.',
      cause,
    });
    return { store: createMemoryStore(), refusal };
  } finally {
    clearTimeout(timer);
  }
}
