import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkProgress } from '../../protocol/weights-api.ts';
import { sha256Of, storeChecked } from '../model/test-model.conformance.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import {
  bytesOf,
  config,
  folder,
  graph,
  storeBeginning,
  storeFile,
  wholeOf,
} from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { type FileLocks, createFileLocks } from '../tabs/file-locks.ts';
import { patternOf } from '../transfer/file-server.conformance.ts';
import { useLockOf } from '../store/room-keeper.ts';
import { listModels, verifyModel } from './stored-models.ts';

let store: WeightStore;
let locks: FileLocks;
beforeEach(() => {
  store = createMemoryStore();
  locks = createFileLocks(null);
});

const live = () => new AbortController().signal;

describe('listModels', () => {
  it('tells all that the store has of a model', async () => {
    await storeChecked(store, graph, {}, patternOf(100), patternOf(50));
    await storeBeginning(store, config, { size: 99, sha256: 'expected' }, patternOf(30));
    await store.writeMissing({ model: folder, path: 'merges.txt' });
    await store.editModel(folder, () => ({
      reference: 'org/name',
      revision: 'main',
      usedAt: 7,
      verifiedAt: 9,
      pinned: true,
      checkedIn: ['session'],
    }));
    const release = locks.share(useLockOf(folder));
    const expected = {
      model: 'org/name',
      url: folder,
      revision: 'main',
      size: 180,
      files: [
        { path: graph.path, size: 150, complete: true, sha256: (await wholeOf(store, graph)).info.sha256 },
        { path: config.path, size: 30, complete: false, total: 99 },
      ],
      usedAt: 7,
      verifiedAt: 9,
      pinned: true,
      inUse: true,
    };
    expect(await listModels(store, locks)).toEqual([expected]);
    release();
    expect(await listModels(store, locks)).toEqual([{ ...expected, inUse: false }]);
  });

  it('does not tell the size of a file whose beginning is all that is known', async () => {
    await storeBeginning(store, config, {}, patternOf(30));
    const [model] = await listModels(store, locks);
    expect(model!.files).toEqual([{ path: config.path, size: 30, complete: false }]);
  });

  it('names a model of which nothing is remembered by its address', async () => {
    await storeFile(store, graph, bytesOf(1));
    expect(await listModels(store, locks)).toEqual([
      {
        model: folder,
        url: folder,
        size: 1,
        files: [{ path: graph.path, size: 1, complete: true }],
        pinned: false,
        inUse: false,
      },
    ]);
  });

  it('has what was used last first, and what was never used last', async () => {
    for (const [name, usedAt] of Object.entries({ b: 1, a: 1, d: undefined, c: 3 })) {
      await storeFile(store, { model: name, path: 'x' }, bytesOf(1));
      await store.editModel(name, () => ({ reference: name, ...(usedAt && { usedAt }) }));
    }
    expect((await listModels(store, locks)).map(({ url }) => url)).toEqual(['c', 'a', 'b', 'd']);
  });

  it('leaves out models of which nothing is there but what is remembered', async () => {
    await store.editModel(folder, () => ({ reference: 'org/name' }));
    await store.writeMissing(config);
    expect(await listModels(store, locks)).toEqual([]);
    expect(await listModels(createMemoryStore(), locks)).toEqual([]);
  });
});

describe('verifyModel', () => {
  const verify = (report: (progress: WorkProgress) => void = () => {}, signal = live()) =>
    verifyModel(folder, store, report, signal);
  const parts = [patternOf(100), patternOf(50, 1)];

  beforeEach(async () => {
    await storeChecked(store, graph, {}, ...parts);
    await storeChecked(store, config, {}, patternOf(20));
    await storeBeginning(store, { model: folder, path: 'partial' }, {}, patternOf(7));
    await store.writeMissing({ model: folder, path: 'merges.txt' });
    await storeFile(store, { model: `${folder}other/`, path: 'unproven' }, bytesOf(1));
    await store.editModel(folder, () => ({ reference: 'org/name' }));
  });

  it('finds a sound model sound, and remembers when', async () => {
    const before = Date.now();
    const progress: WorkProgress[] = [];
    expect(await verify((each) => progress.push(each))).toEqual({ ok: true, damaged: [] });
    expect((await store.models()).get(folder)!.verifiedAt).toBeGreaterThanOrEqual(before);
    expect(progress.at(-1)).toEqual({ loaded: 170, total: 170, progress: 1 });
  });

  it.each<[string, (id: string) => Promise<void>]>([
    [
      'a flipped bit',
      (id) => {
        const flipped = parts[1]!.slice();
        flipped[49]! ^= 1;
        return store.replacePart(graph, id, 1, flipped);
      },
    ],
    ['a part of another size', (id) => store.replacePart(graph, id, 0, patternOf(99))],
    ['another SHA-256 in its record', () => store.annotate(graph, { sha256: sha256Of(patternOf(1)) })],
    [
      'a part that is gone',
      async () => {
        const { find } = store;
        store.find = async (key) => {
          const found = await find(key);
          if (key.path !== graph.path) return found;
          const [first, second] = found.whole!.parts;
          return { whole: { ...found.whole!, parts: [first!, { ...second!, blob: undefined }] } };
        };
      },
    ],
    [
      'a part that cannot be read',
      async () => {
        const { find } = store;
        store.find = async (key) => {
          const found = await find(key);
          if (key.path !== graph.path) return found;
          const [first, second] = found.whole!.parts;
          const arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
          const blob = Object.defineProperty(new Blob([parts[1]!]), 'arrayBuffer', { value: arrayBuffer });
          return { whole: { ...found.whole!, parts: [first!, { ...second!, blob }] } };
        };
      },
    ],
    [
      'nothing any more',
      async () => {
        const { find } = store;
        store.find = async (key) => (key.path === graph.path ? {} : find(key));
      },
    ],
  ])('names a file with %s, and no other', async (_, damage) => {
    expect(await verify()).toEqual({ ok: true, damaged: [] });
    expect((await store.models()).get(folder)).toHaveProperty('verifiedAt');
    await damage((await wholeOf(store, graph)).id);
    const progress: WorkProgress[] = [];
    expect(await verify((each) => progress.push(each))).toEqual({ ok: false, damaged: [graph.path] });
    expect((await store.models()).get(folder)).toEqual({ reference: 'org/name' });
  });

  it('does not count the beginning of another version', async () => {
    await storeBeginning(store, graph, {}, patternOf(77, 2));
    const progress: WorkProgress[] = [];
    expect(await verify((each) => progress.push(each))).toEqual({ ok: true, damaged: [] });
    expect(progress.at(-1)).toEqual({ loaded: 170, total: 170, progress: 1 });
  });

  it('finds a model of which nothing is whole not sound', async () => {
    await store.remove(graph);
    await store.remove(config);
    expect(await verify()).toEqual({ ok: false, damaged: [] });
    expect((await store.models()).get(folder)).toEqual({ reference: 'org/name' });
  });

  it('remembers nothing of a model of which nothing is remembered', async () => {
    await store.editModel(folder, () => undefined);
    expect(await verify()).toEqual({ ok: true, damaged: [] });
    expect(await store.models()).toEqual(new Map());
  });

  it('ends with an abort, with its reason', async () => {
    const controller = new AbortController();
    const report = vi.fn(() => controller.abort('enough'));
    await expect(verify(report, controller.signal)).rejects.toBe('enough');
    expect(report).toHaveBeenCalledOnce();
    expect((await store.models()).get(folder)).toEqual({ reference: 'org/name' });
  });
});
