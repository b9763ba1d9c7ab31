import { describe, expect, it } from 'vitest';
import {
  type Bytes,
  type TestDatabase,
  appendParts,
  bytesOf,
  checkOf,
  config,
  folder,
  graph,
  partsOf,
  read,
  storeFile,
  wholeOf,
} from './test-database.conformance.ts';
import type { FileKey, WeightStore } from './weight-store.ts';

/** Bytes in which every part differs from every other. */
function patternOf(size: number): Bytes {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index++) bytes[index] = index * 31 + (index >>> 12);
  return bytes;
}

const equal = (a: Bytes, b: Bytes) => a.length === b.length && a.every((value, index) => value === b[index]);

/** One file, and what is in it. */
export function testFiles(createDatabase: () => TestDatabase): void {
  const open = () => createDatabase().open();

  describe('a file is whole or not there', () => {
    it('until it is committed', async () => {
      const store = open();
      const writer = await store.write(graph, {});
      expect((await store.find(graph)).whole).toBeUndefined();
      await appendParts(writer, bytesOf(1, 2), bytesOf(3));
      expect((await store.find(graph)).whole).toBeUndefined();
      await writer.commit({ etag: '"1"', size: 3 });
      expect(await store.find(graph)).toEqual({
        whole: {
          id: expect.any(String),
          info: { etag: '"1"', size: 3 },
          parts: [
            { ...checkOf(bytesOf(1, 2)), blob: expect.any(Blob) },
            { ...checkOf(bytesOf(3)), blob: expect.any(Blob) },
          ],
        },
      });
      expect(await read(store, graph)).toEqual([1, 2, 3]);
    });

    it('after it was discarded', async () => {
      const store = open();
      const writer = await store.write(graph, {});
      await appendParts(writer, bytesOf(1, 2));
      await writer.discard();
      expect(await store.find(graph)).toEqual({});
      await storeFile(store, graph, bytesOf(9));
      expect(await read(store, graph)).toEqual([9]);
    });

    it('also for the next visit', async () => {
      const { open: visit } = createDatabase();
      await storeFile(visit(), graph, bytesOf(1), bytesOf(2));
      expect(await read(visit(), graph)).toEqual([1, 2]);
    });

    it('also for another tab, which has looked before', async () => {
      const { open: visit } = createDatabase();
      const [one, other] = [visit(), visit()];
      expect(await other.find(graph)).toEqual({});
      await storeFile(one, graph, bytesOf(1, 2));
      expect(await read(other, graph)).toEqual([1, 2]);
    });

    it('when it is empty', async () => {
      const store = open();
      await storeFile(store, graph);
      expect((await wholeOf(store, graph)).parts).toEqual([]);
    });

    it('when it is large', async () => {
      const store = open();
      const all = patternOf(10 * 1024 * 1024 + 7);
      const part = 4 * 1024 * 1024;
      await storeFile(store, graph, all.subarray(0, part), all.subarray(part, 2 * part), all.subarray(2 * part));
      const { parts } = await wholeOf(store, graph);
      expect(parts.map(({ size }) => size)).toEqual([part, part, 2 * 1024 * 1024 + 7]);
      const bytes = new Uint8Array(await new Blob(parts.map(({ blob }) => blob!)).arrayBuffer());
      expect(equal(bytes, all)).toBe(true);
    });

    it('when it has many parts, which stay in their order', async () => {
      const store = open();
      const parts = Array.from({ length: 120 }, (_, index) => bytesOf(index, index + 100));
      await storeFile(store, graph, ...parts);
      expect(await partsOf(await wholeOf(store, graph))).toEqual(parts.map((part) => [...part]));
    });
  });

  describe('a file that is written again', () => {
    it('is replaced, also by a shorter one', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1, 2), bytesOf(3, 4), bytesOf(5));
      const { id } = await wholeOf(store, graph);
      await storeFile(store, graph, bytesOf(6));
      expect(await read(store, graph)).toEqual([6]);
      expect((await wholeOf(store, graph)).id).not.toBe(id);
    });

    it('stays as it was until the commit', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1), bytesOf(2));
      const before = await wholeOf(store, graph);
      const writer = await store.write(graph, { etag: '"new"' });
      await appendParts(writer, bytesOf(3));
      expect(await partsOf(await wholeOf(store, graph))).toEqual([[1], [2]]);
      expect(await wholeOf(store, graph)).toMatchObject({ id: before.id, info: before.info });
      await writer.commit({ etag: '"new"' });
      expect(await read(store, graph)).toEqual([3]);
    });

    it('stays as it was when the second write is discarded', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1), bytesOf(2));
      const writer = await store.write(graph, {});
      await appendParts(writer, bytesOf(3));
      await writer.discard();
      expect(await read(store, graph)).toEqual([1, 2]);
      expect((await store.find(graph)).partial).toBeUndefined();
    });

    it('can still be read by whoever has found it before', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1), bytesOf(2));
      const found = await wholeOf(store, graph);
      await storeFile(store, graph, bytesOf(3));
      expect(await partsOf(found)).toEqual([[1], [2]]);
    });
  });

  describe('keys are names, not paths', () => {
    // Each is a prefix of another, or looks like what a driver may build of one.
    const models = [folder, `${folder}a`, `${folder}a/`, '', 'file', 'ä/✓'];
    const paths = ['', 'a', 'a/', 'a/0', '0', '/a', 'ü✓', 'a\u0000b'];
    const keys = models.flatMap((model) => paths.map((path): FileKey => ({ model, path })));

    const openFilled = async () => {
      const store = open();
      for (const [index, key] of keys.entries()) await storeFile(store, key, bytesOf(index), bytesOf(index));
      return store;
    };
    const readAll = (store: WeightStore) => Promise.all(keys.map((key) => read(store, key)));
    const all = keys.map((_, index) => [index, index]);

    it('of which each has its own file', async () => {
      expect(await readAll(await openFilled())).toEqual(all);
    });

    it('of which each can go alone', async () => {
      const store = await openFilled();
      for (const [index, key] of keys.entries()) {
        await store.remove(key);
        expect(await readAll(store)).toEqual(all.map((values, at) => (at > index ? values : undefined)));
      }
    });

    it('of which each can be written anew, and discarded, alone', async () => {
      const store = await openFilled();
      for (const key of keys) {
        const writer = await store.write(key, {});
        await appendParts(writer, bytesOf(99));
        await writer.discard();
      }
      expect(await readAll(store)).toEqual(all);
    });
  });

  describe('bytes belong to whoever has them', () => {
    it('those handed in may be used again after they were appended', async () => {
      const store = open();
      const writer = await store.write(graph, {});
      const part = bytesOf(1, 2, 3);
      await appendParts(writer, part);
      part.fill(9);
      await appendParts(writer, part);
      await writer.commit({});
      part.fill(0);
      expect(await read(store, graph)).toEqual([1, 2, 3, 9, 9, 9]);
    });

    it('those handed in as a replacement may be used again', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1));
      const part = bytesOf(2);
      await store.replacePart(graph, (await wholeOf(store, graph)).id, 0, part);
      part.fill(0);
      expect(await read(store, graph)).toEqual([2]);
    });

    it('those handed in may be windows of something larger, and several', async () => {
      const store = open();
      const writer = await store.write(graph, {});
      const larger = bytesOf(0, 1, 2, 3, 0);
      const windows = [larger.subarray(1, 3), larger.subarray(3, 4), larger.subarray(4, 4)];
      await writer.append(windows, { size: 3, checksum: '' });
      await writer.commit({});
      expect(await partsOf(await wholeOf(store, graph))).toEqual([[1, 2, 3]]);
    });

    it('those handed out may be changed, or given to another thread', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1, 2), bytesOf(3));
      const [first] = (await wholeOf(store, graph)).parts;
      const bytes = new Uint8Array(await first!.blob!.arrayBuffer());
      bytes.fill(9);
      structuredClone(bytes, { transfer: [bytes.buffer] });
      expect(await read(store, graph)).toEqual([1, 2, 3]);
    });

    it('what is known of a file too', async () => {
      const store = open();
      const info = { etag: '"1"' };
      const writer = await store.write(graph, info);
      info.etag = 'changed';
      expect((await store.find(graph)).partial!.info).toEqual({ etag: '"1"' });
      const final = { etag: '"2"' };
      await writer.commit(final);
      final.etag = 'changed';
      const found = await wholeOf(store, graph);
      found.info.etag = 'changed';
      expect((await wholeOf(store, graph)).info).toEqual({ etag: '"2"' });
    });
  });

  it('a file that nobody has asked for is nothing', async () => {
    const store = open();
    await storeFile(store, graph, bytesOf(1));
    expect(await store.find(config)).toEqual({});
    expect(Object.keys(await store.find(graph))).toEqual(['whole']);
  });
}
