import { beforeEach, describe, expect, it } from 'vitest';
import { storeChecked } from '../model/test-model.conformance.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { bytesOf, config, folder, graph, storeBeginning, wholeOf } from '../store/test-database.conformance.ts';
import type { StoredPart, WeightStore } from '../store/weight-store.ts';
import { openStoredFiles } from './stored-files.ts';

const empty = { model: folder, path: 'empty.txt' };

let store: WeightStore;
beforeEach(async () => {
  store = createMemoryStore();
  await storeChecked(store, graph, {}, bytesOf(1, 2, 3), bytesOf(4, 5), bytesOf(6));
  await storeChecked(store, config, {}, bytesOf(7, 8));
  await storeChecked(store, empty, {});
});

const open = (paths: string[], from = store) => openStoredFiles(folder, paths, from);
const valuesOf = async (file: File) => [...new Uint8Array(await file.arrayBuffer())];
const pathsOf = async (from: WeightStore) => (await from.list()).map(({ path }) => path).sort();

/** A store in which one part of the graph has become another. */
const withPart = (changes: Partial<StoredPart>): WeightStore => ({
  ...store,
  async find(key) {
    const found = await store.find(key);
    if (key.path !== graph.path || !found.whole) return found;
    const parts = found.whole.parts.map((part, index) => (index === 1 ? { ...part, ...changes } : part));
    return { whole: { ...found.whole, parts } };
  },
});

describe('stored files', () => {
  it('are given as they are asked for, each of all its parts', async () => {
    const files = await open([graph.path, config.path]);
    expect(files.map(({ path, file }) => [path, file.name])).toEqual([
      ['onnx/model.onnx', 'model.onnx'],
      ['config.json', 'config.json'],
    ]);
    expect(await Promise.all(files.map(({ file }) => valuesOf(file)))).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8],
    ]);
    expect((await open([config.path, graph.path])).map(({ path }) => path)).toEqual([config.path, graph.path]);
  });

  it('may be empty, and none', async () => {
    const [{ file } = { file: undefined }] = await open([empty.path]);
    expect(file?.size).toBe(0);
    expect(await open([])).toEqual([]);
  });

  it('stay readable when the store has forgotten them', async () => {
    const [opened] = await open([graph.path]);
    await store.clear();
    expect(await valuesOf(opened!.file)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('are not given where a part was changed, and what was damaged is removed: the next call fetches it', async () => {
    expect(await open([config.path, graph.path]), 'the control').toHaveLength(2);
    await store.replacePart(graph, (await wholeOf(store, graph)).id, 1, bytesOf(4, 6));
    await expect(open([config.path, graph.path])).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
      message: expect.stringContaining(`Part 2 of the stored ${folder}onnx/model.onnx`),
      retryable: true,
    });
    expect(await pathsOf(store)).toEqual([config.path, empty.path]);
    expect(await open([config.path])).toHaveLength(1);
  });

  it.each<[string, Partial<StoredPart>]>([
    ['is gone', { blob: undefined }],
    ['is shorter', { blob: new Blob([bytesOf(4)]) }],
    [
      'can no longer be read',
      {
        blob: Object.assign(new Blob([bytesOf(4, 5)]), {
          arrayBuffer: () => Promise.reject(new DOMException('The file is gone.', 'NotFoundError')),
        }),
      },
    ],
  ])('are not given where a part %s', async (_, changes) => {
    expect(await open([graph.path], withPart({})), 'the control').toHaveLength(1);
    await expect(open([graph.path], withPart(changes))).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
      message: expect.stringContaining('Part 2'),
    });
    expect(await pathsOf(store)).not.toContain(graph.path);
  });

  it('are not given where one was damaged that cannot be removed', async () => {
    const remove = () => Promise.reject(new DOMException('Closed.', 'InvalidStateError'));
    const damaged = { ...withPart({ blob: undefined }), remove };
    await expect(open([graph.path], damaged)).rejects.toMatchObject({ code: 'INTEGRITY_MISMATCH' });
  });

  it.each([
    ['was evicted meanwhile', async () => {}],
    ['is unfinished', () => storeBeginning(store, { model: folder, path: 'gone.json' }, { size: 9 }, bytesOf(1))],
    ['is known to be missing', () => store.writeMissing({ model: folder, path: 'gone.json' })],
  ])('are not given where one %s: an empty file would be taken for it', async (_, prepare) => {
    await prepare();
    await expect(open([config.path, 'gone.json'])).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
      message: expect.stringContaining(`${folder}gone.json`),
      retryable: true,
    });
  });
});
