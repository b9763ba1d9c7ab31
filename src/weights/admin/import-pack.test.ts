import { type TarEntry, packTar } from 'modern-tar';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { ModelManifest } from '../../protocol/model-manifest.ts';
import type { WorkProgress } from '../../protocol/weights-api.ts';
import { encode, fileOf, location, manifestOf, storeChecked } from '../model/test-model.conformance.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { describeStore } from '../store/store-model.conformance.ts';
import { config, folder, graph, read } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { type Bytes, patternOf } from '../transfer/file-server.conformance.ts';
import { exportPack } from './export-pack.ts';
import { type ImportContext, importPack, readPackManifest } from './import-pack.ts';

const files: Record<string, Bytes> = {
  [config.path]: encode('{"model_type":"bert"}'),
  'empty.txt': new Uint8Array(0),
  [graph.path]: patternOf(3000),
  [`deep/${'folder/'.repeat(20)}ünïcödé ✓.bin`]: patternOf(600, 1),
};
const keys = Object.keys(files).map((path) => ({ model: folder, path }));
const manifest: ModelManifest = { ...manifestOf(files), revision: 'c0ffee' };

let store: WeightStore;
beforeEach(() => {
  store = createMemoryStore();
});

const entryOf = (name: string, body: Bytes | string): TarEntry => {
  const bytes = typeof body === 'string' ? encode(body) : body;
  return { header: { name, size: bytes.length }, body: bytes };
};

/** A pack of these files, or another one by its entries. */
async function packOf(entries: TarEntry[] = entriesOf()): Promise<Blob> {
  return new Blob([await packTar(entries)]);
}

const entriesOf = (of: object = manifest, contents = files) => [
  entryOf('manifest.json', JSON.stringify(of)),
  ...Object.entries(contents).map(([path, bytes]) => entryOf(path, bytes)),
];

function importInto(into: WeightStore, pack: Blob, options: Partial<ImportContext> = {}) {
  const room = { reserve: async () => undefined, evictOne: async () => false };
  const { signal } = new AbortController();
  return importPack(pack, location, { store: into, room, report: () => {}, signal, ...options });
}

describe('a pack that is imported', () => {
  it('is the model that was exported', async () => {
    for (const [path, bytes] of Object.entries(files))
      await storeChecked(store, { model: folder, path }, { commit: 'c0ffee' }, ...(bytes.length > 0 ? [bytes] : []));
    await store.editModel(folder, () => ({ reference: 'org/name', revision: 'main' }));
    const pack = await exportPack(folder, store, () => {}, new AbortController().signal);
    const other = createMemoryStore();
    const before = Date.now();
    await importInto(other, pack);
    expect(await describeStore(other, keys)).toEqual({
      ...(await describeStore(store, keys)),
      models: new Map([
        [
          folder,
          { reference: 'org/name', revision: 'main', touchedAt: expect.any(Number), verifiedAt: expect.any(Number) },
        ],
      ]),
    });
    expect((await other.models()).get(folder)!.verifiedAt).toBeGreaterThanOrEqual(before);
    const again = await exportPack(folder, other, () => {}, new AbortController().signal);
    expect(await again.arrayBuffer()).toEqual(await pack.arrayBuffer());
  });

  it('takes the place of what was stored, and keeps what was remembered', async () => {
    await storeChecked(store, graph, { etag: '"0"' }, patternOf(10));
    await store.writeMissing(config);
    await store.editModel(folder, () => ({ reference: 'Org/Name', pinned: true, usedAt: 7 }));
    await importInto(store, await packOf());
    for (const key of keys) expect(await read(store, key)).toEqual([...files[key.path]!]);
    expect((await store.models()).get(folder)).toMatchObject({ reference: 'org/name', pinned: true, usedAt: 7 });
  });

  it('may have its files in any order', async () => {
    const [first, ...others] = entriesOf();
    await importInto(store, await packOf([first!, ...others.reverse()]));
    for (const key of keys) expect(await read(store, key)).toEqual([...files[key.path]!]);
  });

  it('asks for room for all of it, and tells how far it is', async () => {
    const total = manifest.files.reduce((sum, { size }) => sum + size, 0);
    const reserve = vi.fn(async () => undefined);
    const progress: WorkProgress[] = [];
    const room = { reserve, evictOne: async () => false };
    await importInto(store, await packOf(), { room, report: (each) => progress.push(each) });
    expect(reserve.mock.calls).toEqual([[folder, total]]);
    expect(progress.at(-1)).toEqual({ loaded: total, total, progress: 1 });
  });

  it('may be large', async () => {
    const large = patternOf(40 * 1024 * 1024);
    await importInto(store, await packOf(entriesOf(manifestOf({ [graph.path]: large }), { [graph.path]: large })));
    const { whole } = await store.find(graph);
    expect(whole!.parts.map(({ size }) => size)).toEqual([32 * 1024 * 1024, 8 * 1024 * 1024]);
    const bytes = Buffer.from(await new Blob(whole!.parts.map(({ blob }) => blob!)).arrayBuffer());
    expect(bytes.equals(large)).toBe(true);
  });
});

