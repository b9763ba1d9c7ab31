import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openStore } from './open-store.ts';
import { graph } from './test-database.conformance.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** An IndexedDB whose `open` does this. */
const stubOpen = (open: () => object) => vi.stubGlobal('indexedDB', { open });

const refusal = (cause: unknown) => ({ code: 'STORAGE_UNAVAILABLE', cause });

describe('openStore', () => {
  it.each(['indexeddb', 'memory'] as const)('gives the store that was asked for: %s', async (kind) => {
    const { store, refusal: none } = await openStore(kind);
    expect(store.kind).toBe(kind);
    expect(none).toBeUndefined();
  });

  it('gives one in memory without IndexedDB, and says why', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const opened = await openStore('indexeddb');
    expect(opened.store.kind).toBe('memory');
    expect(opened.refusal).toMatchObject(refusal(expect.any(Error)));
  });

  it('gives one in memory where opening throws, as in an opaque origin', async () => {
    const denied = new DOMException('denied', 'SecurityError');
    stubOpen(() => {
      throw denied;
    });
    const opened = await openStore('indexeddb');
    expect(opened.store.kind).toBe('memory');
    expect(opened.refusal).toMatchObject(refusal(denied));
  });

  it('gives one in memory where opening fails, as in a private mode', async () => {
    const error = new DOMException('refused', 'InvalidStateError');
    const request = { error, onerror: () => {} };
    stubOpen(() => {
      queueMicrotask(() => request.onerror());
      return request;
    });
    const { store, refusal: told } = await openStore('indexeddb');
    expect(store.kind).toBe('memory');
    expect(told).toMatchObject(refusal(error));
    await store.writeMissing(graph);
    expect(await store.find(graph)).toEqual({ missing: true });
  });

  it('gives one in memory where opening is never answered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    stubOpen(() => ({}));
    const opening = openStore('indexeddb');
    await vi.advanceTimersByTimeAsync(5000);
    const opened = await opening;
    expect(opened.store.kind).toBe('memory');
    expect(opened.refusal).toMatchObject(refusal(expect.any(Error)));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not open the database of a page that wants none', async () => {
    const open = vi.fn(() => ({}));
    stubOpen(open);
    await openStore('memory');
    expect(open).not.toHaveBeenCalled();
  });
});
