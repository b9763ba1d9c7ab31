import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { DevicePlan } from '../protocol/device-plan.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { Engine, Runtime } from '../runtime/runtime.ts';
import { createLoadMonitor } from '../weights/model/load-monitor.ts';
import { openModel } from '../weights/model/open-model.ts';
import { createGate, createSources, rules } from '../weights/model/test-model.conformance.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import type { WeightStore } from '../weights/store/weight-store.ts';
import {
  createContext,
  createEngine as createFakeEngine,
  createRuntime as createFakeRuntime,
} from './fake-engine.conformance.ts';
import { loadPipeline } from './load-pipeline.ts';
import type { RunContext } from './task-definition.ts';

const folder = 'https://models.example/org/name/';
const location = { kind: 'remote', reference: 'org/name', baseUrl: folder, immutable: false, hub: false } as const;
const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] };

/** What the server answers for each path; tests replace parts of it. */
let answers: Record<string, () => Response | Promise<Response>>;
const fetched = vi.fn((_path: string, _signal: AbortSignal) => {});

const notFound = () => new Response('Not found', { status: 404 });

/** Headers, one byte, and then nothing until the request is aborted. */
const stalls = (path: string) => () => {
  const signal = fetched.mock.calls.find(([called]) => called === path)![1];
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(1));
      signal.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
  return new Response(body, { headers: { 'content-length': '1000' } });
};