describe('a bad pack', () => {
  const invalid = (why: string) => ({ code: 'INPUT_INVALID', message: expect.stringContaining(why) });

  /** What is there before, of which nothing may change. */
  const storeEarlier = async () => {
    await storeChecked(store, graph, { etag: '"0"' }, patternOf(10));
    await store.writeMissing(config);
    await store.editModel(folder, () => ({ reference: 'Org/Name', usedAt: 7 }));
  };

  const wrong = { ...files, [graph.path]: patternOf(3000, 9) };
  const shorter = { ...files, [graph.path]: patternOf(2999) };
  const cut = async (at: number) => (await packOf()).slice(0, at);
  const damaged = async (fromTheEnd: number) => {
    const large = patternOf(3 * 1024 * 1024);
    const contents = { [graph.path]: large, 'small.txt': encode('x') };
    const bytes = new Uint8Array(await (await packOf(entriesOf(manifestOf(contents), contents))).arrayBuffer());
    bytes[bytes.length - fromTheEnd]! ^= 1;
    return new Blob([bytes]);
  };
  const withManifest = (text: string) => packOf([entryOf('manifest.json', text), ...entriesOf().slice(1)]);

  it.each<[string, () => Promise<Blob>, object]>([
    ['is empty', async () => new Blob([]), invalid('')],
    ['is text', async () => new Blob(['This is no tar file. '.repeat(100)]), invalid('')],
    ['is bytes', async () => new Blob([patternOf(10_000)]), invalid('')],
    ['is cut in its first header', () => cut(100), invalid('')],
    ['is cut in its manifest', () => cut(600), invalid('')],
    [
      'is cut in a file',
      () => cut(6000),
      expect.objectContaining({ code: expect.stringMatching(/INPUT_INVALID|INTEGRITY_MISMATCH/) }),
    ],
    // The end is 1024 bytes, the file before it 512, its header too.
    ['has a damaged header', () => damaged(2048), invalid('')],
    ['has a damaged file', () => damaged(1536), { code: 'INTEGRITY_MISMATCH' }],
    ['has no manifest', () => packOf(entriesOf().slice(1)), invalid('first file')],
    ['has its manifest last', () => packOf(entriesOf().reverse()), invalid('first file')],
    ['has a manifest that is no JSON', () => withManifest('{"format":'), invalid('not JSON')],
    ['has the manifest of something else', () => withManifest('{"name":"app"}'), invalid('insitu-model-1')],
    [
      'has a manifest without files',
      () => withManifest(JSON.stringify({ ...manifest, files: [] })),
      invalid('list of files'),
    ],
    [
      'has a manifest with a path out of its folder',
      () => withManifest(JSON.stringify({ ...manifest, files: [fileOf('../x', patternOf(1))] })),
      invalid('files[0]'),
    ],
    ['has a manifest that is too long', () => withManifest(' '.repeat(2 ** 20 + 1)), invalid('first file')],
    ['has a file more', () => packOf([...entriesOf(), entryOf('extra.bin', 'x')]), invalid('does not name extra.bin')],
    ['has a file less', () => packOf(entriesOf().slice(0, -1)), invalid('lacks deep/')],
    [
      'has a file twice',
      () => packOf([...entriesOf(), entryOf(graph.path, files[graph.path]!)]),
      invalid(`${graph.path} twice`),
    ],
    [
      'has another file than it says',
      () => packOf(entriesOf(manifest, wrong)),
      { code: 'INTEGRITY_MISMATCH', message: expect.stringContaining(graph.path) },
    ],
    ['has a shorter file than it says', () => packOf(entriesOf(manifest, shorter)), { code: 'INTEGRITY_MISMATCH' }],
  ])('that %s is refused, and changes nothing', async (_, make, expected) => {
    await storeEarlier();
    const before = await describeStore(store, keys);
    await expect(importInto(store, await make())).rejects.toMatchObject(expected);
    expect(await describeStore(store, keys)).toEqual(before);
    await importInto(store, await packOf());
    expect(await read(store, graph)).toEqual([...files[graph.path]!]);
  });
});

