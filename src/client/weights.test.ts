import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientOptions } from './client-options.ts';
import { createClient } from './client.ts';
import { FakeWorker, failed, ok, stubPage, untilAborted, workers } from './fake-worker.conformance.ts';
import type { Weights } from './weights.ts';

vi.mock('./optional-part.ts', async (importActual) => ({
  ...(await importActual<object>()),
  loadPart: () => import('./weights.ts'),
}));

const file = { path: 'config.json', size: 2, sha256: '0'.repeat(64) };
const manifest = { format: 'insitu-model-1', model: 'org/packed', files: [file] };
const pack = new Blob(['a tar']);

beforeEach(() =>
  stubPage({
    prefetch: () => ok(null),
    has: () => ok(true),
    list: () => ok([{ model: 'org/name' }]),
    remove: () => ok(null),
    clear: () => ok(null),
    usage: () => ok({ models: 7, storage: 'indexeddb' }),
    pin: () => ok(null),
    verify: () => ok({ ok: true, damaged: [] }),
    exportPack: () => ok(pack),
    readManifest: () => ok(manifest),
    importPack: () => ok(null),
  }),
);
afterEach(() => vi.unstubAllGlobals());

const createWeights = (options: ClientOptions = {}) => createClient({ assetBase: '/assets/', ...options }).weights;
const untyped = (value: unknown) => value as never;

/** The last call of any worker: its method, and its argument. */
const lastCall = () => [workers().at(-1)!.calls.at(-1), workers().at(-1)!.given.at(-1)];

const remote = (reference: string, revision = 'main') => ({
  kind: 'remote',
  reference,
  baseUrl: `https://huggingface.co/${reference}/resolve/${revision}/`,
  revision,
  hub: true,
  immutable: false,
});