beforeEach(() => {
  answers = Object.fromEntries(paths.map((path) => [path, () => new Response(`{"is":"${path}"}`)]));
  fetched.mockClear();
  vi.stubGlobal('fetch', async (url: string, { signal }: { signal: AbortSignal }) => {
    const path = url.slice(folder.length);
    fetched(path, signal);
    return (answers[path] ?? notFound)();
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Gives a vector of one 0 for each text. */
const createEngine = (): Engine =>
  createFakeEngine({
    dynamicallyQuantised: true,
    run: async ([texts], _options, { step }) =>
      step(async () => {
        const { length } = texts as string[];
        return { type: 'float32', data: new Float32Array(length), dims: [length, 1] };
      }),
    dispose: vi.fn(async () => {}),
  });

const createRuntime = (load: Runtime['load'], prepare = async () => {}): Runtime =>
  createFakeRuntime({ load, prepare });

interface Given {
  store?: WeightStore;
  signal?: AbortSignal;
  dtype?: 'fp32';
  runtime?: Promise<Runtime>;
}

function load(loadEngine: Runtime['load'], given: Given = {}) {
  const { store = createMemoryStore(), signal = new AbortController().signal, dtype } = given;
  const events: LoadEvent[] = [];
  const monitor = createLoadMonitor((event) => events.push(event));
  const promise = loadPipeline(
    { task: 'feature-extraction', location, dtype, rules },
    {
      runtime: given.runtime ?? Promise.resolve(createRuntime(loadEngine)),
      openModel: (at, modelRules, modelSignal) =>
        openModel(at, { ...createSources(store), rules: modelRules, monitor, signal: modelSignal }),
      monitor,
      plan,
      signal,
    },
  );
  return { promise, events, store };
}

/** Reads every file, as transformers.js does, and gives the engine. */
const readsAll =
  (engine: Engine): Runtime['load'] =>
  async ({ files }) => {
    for (const path of paths) await files(path);
    return engine;
  };

const stored = async (store: WeightStore) => {
  const found = await Promise.all(paths.map((path) => store.find({ model: folder, path })));
  return paths.filter((_, index) => found[index]!.whole);
};
const requests = () => fetched.mock.calls.map(([path]) => path);

describe('loadPipeline', () => {
  it('asks for every file before the first has arrived, and before the runtime has started', async () => {
    let arrive = () => {};
    const arrival = new Promise<void>((resolve) => (arrive = resolve));
    for (const path of paths) answers[path] = () => arrival.then(() => new Response('{}'));
    let start: (runtime: Runtime) => void = () => {};
    const runtime = new Promise<Runtime>((resolve) => (start = resolve));
    const { promise } = load(readsAll(createEngine()), { runtime });

    await vi.waitFor(() => expect(requests().sort()).toEqual([...paths].sort()));
    arrive();
    start(createRuntime(readsAll(createEngine())));
    await promise;
    expect(requests()).toHaveLength(paths.length);
  });

  it('starts the engine while weights are still arriving', async () => {
    answers['onnx/model_quantized.onnx'] = stalls('onnx/model_quantized.onnx');
    const loadEngine = vi.fn<Runtime['load']>(async () => createEngine());
    await load(loadEngine).promise;
    expect(loadEngine).toHaveBeenCalledWith({
      task: 'feature-extraction',
      dtypes: { model: 'q8' },
      files: expect.any(Function),
      fits: expect.any(Function),
    });
  });

  it('prepares the runtime while files are downloaded, not while they are read from the store', async () => {
    const prepare = vi.fn(async () => {});
    const runtime = Promise.resolve(createRuntime(readsAll(createEngine()), prepare));
    const { promise, store } = load(readsAll(createEngine()), { runtime });
    const { dispose, kept } = await promise;
    await Promise.all([dispose(), kept]);
    expect(prepare).toHaveBeenCalledOnce();
    prepare.mockClear();
    await load(readsAll(createEngine()), { runtime, store }).promise;
    expect(prepare).not.toHaveBeenCalled();
  });

  it('runs the task with its options checked and in camelCase', async () => {
    const engine = createEngine();
    const run = vi.spyOn(engine, 'run');
    const { promise } = load(readsAll(engine));
    const pipeline = await promise;
    const step = vi.fn((work: () => Promise<unknown>) => work());
    const context = createContext({ step: step as RunContext['step'] });
    expect((await pipeline.run(['text'], { pooling: 'mean' }, context)).value).toMatchObject({ dims: [1, 1] });
    expect(run).toHaveBeenCalledWith([['text']], { pooling: 'mean', normalize: false }, context);
    expect(step).toHaveBeenCalledOnce();
    await expect(async () => pipeline.run(['text'], { poolng: 'mean' }, context)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });

  it('tells that it is ready once, at the end, with the plan', async () => {
    const { promise, events } = load(readsAll(createEngine()));
    await promise;
    expect(events.filter(({ status }) => status === 'ready')).toEqual([
      expect.objectContaining({ progress: 1, plan, source: 'network' }),
    ]);
    expect(events.at(-1)!.status).toBe('ready');
  });

  it('resolves and is freed before its files are stored, and they are stored all the same', async () => {
    const engine = createEngine();
    const inner = createMemoryStore();
    const gate = createGate();
    const store: WeightStore = { ...inner, write: (...file) => gate.opened.then(() => inner.write(...file)) };
    const pipeline = await load(readsAll(engine), { store }).promise;
    await pipeline.dispose();
    expect(engine.dispose).toHaveBeenCalledOnce();
    expect(await stored(inner)).toEqual([]);
    gate.open();
    await pipeline.kept;
    expect(await stored(inner)).toEqual(paths);
  });
});

describe('a load that fails', () => {
  it('aborts the downloads that are under way', async () => {
    answers['onnx/model_quantized.onnx'] = stalls('onnx/model_quantized.onnx');
    answers['tokenizer.json'] = () => new Response('Forbidden', { status: 403 });
    const { promise } = load(readsAll(createEngine()));
    await expect(promise).rejects.toMatchObject({ code: 'HTTP_STATUS', message: expect.stringContaining('403') });
    const [, signal] = fetched.mock.calls.find(([path]) => path === 'onnx/model_quantized.onnx')!;
    expect(signal.aborted).toBe(true);
  });

  it('names the first file of the list, whichever answer came first', async () => {
    answers = { 'onnx/model_quantized.onnx': answers['onnx/model_quantized.onnx']! };
    answers['config.json'] = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return notFound();
    };
    await expect(load(readsAll(createEngine())).promise).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining(`"org/name" has no config.json at ${folder}config.json`),
    });
  });

  it('leaves no marker of missing files: the server may be mended', async () => {
    delete answers['config.json'];
    const { promise, store } = load(readsAll(createEngine()));
    await expect(promise).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await store.find({ model: folder, path: 'config.json' })).toEqual({});
  });

  it('passes on that the runtime did not start, and stops the downloads', async () => {
    answers['onnx/model_quantized.onnx'] = stalls('onnx/model_quantized.onnx');
    const failure = new InsituError('WORKER_START_FAILED', 'No runtime.', { hint: 'Serve it.' });
    const runtime = Promise.reject(failure);
    runtime.catch(() => {});
    await expect(load(readsAll(createEngine()), { runtime }).promise).rejects.toBe(failure);
    expect(fetched.mock.calls.every(([, signal]) => signal.aborted)).toBe(true);
  });

  it.each<[string, InsituError | Error, string[]]>([
    ['no model is forgotten', new InsituError('MODEL_INVALID', 'No protobuf.', { hint: 'Fetch it anew.' }), []],
    ['too large is kept', new InsituError('OUT_OF_MEMORY', 'Too large.', { hint: 'Use less.' }), paths],
    ['not supported is kept', new InsituError('MODEL_UNSUPPORTED', 'No operator.', { hint: 'Export it.' }), paths],
  ])('what turned out to be %s', async (_, failure, left) => {
    // Storing may take its time, but not for ever.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { promise, store } = load(async ({ files }) => {
      await readsAll(createEngine())({ task: 'feature-extraction', dtypes: { model: 'q8' }, files });
      throw failure;
    });
    await expect(promise).rejects.toBe(failure);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await stored(store)).toEqual(left);
  });
});

describe('a load that is aborted', () => {
  it('rejects with the reason of its signal while files arrive, and ends their requests', async () => {
    for (const path of paths) answers[path] = stalls(path);
    const controller = new AbortController();
    const { promise } = load(readsAll(createEngine()), { signal: controller.signal });
    await vi.waitFor(() => expect(requests()).toHaveLength(paths.length));
    controller.abort('enough');
    await expect(promise).rejects.toBe('enough');
    expect(fetched.mock.calls.every(([, signal]) => signal.aborted)).toBe(true);
  });

  it('frees the engine that was made in the meantime, and tells no readiness', async () => {
    const controller = new AbortController();
    const engine = createEngine();
    const { promise, events } = load(
      async () => {
        controller.abort('too late');
        return engine;
      },
      { signal: controller.signal },
    );
    await expect(promise).rejects.toBe('too late');
    expect(engine.dispose).toHaveBeenCalledOnce();
    expect(events.map(({ status }) => status)).not.toContain('ready');
  });

  it('asks for nothing when it was aborted before', async () => {
    const { promise } = load(readsAll(createEngine()), { signal: AbortSignal.abort('before') });
    await expect(promise).rejects.toBe('before');
    expect(requests()).toEqual([]);
  });
});
