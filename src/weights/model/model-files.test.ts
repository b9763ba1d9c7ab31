import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileLoadEvent, LoadEvent } from '../protocol/load-event.ts';
import { createLoadMonitor } from './load-monitor.ts';
import { createMemoryStore } from './memory-store.ts';
import { openModel } from './model-files.ts';
import type { StoredFile, WeightStore } from './weight-store.ts';

const folder = 'https://models.example/org/name/resolve/main/';
const graph = 'onnx/model_quantized.onnx';

/** What the server has, by path; anything else is not there. */
let served: Record<string, () => Response | Promise<Response>>;
const fetched = vi.fn((_path: string) => {});

beforeEach(() => {
  served = {
    'config.json': () => new Response('{"model_type":"bert"}'),
    [graph]: () => new Response(Uint8Array.of(1, 2, 3), { headers: { 'content-length': '3' } }),
  };
  fetched.mockClear();
  vi.stubGlobal('fetch', async (url: string) => {
    const path = url.slice(folder.length);
    fetched(path);
    return (served[path] ?? (() => new Response('Not found', { status: 404 })))();
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const requests = () => fetched.mock.calls.map(([path]) => path);

function open(store: WeightStore = createMemoryStore(), signal = new AbortController().signal) {
  const events: LoadEvent[] = [];
  const monitor = createLoadMonitor((event) => events.push(event));
  const files = openModel({ reference: 'org/name', baseUrl: folder }, { store, monitor, signal });
  return { files, events: events as FileLoadEvent[], store };
}

/** A store that a first visit has filled. */
async function createFilled(): Promise<WeightStore> {
  const { files, store } = open();
  await Promise.all([files.find(graph), files.find('config.json'), files.find('merges.txt')]);
  await files.keep();
  fetched.mockClear();
  return store;
}

describe('a file', () => {
  it('is fetched once, however often and in whatever way it is asked for', async () => {
    const { files } = open();
    const [first, has, second] = await Promise.all([
      files.find(graph),
      files.has(graph),
      files.find(graph),
      files.require(graph),
    ]);
    expect(first).toEqual(Uint8Array.of(1, 2, 3));
    expect(second).toBe(first);
    expect(has).toBe(true);
    expect(await files.find(graph)).toBe(first);
    expect(requests()).toEqual([graph]);
  });

  it('is known to be there before its bytes are', async () => {
    let controller: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
    served[graph] = () => new Response(body, { headers: { 'content-length': '2' } });
    const { files } = open();
    expect(await files.has(graph)).toBe(true);
    const arrived = vi.fn();
    const finding = files.find(graph).then(arrived);
    await new Promise((resolve) => setImmediate(resolve));
    expect(arrived).not.toHaveBeenCalled();
    controller!.enqueue(Uint8Array.of(7, 8));
    controller!.close();
    await finding;
    expect(arrived).toHaveBeenCalledWith(Uint8Array.of(7, 8));
  });

  it('that the model lacks is undefined, and named where it is required', async () => {
    const { files, events } = open();
    expect(await files.has('merges.txt')).toBe(false);
    expect(await files.find('merges.txt')).toBeUndefined();
    await expect(files.require('merges.txt')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/"org\/name".*merges\.txt/),
    });
    expect(requests()).toEqual(['merges.txt']);
    expect(events.map(({ status }) => status)).toEqual(['initiate']);
  });

  it('that fails does so for everybody who asks, and for nobody unhandled', async () => {
    served[graph] = () => new Response('Overloaded', { status: 503 });
    const { files } = open();
    void files.has(graph);
    for (const asking of [files.has(graph), files.find(graph), files.require(graph)]) {
      await expect(asking).rejects.toMatchObject({ code: 'HTTP_STATUS' });
    }
    expect(requests()).toEqual([graph]);
  });
});

describe('a file in the store', () => {
  it('is not fetched', async () => {
    const { files, events } = open(await createFilled());
    expect(await files.find(graph)).toEqual(Uint8Array.of(1, 2, 3));
    expect(requests()).toEqual([]);
    expect(events).toMatchObject([
      { status: 'initiate' },
      { status: 'download', source: expect.stringMatching(/store|memory/), fileTotal: 3 },
      { status: 'done', fileLoaded: 3, progress: 1 },
    ]);
  });

  it('of a memory store comes from memory', async () => {
    const { files, events } = open(await createFilled());
    await files.find(graph);
    expect(events.at(-1)!.source).toBe('memory');
  });

  it('is not asked for again where it is known to be missing', async () => {
    const { files } = open(await createFilled());
    expect(await files.has('merges.txt')).toBe(false);
    expect(requests()).toEqual([]);
  });

  it('is asked for where another model of the store has it', async () => {
    const store = await createFilled();
    const monitor = createLoadMonitor(() => {});
    const other = openModel(
      { reference: 'org/other', baseUrl: `${folder}other/` },
      { store, monitor, signal: new AbortController().signal },
    );
    expect(await other.has('config.json')).toBe(false);
    expect(requests()).toEqual(['other/config.json']);
  });

  it('of which parts cannot be read comes from the network, and is stored anew', async () => {
    const store = await createFilled();
    const broken: WeightStore = {
      ...store,
      async find(key) {
        const found = await store.find(key);
        if (typeof found !== 'object') return found;
        return { size: found.size, bytes: () => Promise.reject(new Error('A part is gone.')) } satisfies StoredFile;
      },
    };
    served[graph] = () => new Response(Uint8Array.of(4, 5));
    const { files, events } = open(broken);
    expect(await files.find(graph)).toEqual(Uint8Array.of(4, 5));
    expect(events.at(-1)).toMatchObject({ status: 'done', source: 'network', fileLoaded: 2 });
    await files.keep();
    const { files: next } = open(store);
    expect(await next.find(graph)).toEqual(Uint8Array.of(4, 5));
  });

  it('comes from the network where the store does not answer', async () => {
    const { files } = open({ ...createMemoryStore(), find: () => Promise.reject(new Error('blocked')) });
    expect(await files.find(graph)).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('keep', () => {
  it('is what marks missing files: a load that fails leaves no marker', async () => {
    const { files, store } = open();
    await files.find('merges.txt');
    expect(await store.find(`${folder}merges.txt`)).toBeUndefined();
    await files.keep();
    expect(await store.find(`${folder}merges.txt`)).toBe('missing');
  });

  it('resolves when everything is stored', async () => {
    let open_ = () => {};
    const gate = new Promise<void>((resolve) => (open_ = resolve));
    const inner = createMemoryStore();
    const { files } = open({ ...inner, write: (key) => gate.then(() => inner.write(key)) });
    await files.find(graph);
    const kept = files.keep();
    open_();
    await kept;
    expect(await inner.find(folder + graph)).toMatchObject({ size: 3 });
  });

  it('resolves where the store refuses everything', async () => {
    const refuse = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const { files } = open({ ...createMemoryStore(), write: refuse, writeMissing: refuse });
    expect(await files.find(graph)).toEqual(Uint8Array.of(1, 2, 3));
    await files.find('merges.txt');
    await expect(files.keep()).resolves.toBeUndefined();
  });
});

describe('storing', () => {
  const stored = async (store: WeightStore) => typeof (await store.find(folder + graph)) === 'object';

  it('waits for keep: the processor is for the model that starts', async () => {
    const { files, store } = open();
    await files.find(graph);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await stored(store)).toBe(false);
    await files.keep();
    expect(await stored(store)).toBe(true);
  });

  it('does not wait for ever: what a slow connection brings is not lost', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { files, store } = open();
    await files.find(graph);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await stored(store)).toBe(true);
  });

  it('does not come after a discard', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const store = createMemoryStore();
    const write = vi.spyOn(store, 'write');
    const { files } = open(store);
    await files.find(graph);
    await files.discard();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(write).not.toHaveBeenCalled();
  });

  it('is what tells a load that fetches from one that reads', async () => {
    const first = open();
    expect(await first.files.has(graph)).toBe(true);
    expect(first.files.fetching).toBe(true);
    await first.files.find(graph);
    await first.files.keep();
    const second = open(first.store);
    await second.files.has(graph);
    expect(second.files.fetching).toBe(false);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['a page', () => new Response('<!doctype html>'), 'ASSET_IS_HTML'],
    ['an early end', () => new Response('ab', { headers: { 'content-length': '3' } }), 'NETWORK'],
  ])('%s is not stored', async (_, response, code) => {
    served[graph] = response;
    const { files, store } = open();
    await expect(files.find(graph)).rejects.toMatchObject({ code });
    await files.keep();
    expect(await store.find(folder + graph)).toBeUndefined();
  });

  it('an abort rejects with its reason, and nothing is stored', async () => {
    const controller = new AbortController();
    served[graph] = () =>
      new Response(
        new ReadableStream({
          start(stream) {
            stream.enqueue(new Uint8Array(5 * 1024 * 1024));
            controller.signal.addEventListener('abort', () => stream.error(controller.signal.reason));
          },
        }),
      );
    const { files, store } = open(undefined, controller.signal);
    expect(await files.has(graph)).toBe(true);
    const finding = files.find(graph);
    controller.abort('enough');
    await expect(finding).rejects.toBe('enough');
    await files.keep();
    expect(await store.find(folder + graph)).toBeUndefined();
  });

  it('an abort while the store is read asks the network for nothing', async () => {
    const controller = new AbortController();
    const store: WeightStore = {
      ...createMemoryStore(),
      async find() {
        controller.abort('enough');
        return undefined;
      },
    };
    await expect(open(store, controller.signal).files.find(graph)).rejects.toBe('enough');
    expect(requests()).toEqual([]);
  });

  it('discard forgets every file of the load, from the store too, and none of another model', async () => {
    const store = await createFilled();
    await store.writeMissing('https://models.example/other/config.json');
    const { files } = open(store);
    await files.find(graph);
    await files.find('merges.txt');
    await files.discard();
    expect(await store.find(folder + graph)).toBeUndefined();
    expect(await store.find(`${folder}merges.txt`)).toBeUndefined();
    expect(await store.find('https://models.example/other/config.json')).toBe('missing');
  });
});
