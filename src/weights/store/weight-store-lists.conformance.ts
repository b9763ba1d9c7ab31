import { describe, expect, it } from 'vitest';
import {
  type TestDatabase,
  bytesOf,
  config,
  folder,
  graph,
  partialOf,
  read,
  readPartial,
  storeBeginning,
  storeFile,
  wholeOf,
} from './test-database.conformance.ts';
import type { FileSummary, ModelRecord, WeightStore } from './weight-store.ts';

const other = `${folder}other/`;

/** Parts and markers that change, and what a store tells of all that it has. */
export function testLists(createDatabase: () => TestDatabase): void {
  const open = () => createDatabase().open();

  describe('a part', () => {
    it('can be replaced, in a whole version and in an unfinished one', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1), bytesOf(2), bytesOf(3));
      await storeBeginning(store, graph, {}, bytesOf(4), bytesOf(5));
      await store.replacePart(graph, (await wholeOf(store, graph)).id, 1, bytesOf(9));
      await store.replacePart(graph, (await partialOf(store, graph)).id, 0, bytesOf(8));
      expect(await read(store, graph)).toEqual([1, 9, 3]);
      expect(await readPartial(store, graph)).toEqual([[8], [5]]);
    });

    it('of a version that is gone cannot, and nothing comes of it', async () => {
      const { open: visit, countEntries } = createDatabase();
      const store = visit();
      await storeFile(store, graph, bytesOf(1));
      const { id } = await wholeOf(store, graph);
      await storeFile(store, graph, bytesOf(2));
      const entries = await countEntries?.();
      await store.replacePart(graph, id, 0, bytesOf(9));
      await store.replacePart(config, id, 0, bytesOf(9));
      expect(await read(store, graph)).toEqual([2]);
      expect(await store.find(config)).toEqual({});
      expect(await countEntries?.()).toBe(entries);
    });
  });

  describe('what is known of a file', () => {
    it('can be changed, and keeps what is not named', async () => {
      const store = open();
      const writer = await store.write(graph, {});
      await writer.commit({ etag: '"1"', size: 0 });
      await store.annotate(graph, { etag: '"2"', commit: 'abc' });
      expect((await wholeOf(store, graph)).info).toEqual({ etag: '"2"', size: 0, commit: 'abc' });
    });

    it('cannot where there is no whole file', async () => {
      const store = open();
      await storeBeginning(store, graph, { etag: '"1"' });
      await store.annotate(graph, { etag: '"2"' });
      await store.annotate(config, { etag: '"2"' });
      expect((await partialOf(store, graph)).info).toEqual({ etag: '"1"' });
      expect(await store.find(config)).toEqual({});
    });
  });

  describe('a missing file', () => {
    it('is told from one that nobody asked for', async () => {
      const store = open();
      await store.writeMissing(graph);
      expect(await store.find(graph)).toEqual({ missing: true });
      expect(await store.find(config)).toEqual({});
    });

    it('is missing until another one is whole', async () => {
      const store = open();
      await store.writeMissing(graph);
      const writer = await store.write(graph, {});
      expect(await store.find(graph)).toMatchObject({ missing: true, partial: { parts: [] } });
      await writer.commit({});
      expect(Object.keys(await store.find(graph))).toEqual(['whole']);
    });

    it('can have been there', async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1));
      await store.writeMissing(graph);
      expect(await store.find(graph)).toEqual({ missing: true });
    });

    it('can be forgotten', async () => {
      const store = open();
      await store.writeMissing(graph);
      await store.remove(graph);
      expect(await store.find(graph)).toEqual({});
    });
  });

  const byName = (files: FileSummary[]) =>
    files.sort((a, b) => (a.model + a.path < b.model + b.path ? -1 : a.model + a.path > b.model + b.path ? 1 : 0));

  describe('the list', () => {
    const openFilled = async () => {
      const store = open();
      await storeFile(store, graph, bytesOf(1, 2), bytesOf(3));
      await storeBeginning(store, graph, { etag: '"2"' }, bytesOf(4));
      await storeBeginning(store, config, { size: 7 }, bytesOf(5, 6));
      await store.writeMissing({ model: folder, path: 'merges.txt' });
      await storeFile(store, { model: other, path: 'config.json' });
      return store;
    };
    const expected: FileSummary[] = [
      { model: folder, path: 'config.json', state: 'partial', size: 2, info: { size: 7 } },
      { model: folder, path: 'merges.txt', state: 'missing', size: 0, info: {} },
      // The bytes of both versions take space.
      { model: folder, path: 'onnx/model.onnx', state: 'whole', size: 4, info: { size: 3 } },
    ];
    const ofOther: FileSummary = { model: other, path: 'config.json', state: 'whole', size: 0, info: { size: 0 } };

    it('is of all files, with no bytes of them', async () => {
      expect(byName(await (await openFilled()).list())).toEqual(byName([...expected, ofOther]));
    });

    it('is of one model, exactly', async () => {
      const store = await openFilled();
      expect(byName(await store.list(folder))).toEqual(expected);
      expect(await store.list(other)).toEqual([ofOther]);
      for (const name of ['', folder.slice(0, -1), `${other}x`]) expect(await store.list(name)).toEqual([]);
    });

    it('of an empty store is empty', async () => {
      expect(await open().list()).toEqual([]);
    });
  });

  describe('the record of a model', () => {
    const change = (store: WeightStore, model: string, changes: Partial<ModelRecord>) =>
      store.editModel(model, (record) => ({ reference: 'org/name', ...record, ...changes }));

    it('is made, changed and removed', async () => {
      const { open: visit } = createDatabase();
      const store = visit();
      const seen: unknown[] = [];
      await store.editModel(folder, (record) => void seen.push(record));
      expect(await store.models()).toEqual(new Map());
      await change(store, folder, { usedAt: 1 });
      await change(store, folder, { pinned: true, checkedIn: ['a', 'b'] });
      await change(store, other, {});
      const expected = { reference: 'org/name', usedAt: 1, pinned: true, checkedIn: ['a', 'b'] };
      expect(await visit().models()).toEqual(
        new Map<string, ModelRecord>([
          [folder, expected],
          [other, { reference: 'org/name' }],
        ]),
      );
      await store.editModel(folder, (record) => void seen.push(record));
      expect(seen).toEqual([undefined, expected]);
      expect([...(await store.models()).keys()]).toEqual([other]);
    });

    it('is changed in one step, also by several at once', async () => {
      const { open: visit } = createDatabase();
      const tabs = [visit(), visit()];
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          tabs[index % 2]!.editModel(folder, (record) => ({ reference: '', usedAt: (record?.usedAt ?? 0) + 1 })),
        ),
      );
      expect((await visit().models()).get(folder)).toEqual({ reference: '', usedAt: 20 });
    });

    it('stays as it was when the change throws', async () => {
      const store = open();
      await change(store, folder, { usedAt: 1 });
      const changing = store.editModel(folder, () => {
        throw new Error('changed my mind');
      });
      await expect(changing).rejects.toThrow('changed my mind');
      expect((await store.models()).get(folder)).toEqual({ reference: 'org/name', usedAt: 1 });
    });
  });

  describe('removing', () => {
    const fill = async ({ open: visit, countEntries }: TestDatabase) => {
      const store = visit();
      for (const model of [folder, other, '']) {
        await storeFile(store, { model, path: 'a' }, bytesOf(1), bytesOf(2));
        await storeBeginning(store, { model, path: 'a' }, {}, bytesOf(3));
        await storeBeginning(store, { model, path: 'b' }, {}, bytesOf(4));
        await store.writeMissing({ model, path: 'c' });
        await store.editModel(model, () => ({ reference: model }));
      }
      return { store, countEntries };
    };

    it('of a model forgets its record and its files for good, and no other', async () => {
      const { store, countEntries } = await fill(createDatabase());
      const before = (await countEntries?.()) ?? 0;
      await store.removeModel(folder);
      expect([...(await store.models()).keys()].sort()).toEqual(['', other]);
      expect(await store.list(folder)).toEqual([]);
      expect(await store.list()).toHaveLength(6);
      for (const model of [other, '']) expect(await read(store, { model, path: 'a' })).toEqual([1, 2]);
      expect((await countEntries?.()) ?? 0).toBe((before / 3) * 2);
    });

    it('of everything leaves nothing', async () => {
      const { store, countEntries } = await fill(createDatabase());
      await store.clear();
      expect(await store.list()).toEqual([]);
      expect(await store.models()).toEqual(new Map());
      expect((await countEntries?.()) ?? 0).toBe(0);
      await storeFile(store, graph, bytesOf(1));
      expect(await read(store, graph)).toEqual([1]);
    });

    it('takes what is not there', async () => {
      const store = open();
      await expect(Promise.all([store.remove(graph), store.removeModel(folder), store.clear()])).resolves.toBeDefined();
    });
  });
}
