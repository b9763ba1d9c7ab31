import { unpackTar } from 'modern-tar';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkProgress } from '../../protocol/weights-api.ts';
import { encode, sha256Of, storeChecked } from '../model/test-model.conformance.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { config, folder, graph, storeBeginning, wholeOf } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { patternOf } from '../transfer/file-server.conformance.ts';
import { exportPack } from './export-pack.ts';

const body = patternOf(3000);
const text = encode('{"model_type":"bert"}');

let store: WeightStore;
beforeEach(async () => {
  store = createMemoryStore();
  await storeChecked(store, graph, { etag: '"1"', commit: 'c0ffee' }, body.slice(0, 1000), body.slice(1000));
  await storeChecked(store, config, {}, text);
  await storeChecked(store, { model: folder, path: 'empty.txt' }, {});
  await storeBeginning(store, { model: folder, path: 'partial.bin' }, {}, patternOf(7));
  await store.writeMissing({ model: folder, path: 'merges.txt' });
  await storeChecked(store, { model: `${folder}other/`, path: 'config.json' }, {}, text);
  await store.editModel(folder, () => ({ reference: 'org/name', revision: 'main', usedAt: 1, pinned: true }));
});

const pack = (
  from = store,
  report: (progress: WorkProgress) => void = () => {},
  signal = new AbortController().signal,
) => exportPack(folder, from, report, signal);

const entriesOf = async (blob: Blob) => unpackTar(await blob.arrayBuffer());
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

describe('a pack', () => {
  it('is a tar file of the whole files, with their manifest first', async () => {
    const blob = await pack();
    expect(blob.type).toBe('application/x-tar');
    expect(blob.size % 512).toBe(0);
    const entries = await entriesOf(blob);
    expect(entries.map(({ header }) => header.name)).toEqual(['manifest.json', 'config.json', 'empty.txt', graph.path]);
    expect(JSON.parse(new TextDecoder().decode(entries[0]!.data))).toEqual({
      format: 'insitu-model-1',
      model: 'org/name',
      revision: 'c0ffee',
      files: [
        { path: 'config.json', size: text.length, sha256: sha256Of(text) },
        { path: 'empty.txt', size: 0, sha256: sha256Of(new Uint8Array(0)) },
        { path: graph.path, size: 3000, sha256: sha256Of(body) },
      ],
    });
    expect(entries.slice(1).map(({ data }) => data!)).toEqual([text, new Uint8Array(0), body]);
  });

  it('is the same for the same files, however and whenever they were stored', async () => {
    const other = createMemoryStore();
    await storeChecked(other, { model: folder, path: 'empty.txt' }, {});
    await storeChecked(other, config, { etag: 'W/"7"' }, text.slice(0, 1), text.slice(1));
    await storeChecked(other, graph, { commit: 'c0ffee' }, body);
    await other.editModel(folder, () => ({ reference: 'org/name', revision: 'main', usedAt: 99 }));
    expect(await bytesOf(await pack(other))).toEqual(await bytesOf(await pack()));
  });

  it.each([
    ['as it is, where it is the newest', { reference: 'org/name', revision: 'main' }, 'org/name'],
    ['as it is, where it has no revisions', { reference: '/models/name/' }, '/models/name/'],
    ['with its revision', { reference: 'org/name', revision: 'v2' }, 'org/name@v2'],
    ['as it is, where it has its revision', { reference: 'org/name@v2', revision: 'v2' }, 'org/name@v2'],
    ['by its address, where nothing is remembered', undefined, folder],
  ])('names its model %s', async (_, record, expected) => {
    await store.editModel(folder, () => record);
    const [manifest] = await entriesOf(await pack());
    expect(JSON.parse(new TextDecoder().decode(manifest!.data))).toMatchObject({ model: expected });
  });

  it('has no revision where no file has a commit', async () => {
    await store.annotate(graph, { commit: '' });
    const [manifest] = await entriesOf(await pack());
    expect(JSON.parse(new TextDecoder().decode(manifest!.data))).not.toHaveProperty('revision');
  });

  it('has nothing of another version that has only begun', async () => {
    const before = await bytesOf(await pack());
    await storeBeginning(store, graph, { etag: '"2"' }, patternOf(77, 1));
    expect(await bytesOf(await pack())).toEqual(before);
  });

  it('holds files that are larger than what is held in memory on the way', async () => {
    const large = patternOf(20 * 1024 * 1024);
    const third = 7 * 1024 * 1024;
    await storeChecked(store, graph, {}, large.slice(0, third), large.slice(third, 2 * third), large.slice(2 * third));
    const entries = await entriesOf(await pack());
    expect(Buffer.compare(entries.at(-1)!.data!, large)).toBe(0);
  });

  it('tells how far it is', async () => {
    const progress: WorkProgress[] = [];
    await pack(store, (each) => progress.push(each));
    const total = 3000 + text.length;
    expect(progress.at(-1)).toEqual({ loaded: total, total, progress: 1 });
  });
});

describe('what cannot be packed', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['is not in the store', () => store.removeModel(folder)],
    ['has no whole file', () => Promise.all([graph, config, { ...config, path: 'empty.txt' }].map(store.remove))],
  ])('%s', async (_, remove) => {
    await expect(pack()).resolves.toBeInstanceOf(Blob);
    await remove();
    await expect(pack()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND', message: expect.stringContaining(folder) });
  });

  it('was damaged in the store: a flipped bit', async () => {
    const flipped = body.slice(1000);
    flipped[7]! ^= 1;
    await expect(pack()).resolves.toBeInstanceOf(Blob);
    await store.replacePart(graph, (await wholeOf(store, graph)).id, 1, flipped);
    await expect(pack()).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
      message: expect.stringContaining(`Part 2 of the stored ${folder}${graph.path}`),
    });
  });

  it('was damaged in the store: a part is gone', async () => {
    const losing: WeightStore = {
      ...store,
      async find(key) {
        const { whole } = await store.find(key);
        return { whole: { ...whole!, parts: whole!.parts.map((part) => ({ ...part, blob: undefined })) } };
      },
    };
    await expect(pack(losing)).rejects.toMatchObject({ code: 'INTEGRITY_MISMATCH' });
  });

  it('went away on the way', async () => {
    const losing: WeightStore = { ...store, find: async (key) => (key.path === graph.path ? {} : store.find(key)) };
    await expect(pack(losing)).rejects.toBeInstanceOf(Error);
  });

  it('was not wanted any more', async () => {
    const controller = new AbortController();
    const report = vi.fn(() => controller.abort('enough'));
    await expect(pack(store, report, controller.signal)).rejects.toBe('enough');
    expect(report).toHaveBeenCalledOnce();
    await expect(pack(store, () => {}, AbortSignal.abort('before'))).rejects.toBe('before');
  });
});
