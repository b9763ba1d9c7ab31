import type { WeightStore } from './weight-store.ts';

/** A store that lasts as long as its worker: for pages where storage is refused, and for tests. */
export function createMemoryStore(): WeightStore {
  const files = new Map<string, Uint8Array<ArrayBuffer> | 'missing'>();
  return {
    kind: 'memory',
    async find(key) {
      const bytes = files.get(key);
      return typeof bytes === 'object' ? { size: bytes.length, bytes: async () => bytes.slice() } : bytes;
    },
    async write(key) {
      let parts: Uint8Array<ArrayBuffer>[] = [];
      return {
        async append(part) {
          parts.push(part.slice());
        },
        async commit() {
          const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
          let offset = 0;
          for (const part of parts) {
            bytes.set(part, offset);
            offset += part.length;
          }
          files.set(key, bytes);
        },
        async abort() {
          parts = [];
        },
      };
    },
    async writeMissing(key) {
      files.set(key, 'missing');
    },
    async remove(key) {
      files.delete(key);
    },
  };
}
