import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openStore } from './open-store.ts';

afterEach(() => vi.unstubAllGlobals());

/** An IndexedDB whose `open` does this. */
const stubOpen = (open: () => object) => vi.stubGlobal('indexedDB', { open });

describe('openStore', () => {
  it.each(['indexeddb', 'memory'] as const)('gives the store that was asked for: %s', async (kind) => {
    expect((await openStore(kind)).kind).toBe(kind);
  });

  it('gives one in memory without IndexedDB', async () => {
    vi.stubGlobal('indexedDB', undefined);
    expect((await openStore('indexeddb')).kind).toBe('memory');
  });

  it('gives one in memory where opening throws, as in an opaque origin', async () => {
    stubOpen(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect((await openStore('indexeddb')).kind).toBe('memory');
  });

  it('gives one in memory where opening fails, as in a private mode', async () => {
    const request = { error: new DOMException('refused', 'InvalidStateError'), onerror: () => {} };
    stubOpen(() => {
      queueMicrotask(() => request.onerror());
      return request;
    });
    const store = await openStore('indexeddb');
    expect(store.kind).toBe('memory');
    await store.writeMissing('key');
    expect(await store.find('key')).toBe('missing');
  });

  it('does not open the database of a page that wants none', async () => {
    const open = vi.fn(() => ({}));
    stubOpen(open);
    await openStore('memory');
    expect(open).not.toHaveBeenCalled();
  });
});