describe('an import that fails', () => {
  const quota = new DOMException('full', 'QuotaExceededError');

  it('for want of room changes nothing, and reads nothing', async () => {
    const refusal = new InsituError('STORAGE_QUOTA', 'No room.', { hint: '' });
    const room = { reserve: async () => refusal, evictOne: async () => false };
    const write = vi.spyOn(store, 'write');
    await expect(importInto(store, await packOf(), { room })).rejects.toBe(refusal);
    expect(write).not.toHaveBeenCalled();
  });

  it('because the store does leaves nothing half done', async () => {
    const refusing: WeightStore = {
      ...store,
      async write(...given) {
        return { ...(await store.write(...given)), append: () => Promise.reject(quota) };
      },
    };
    await expect(importInto(refusing, await packOf())).rejects.toMatchObject({ code: 'STORAGE_QUOTA', cause: quota });
    expect(await store.list()).toEqual([]);
    expect(await store.models()).toEqual(new Map());
  });

  it('goes on after room was made', async () => {
    let full = true;
    const crowded: WeightStore = {
      ...store,
      async write(...given) {
        const writer = await store.write(...given);
        return { ...writer, append: (...part) => (full ? Promise.reject(quota) : writer.append(...part)) };
      },
    };
    const evictOne = vi.fn(async () => {
      full = false;
      return true;
    });
    await importInto(crowded, await packOf(), { room: { reserve: async () => undefined, evictOne } });
    expect(evictOne).toHaveBeenCalledWith(folder);
    for (const key of keys) expect(await read(store, key)).toEqual([...files[key.path]!]);
  });

  it('is not one: an abort rejects with its reason, and changes nothing', async () => {
    const controller = new AbortController();
    const importing = importInto(store, await packOf(), {
      signal: controller.signal,
      report: () => controller.abort('enough'),
    });
    await expect(importing).rejects.toBe('enough');
    expect(await store.list()).toEqual([]);
    expect(await store.models()).toEqual(new Map());
  });
});

describe('readPackManifest', () => {
  it('reads what a pack holds, and only its beginning', async () => {
    const pack = await packOf();
    expect(await readPackManifest(pack)).toEqual(manifest);
    expect(await readPackManifest(pack.slice(0, 3072))).toEqual(manifest);
  });

  it.each<[string, Blob]>([
    ['an empty file', new Blob([])],
    ['another file', new Blob([patternOf(5000)])],
  ])('refuses %s', async (_, blob) => {
    await expect(readPackManifest(blob)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
