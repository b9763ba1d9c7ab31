import { describe, expect, it } from 'vitest';
import {
  type TestDatabase,
  appendParts,
  bytesOf,
  checkOf,
  config,
  graph,
  partialOf,
  partsOf,
  read,
  readPartial,
  storeBeginning,
  storeFile,
  superseded,
  wholeOf,
} from './test-database.conformance.ts';

/** Several writers of a file, and those that never came to an end. */
export function testWriters(createDatabase: () => TestDatabase): void {
  const open = () => createDatabase().open();

  describe('two writers at once', () => {
    it('of two files do not mix them', async () => {
      const store = open();
      const [one, two] = await Promise.all([store.write(graph, {}), store.write(config, {})]);
      await appendParts(one, bytesOf(1));
      await appendParts(two, bytesOf(7, 8));
      await Promise.all([appendParts(one, bytesOf(2)), appendParts(two, bytesOf(9))]);
      await one.commit({});
      expect((await store.find(config)).whole).toBeUndefined();
      await two.commit({});
      expect(await read(store, graph)).toEqual([1, 2]);
      expect(await read(store, config)).toEqual([7, 8, 9]);
    });

    // Two tabs that load one model; its file may have changed on the server in between.
    it.each(['one store', 'two tabs'])('of one file, in %s: the last that began writes it', async (where) => {
      const { open: visit } = createDatabase();
      const store = visit();
      const old = await store.write(graph, { etag: '"old"' });
      await appendParts(old, bytesOf(1, 1));
      const young = await (where === 'two tabs' ? visit() : store).write(graph, { etag: '"young"' });
      expect((await partialOf(store, graph)).info).toEqual({ etag: '"young"' });
      await appendParts(young, bytesOf(2, 2));
      await expect(appendParts(old, bytesOf(1))).rejects.toEqual(superseded);
      await expect(old.commit({ etag: '"old"' })).rejects.toEqual(superseded);
      await old.discard();
      await appendParts(young, bytesOf(2));
      await young.commit({ etag: '"young"' });
      expect(await read(store, graph)).toEqual([2, 2, 2]);
      expect((await wholeOf(store, graph)).info).toEqual({ etag: '"young"' });
    });

    it('of one file: the earlier one disturbs no more after the later has ended either', async () => {
      const store = open();
      const old = await store.write(graph, {});
      const young = await store.write(graph, {});
      await appendParts(young, bytesOf(2));
      await young.commit({});
      await expect(appendParts(old, bytesOf(1))).rejects.toEqual(superseded);
      await expect(old.commit({})).rejects.toEqual(superseded);
      await old.discard();
      expect(await read(store, graph)).toEqual([2]);
      expect((await store.find(graph)).partial).toBeUndefined();
    });

    it('of one file: when the later one gives up, nobody writes', async () => {
      const store = open();
      const old = await store.write(graph, {});
      await appendParts(old, bytesOf(1));
      await (await store.write(graph, {})).discard();
      await expect(old.commit({})).rejects.toEqual(superseded);
      expect(await store.find(graph)).toEqual({});
    });
  });

  describe('a writer that has ended', () => {
    it.each(['commit', 'discard'] as const)('by %s cannot write any more, and its discard is void', async (end) => {
      const store = open();
      const writer = await store.write(graph, {});
      await appendParts(writer, bytesOf(1));
      await writer[end]({});
      const after = await store.find(graph);
      await expect(appendParts(writer, bytesOf(2))).rejects.toEqual(superseded);
      await expect(writer.commit({})).rejects.toEqual(superseded);
      await writer.discard();
      expect(Object.keys(await store.find(graph))).toEqual(Object.keys(after));
      expect(await read(store, graph)).toEqual(end === 'commit' ? [1] : undefined);
    });

    it.each(['remove', 'removeModel', 'writeMissing', 'clear'] as const)(
      'because of %s does not bring its file back',
      async (end) => {
        const store = open();
        const writer = await store.write(graph, {});
        await appendParts(writer, bytesOf(1));
        if (end === 'removeModel') await store.removeModel(graph.model);
        else if (end === 'clear') await store.clear();
        else await store[end](graph);
        await expect(appendParts(writer, bytesOf(2))).rejects.toEqual(superseded);
        await expect(writer.commit({})).rejects.toEqual(superseded);
        await writer.discard();
        expect(await store.find(graph)).toEqual(end === 'writeMissing' ? { missing: true } : {});
      },
    );
  });

  describe('an unfinished version', () => {
    it('is found with its parts and with what was said of it, by the next visit', async () => {
      const { open: visit } = createDatabase();
      await storeBeginning(visit(), graph, { etag: '"1"', size: 9 }, bytesOf(1, 2), bytesOf(3));
      expect(await visit().find(graph)).toEqual({
        partial: {
          id: expect.any(String),
          info: { etag: '"1"', size: 9 },
          parts: [
            { ...checkOf(bytesOf(1, 2)), blob: expect.any(Blob) },
            { ...checkOf(bytesOf(3)), blob: expect.any(Blob) },
          ],
        },
      });
      expect(await readPartial(visit(), graph)).toEqual([[1, 2], [3]]);
    });

    it('is found beside the whole one that it may replace', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1));
      await storeBeginning(store, graph, {}, bytesOf(2));
      expect(await read(store, graph)).toEqual([1]);
      expect(await readPartial(store, graph)).toEqual([[2]]);
    });

    it('can be gone on with, also more than once', async () => {
      const { open: visit } = createDatabase();
      await storeBeginning(visit(), graph, { etag: '"1"' }, bytesOf(1));
      const { id } = await partialOf(visit(), graph);
      for (const value of [2, 3]) {
        const store = visit();
        const writer = await store.write(graph, { etag: '"1"', size: 3 }, await partialOf(store, graph));
        await appendParts(writer, bytesOf(value));
        expect(await partialOf(store, graph)).toMatchObject({ id, info: { etag: '"1"', size: 3 } });
      }
      const last = visit();
      const writer = await last.write(graph, {}, await partialOf(last, graph));
      await writer.commit({ size: 3 });
      expect(await partsOf(await wholeOf(last, graph))).toEqual([[1], [2], [3]]);
      expect((await last.find(graph)).partial).toBeUndefined();
    });

    it('that is gone on with shuts out its earlier writer', async () => {
      const store = open();
      const old = await store.write(graph, {});
      await appendParts(old, bytesOf(1));
      const young = await store.write(graph, {}, await partialOf(store, graph));
      await expect(appendParts(old, bytesOf(9))).rejects.toEqual(superseded);
      await expect(old.commit({})).rejects.toEqual(superseded);
      await old.discard();
      await appendParts(young, bytesOf(2));
      await young.commit({});
      expect(await read(store, graph)).toEqual([1, 2]);
    });

    it('is forgotten with all its parts when whoever goes on with it gives up', async () => {
      const store = open();
      await storeBeginning(store, graph, {}, bytesOf(1));
      const writer = await store.write(graph, {}, await partialOf(store, graph));
      await appendParts(writer, bytesOf(2));
      await writer.discard();
      expect(await store.find(graph)).toEqual({});
    });

    it('is replaced by one that begins anew', async () => {
      const store = open();
      await storeBeginning(store, graph, {}, bytesOf(1), bytesOf(2));
      await storeBeginning(store, graph, {}, bytesOf(3));
      expect(await readPartial(store, graph)).toEqual([[3]]);
    });

    it.each([
      ['was replaced', (store) => storeBeginning(store, graph, {}, bytesOf(5))],
      ['was removed', (store) => store.remove(graph)],
      ['was finished', async (store) => (await store.write(graph, {}, await partialOf(store, graph))).commit({})],
    ] satisfies [string, (store: ReturnType<typeof open>) => Promise<void>][])(
      'that %s cannot be gone on with, and stays as it is',
      async (_, end) => {
        const store = open();
        await storeBeginning(store, graph, {}, bytesOf(1));
        const found = await partialOf(store, graph);
        await end(store);
        const whole = await read(store, graph);
        const partial = await readPartial(store, graph);
        await expect(store.write(graph, {}, found)).rejects.toEqual(superseded);
        expect(await read(store, graph)).toEqual(whole);
        expect(await readPartial(store, graph)).toEqual(partial);
      },
    );
  });
}