describe('a call of weights', () => {
  it.each<[string, (weights: Weights) => Promise<unknown>, unknown, unknown]>([
    ['has', (weights) => weights.has('org/name'), { location: remote('org/name'), dtype: undefined }, true],
    [
      'has',
      (weights) => weights.has('org/name', { revision: 'v2', dtype: 'q4' }),
      { location: remote('org/name', 'v2'), dtype: 'q4' },
      true,
    ],
    ['list', (weights) => weights.list(), null, [{ model: 'org/name' }]],
    ['remove', (weights) => weights.remove('org/name', { revision: 'v2' }), remote('org/name', 'v2'), undefined],
    ['clear', (weights) => weights.clear(), null, undefined],
    ['pin', (weights) => weights.pin('org/name'), { location: remote('org/name'), pinned: true }, undefined],
    [
      'pin',
      (weights) => weights.pin('org/name', false, { revision: 'v2' }),
      { location: remote('org/name', 'v2'), pinned: false },
      undefined,
    ],
    ['verify', (weights) => weights.verify('org/name'), remote('org/name'), { ok: true, damaged: [] }],
    ['exportPack', (weights) => weights.exportPack('org/name'), remote('org/name'), pack],
    [
      'importPack',
      (weights) => weights.importPack(pack, { as: 'org/name', revision: 'v2' }),
      { pack, location: remote('org/name', 'v2') },
      'org/name',
    ],
  ])('%s reaches the worker for the store, and its answer comes back', async (method, call, given, answer) => {
    expect(await call(createWeights())).toEqual(answer);
    expect(workers().map(({ url }) => url)).toEqual(['https://app.example/assets/weights-worker.js']);
    expect(lastCall()).toEqual([method, given]);
  });

  it('takes the address that list() gives', async () => {
    const url = 'https://huggingface.co/org/name/resolve/main/';
    await createWeights().remove(url);
    expect(lastCall()).toEqual([
      'remove',
      { kind: 'remote', reference: url, baseUrl: url, hub: false, immutable: false },
    ]);
  });

  it('looks for a model where the hub of its client is', async () => {
    await createWeights({ hub: { host: '/hub', token: 'hf_secret' } }).verify('org/name');
    expect(lastCall()[1]).toMatchObject({
      baseUrl: 'https://app.example/hub/org/name/resolve/main/',
      headers: { Authorization: 'Bearer hf_secret' },
    });
  });

  it('finds its worker beside one with an address of its own', async () => {
    await createClient({ workerUrl: '/own/ml.js' }).weights.list();
    expect(workers()[0]!.url).toBe('https://app.example/own/weights-worker.js');
  });

  it('ends its worker with the last one', async () => {
    const weights = createWeights();
    await Promise.all([weights.list(), weights.usage()]);
    expect(workers()).toHaveLength(1);
    await vi.waitFor(() => expect(workers()[0]!.terminated).toBe(true));
    await weights.list();
    expect(workers()).toHaveLength(2);
  });

  it('rejects with what the worker says, and ends it', async () => {
    const weights = createWeights();
    await expect(weights.pin('org/name')).resolves.toBeUndefined();
    FakeWorker.answers['pin'] = failed;
    await expect(weights.pin('org/name')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await vi.waitFor(() => expect(workers().every(({ terminated }) => terminated)).toBe(true));
  });

  it('of a closed client rejects', async () => {
    const client = createClient({ assetBase: '/assets/' });
    await client.weights.list();
    await client.close();
    await expect(client.weights.list()).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('that waits when its client is closed rejects', async () => {
    const client = createClient({ assetBase: '/assets/' });
    FakeWorker.answers['verify'] = untilAborted;
    const waiting = client.weights.verify('org/name');
    await vi.waitFor(() => expect(workers()[0]?.calls).toEqual(['verify']));
    const closed = client.close();
    await expect(waiting).rejects.toMatchObject({ code: 'DISPOSED' });
    await closed;
    expect(workers()[0]!.terminated).toBe(true);
  });

  it.each<[string, (weights: Weights) => Promise<unknown>, string]>([
    ['a reference that is none', (weights) => weights.has('what is this?'), 'OPTION_INVALID'],
    ['no reference', (weights) => weights.remove(untyped(undefined)), 'OPTION_INVALID'],
    ['files of the disk', (weights) => weights.verify(untyped([new File([], 'a')])), 'OPTION_INVALID'],
    ['a revision that is none', (weights) => weights.pin('org/name', true, untyped({ revision: 1 })), 'OPTION_INVALID'],
    ['an unknown option', (weights) => weights.has('org/name', untyped({ dtyp: 'q8' })), 'OPTION_INVALID'],
    ['an option of another call', (weights) => weights.remove('org/name', untyped({ dtype: 'q8' })), 'OPTION_INVALID'],
    ['a dtype that is none', (weights) => weights.has('org/name', untyped({ dtype: 'q9' })), 'OPTION_INVALID'],
    ['a signal that is none', (weights) => weights.verify('org/name', untyped({ signal: 'stop' })), 'OPTION_INVALID'],
    ['an unknown task', (weights) => weights.prefetch(untyped('mind-reading')), 'TASK_UNKNOWN'],
    [
      'a manifest that is none',
      (weights) => weights.prefetch('embeddings', 'a/b', untyped({ manifest: 'manifest.json' })),
      'OPTION_INVALID',
    ],
    ['a pack that is none', (weights) => weights.importPack(untyped('pack.tar')), 'INPUT_INVALID'],
    ['a name of a pack that is none', (weights) => weights.importPack(pack, { as: '?' }), 'OPTION_INVALID'],
  ])('starts no worker for %s', async (_, call, code) => {
    const weights = createWeights();
    await expect(call(weights)).rejects.toMatchObject({ code });
    expect(workers()).toEqual([]);
    await weights.list();
    expect(workers()).toHaveLength(1);
  });
});

describe('prefetch', () => {
  it('asks for what pipeline() would', async () => {
    const client = createClient({ assetBase: '/assets/' });
    const options = { dtype: 'fp16', revision: 'v2', revalidate: 'never', local_files_only: false } as const;
    await client.weights.prefetch('sentiment-analysis', 'org/name', options);
    const [, prefetched] = lastCall();
    FakeWorker.answers = { start: () => ok(null), load: () => ok({ modelId: 1, takes: 'text', plan: {} }) };
    await client.pipeline('sentiment-analysis', 'org/name', options);
    expect(lastCall()).toEqual(['load', prefetched]);
    expect(prefetched).toMatchObject({
      task: 'text-classification',
      dtype: 'fp16',
      location: remote('org/name', 'v2'),
    });
  });

  it('takes the default model of the task', async () => {
    await createWeights().prefetch('embeddings');
    expect(lastCall()[1]).toMatchObject({ location: remote('Xenova/all-MiniLM-L6-v2') });
  });

  it('compares what is stored with the server first, unless it is told otherwise', async () => {
    const weights = createWeights();
    for (const [options, revalidate] of [
      [{}, 'always'],
      [{ revalidate: undefined }, 'always'],
      [{ revalidate: 'background' }, 'background'],
      [{ revalidate: 'never' }, 'never'],
    ]) {
      await weights.prefetch('embeddings', 'org/name', untyped(options));
      expect(lastCall()[1]).toMatchObject({ rules: { revalidate } });
    }
  });
});

describe('work on a whole model', () => {
  const works: [string, (weights: Weights, options: object) => Promise<unknown>][] = [
    ['prefetch', (weights, options) => weights.prefetch('embeddings', 'org/name', options)],
    ['verify', (weights, options) => weights.verify('org/name', options)],
    ['exportPack', (weights, options) => weights.exportPack('org/name', options)],
    ['importPack', (weights, options) => weights.importPack(pack, { as: 'org/name', ...options })],
  ];

  it.each(works)('tells its progress before it resolves: %s', async (method, call) => {
    const answer = FakeWorker.answers[method]!;
    FakeWorker.answers[method] = (argument: never, port) => {
      port.notify({ loaded: 1, total: 2, progress: 0.5 });
      return answer(argument, port);
    };
    const heard: unknown[] = [];
    await call(createWeights(), { onProgress: (event: unknown) => void heard.push(event) });
    expect(heard).toEqual([{ loaded: 1, total: 2, progress: 0.5 }]);
    await expect(call(createWeights(), {}), 'nobody need listen').resolves.not.toThrow();
  });

  it.each(works)('can be aborted, and the worker ends once it has stopped: %s', async (method, call) => {
    FakeWorker.answers[method] = untilAborted;
    const controller = new AbortController();
    const working = call(createWeights(), { signal: controller.signal });
    await vi.waitFor(() => expect(workers()[0]?.calls).toEqual([method]));
    controller.abort('changed my mind');
    await expect(working).rejects.toBe('changed my mind');
    await vi.waitFor(() => expect(workers()[0]!.terminated).toBe(true));
  });
});

describe('importPack', () => {
  it('takes the name in the manifest where none is given, and says which', async () => {
    expect(await createWeights().importPack(pack)).toBe('org/packed');
    const asked = workers().flatMap(({ calls }) => calls);
    expect(asked).toEqual(['readManifest', 'importPack']);
    expect(lastCall()[1]).toEqual({ pack, location: remote('org/packed') });
  });

  it('rejects where the pack has no manifest, and imports nothing', async () => {
    FakeWorker.answers['readManifest'] = failed;
    await expect(createWeights().importPack(pack)).rejects.toBeDefined();
    expect(workers().flatMap(({ calls }) => calls)).toEqual(['readManifest']);
  });
});
