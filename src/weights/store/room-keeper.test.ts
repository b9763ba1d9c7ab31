import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import { storeBeginning, storeFile } from './test-database.conformance.ts';
import type { ModelRecord, WeightStore } from './weight-store.ts';
import { type FileLocks, createFileLocks } from '../tabs/file-locks.ts';
import { type RoomKeeper, createRoomKeeper, estimateStorage, useLockOf } from './room-keeper.ts';

const megabyte = 1024 * 1024;
const urlOf = (name: string) => `https://models.example/${name}/`;
const model = urlOf('new');

let store: WeightStore;
let locks: FileLocks;
/** What the browser says that it has left. */
let free: number;
let room: RoomKeeper;
beforeEach(() => {
  store = { ...createMemoryStore(), kind: 'indexeddb' };
  locks = createFileLocks(null);
  free = 100 * megabyte;
  room = createRoomKeeper(store, locks, async () => ({ quota: 1000 * megabyte, usage: 1000 * megabyte - free }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Stores a model of 10 MB. */
async function storeModel(name: string, record: Partial<ModelRecord> = {}): Promise<void> {
  await storeFile(store, { model: urlOf(name), path: 'onnx/model.onnx' }, new Uint8Array(7 * megabyte));
  await storeBeginning(store, { model: urlOf(name), path: 'onnx/data' }, {}, new Uint8Array(3 * megabyte));
  await store.writeMissing({ model: urlOf(name), path: 'merges.txt' });
  await store.editModel(urlOf(name), () => ({ reference: name, ...record }));
}

/** Names of the models that are left. */
async function left(): Promise<string[]> {
  const names = [...(await store.models()).keys()].map((url) => url.split('/')[3]!).sort();
  const ofFiles = new Set((await store.list()).map(({ model: url }) => url.split('/')[3]!));
  expect([...ofFiles].sort()).toEqual(names);
  return names;
}

const full = (message: string) => ({ code: 'STORAGE_QUOTA', message: expect.stringContaining(message) });

describe('room', () => {
  it('is there: nothing is removed', async () => {
    await storeModel('old');
    expect(await room.reserve(model, 98 * megabyte)).toBeUndefined();
    expect(await left()).toEqual(['old']);
  });

  it('is made by removing what was not touched for longest, and no more than is needed', async () => {
    await storeModel('b', { touchedAt: 2 });
    await storeModel('a', { touchedAt: 1 });
    await storeModel('d', { touchedAt: 4 });
    await storeModel('c', { touchedAt: 3 });
    free = 0;
    expect(await room.reserve(model, 15 * megabyte)).toBeUndefined();
    expect(await left()).toEqual(['c', 'd']);
  });

  it('is made of what nothing is known of before anything else', async () => {
    await storeModel('loaded', { usedAt: 2, touchedAt: 2 });
    await storeModel('prefetched', { touchedAt: 1 });
    await storeModel('unknown', { usedAt: 3 });
    free = 0;
    expect(await room.reserve(model, 5 * megabyte)).toBeUndefined();
    expect(await left()).toEqual(['loaded', 'prefetched']);
  });

  it('is not made of what is pinned, in use, or the model itself', async () => {
    await storeModel('pinned', { touchedAt: 1, pinned: true });
    await storeModel('in-use', { touchedAt: 2 });
    await storeModel('new', { touchedAt: 3 });
    await storeModel('idle', { touchedAt: 4 });
    const release = locks.share(useLockOf(urlOf('in-use')));
    free = 0;
    expect(await room.reserve(model, 5 * megabyte)).toBeUndefined();
    expect(await left()).toEqual(['in-use', 'new', 'pinned']);
    free = 0;
    expect(await room.reserve(model, 5 * megabyte)).toMatchObject(full('has 0.0 MB left'));
    expect(await left()).toEqual(['in-use', 'new', 'pinned']);
    release();
    free = 6 * megabyte;
    expect(await room.reserve(model, 5 * megabyte)).toBeUndefined();
    expect(await left()).toEqual(['new', 'pinned']);
  });

  it('that is not there is told with what is left and what is needed', async () => {
    free = 8 * megabyte;
    expect(await room.reserve(model, 8 * megabyte)).toMatchObject({
      ...full(`has 8.4 MB left, and a file of ${model} needs 8.4 MB`),
      hint: expect.stringContaining('weights.remove()'),
    });
    expect(await room.reserve(model, 7 * megabyte)).toBeUndefined();
  });

  it.each([
    ['the browser gives no estimate', async () => undefined],
    ['the estimate has no quota', async () => ({})],
  ])('is taken for granted where %s', async (_, estimate) => {
    await storeModel('old');
    room = createRoomKeeper(store, locks, estimate);
    expect(await room.reserve(model, 1e15)).toBeUndefined();
    expect(await left()).toEqual(['old']);
  });

  it('is not asked for by a store in memory', async () => {
    const estimate = vi.fn(async () => ({ quota: 0, usage: 0 }));
    expect(await createRoomKeeper(createMemoryStore(), locks, estimate).reserve(model, 1)).toBeUndefined();
    expect(estimate).not.toHaveBeenCalled();
    expect(await createRoomKeeper(store, locks, estimate).reserve(model, 1)).toMatchObject(full(''));
  });
});

describe('files that ask at the same time', () => {
  it('are promised no byte twice', async () => {
    free = 25 * megabyte;
    const answers = await Promise.all([1, 2, 3].map(() => room.reserve(model, 10 * megabyte)));
    expect(answers).toEqual([undefined, undefined, expect.objectContaining({ code: 'STORAGE_QUOTA' })]);
  });

  it('are made room for together', async () => {
    for (const [index, name] of ['a', 'b', 'c'].entries()) await storeModel(name, { touchedAt: index + 1 });
    // Each asks once what is left, and what the other was promised is not written yet.
    const left_ = [2, 12];
    room = createRoomKeeper(store, locks, async () => ({ quota: left_.shift()! * megabyte, usage: 0 }));
    await Promise.all([1, 2].map(() => room.reserve(model, 10 * megabyte)));
    expect(await left()).toEqual(['c']);
  });

  it('do not keep what they were promised once it shows in the estimate', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    free = 15 * megabyte;
    expect(await room.reserve(model, 10 * megabyte)).toBeUndefined();
    expect(await room.reserve(model, 10 * megabyte)).toMatchObject(full('has 5.2 MB left'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await room.reserve(model, 10 * megabyte)).toBeUndefined();
  });

  it('of which one fails do not keep the others from their answer', async () => {
    let asked = 0;
    room = createRoomKeeper(store, locks, async () => {
      if (++asked === 1) throw new Error('broken');
      return { quota: 100 * megabyte, usage: 0 };
    });
    const answers = await Promise.allSettled([1, 2].map(() => room.reserve(model, megabyte)));
    expect(answers).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: undefined }]);
  });
});

describe('evictOne', () => {
  it('removes what was not touched for longest, one at a time, and tells when there is none', async () => {
    await storeModel('b', { touchedAt: 2 });
    await storeModel('a', { touchedAt: 1 });
    await storeModel('pinned', { touchedAt: 0, pinned: true });
    await storeModel('new');
    await storeModel('in-use');
    const release = locks.share(useLockOf(urlOf('in-use')));
    expect(await room.evictOne(model)).toBe(true);
    expect(await left()).toEqual(['b', 'in-use', 'new', 'pinned']);
    expect(await room.evictOne(model)).toBe(true);
    expect(await room.evictOne(model)).toBe(false);
    expect(await left()).toEqual(['in-use', 'new', 'pinned']);
    release();
    expect(await room.evictOne(model)).toBe(true);
  });
});

describe('estimateStorage', () => {
  it('is what the browser says', async () => {
    vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 7, usage: 1 }) } });
    expect(await estimateStorage()).toEqual({ quota: 7, usage: 1 });
  });

  it.each([
    ['has no storage to ask, as in an insecure context', {}],
    ['refuses', { storage: { estimate: () => Promise.reject(new TypeError('opaque origin')) } }],
  ])('is nothing where the browser %s', async (_, navigator) => {
    vi.stubGlobal('navigator', navigator);
    expect(await estimateStorage()).toBeUndefined();
  });
});
