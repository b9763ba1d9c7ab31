import 'fake-indexeddb/auto';
import { createStore, del, entries as entriesOf, set } from 'idb-keyval';
import { beforeEach, describe, expect, it } from 'vitest';
import { createIdbStore } from './idb-store.ts';
import { testWeightStore } from './weight-store.conformance.ts';

let databases = 0;
let name = '';
const openEmpty = () => createIdbStore((name = `weights-${++databases}`));

testWeightStore('the IndexedDB store (simulated)', openEmpty);

const key = 'https://models.example/model.onnx';
const part = (value: number) => Uint8Array.of(value, value);
const entries = () => entriesOf(createStore(name, 'files'));

async function storeParts(...values: number[]) {
  const writer = await createIdbStore(name).write(key);
  for (const value of values) await writer.append(part(value));
  await writer.commit();
}

beforeEach(() => void openEmpty());

describe('the IndexedDB store', () => {
  it('keeps files for the next visit, each under its own database name', async () => {
    await storeParts(1, 2);
    const found = await createIdbStore(name).find(key);
    expect(found).toMatchObject({ size: 4 });
    expect(await openEmpty().find(key)).toBeUndefined();
  });

  it('leaves nothing behind of a file that was removed', async () => {
    await storeParts(1, 2, 3);
    expect((await entries()).length).toBeGreaterThan(3);
    await createIdbStore(name).remove(key);
    expect(await entries()).toEqual([]);
  });

  it('leaves nothing behind of a file that was aborted', async () => {
    const writer = await createIdbStore(name).write(key);
    await writer.append(part(1));
    await writer.abort();
    expect(await entries()).toEqual([]);
  });

  it('leaves no part behind of a file that a shorter one replaced', async () => {
    await storeParts(4);
    const alone = (await entries()).length;
    await storeParts(1, 2, 3);
    await storeParts(4);
    expect(await entries()).toHaveLength(alone);
  });

  it('leaves no part behind of a file that went missing', async () => {
    await storeParts(1, 2, 3);
    await createIdbStore(name).writeMissing(key);
    expect(await entries()).toHaveLength(1);
  });
});

describe('a damaged database', () => {
  const bytesOf = async () => {
    const found = await createIdbStore(name).find(key);
    return typeof found === 'object' ? found.bytes() : found;
  };
  const lastPart = async () => (await entries()).filter(([, value]) => 'blob' in value).at(-1)!;

  it.each([
    ['is gone', undefined],
    ['is shorter', new Blob([Uint8Array.of(1)])],
    ['is longer', new Blob([Uint8Array.of(1, 1, 1)])],
  ])('is told from a whole file when a part %s', async (_, damaged) => {
    await storeParts(1, 2);
    expect(await bytesOf()).toHaveLength(4);
    const [at, whole] = await lastPart();
    const database = createStore(name, 'files');
    await (damaged ? set(at, { ...whole, blob: damaged }, database) : del(at, database));
    expect(await bytesOf().catch(() => undefined)).toBeUndefined();
  });
});
