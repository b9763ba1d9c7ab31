import { describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { LoadRequest } from '../protocol/worker-api.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createLoadMonitor } from '../weights/model/load-monitor.ts';
import { location, rules } from '../weights/model/test-model.conformance.ts';
import { createEngine, createRuntime } from './fake-engine.conformance.ts';
import { createFiles, paths } from './files/fake-files.conformance.ts';
import { loadPipeline } from './load-pipeline.ts';

const request: LoadRequest = { task: 'feature-extraction', location, dtype: undefined, rules };

function load(given: ReturnType<typeof createFiles>, loadEngine: Runtime['load'] = async () => createEngine()) {
  const events: LoadEvent[] = [];
  const openModel = vi.fn(() => given.files);
  const { signal } = new AbortController();
  const promise = loadPipeline(request, {
    runtime: Promise.resolve(createRuntime({ load: loadEngine })),
    openModel,
    monitor: createLoadMonitor((event) => events.push(event)),
    plan: { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] },
    signal,
  });
  return { promise, openModel, told: () => events.map(({ status }) => status) };
}

/** Files whose storing ends when the test says so. */
function createKept() {
  let end: (stored: boolean) => void = () => {};
  const keep = vi.fn(() => new Promise<boolean>((resolve) => (end = resolve)));
  return { ...createFiles(paths, { keep }), end: (stored: boolean) => end(stored) };
}

describe('a loaded pipeline', () => {
  it('opens the model by the rules of its request', async () => {
    const { promise, openModel } = load(createFiles());
    await promise;
    expect(openModel).toHaveBeenCalledExactlyOnceWith(location, rules, expect.any(AbortSignal));
  });

  it('tells that it is stored after it is ready, once it is', async () => {
    const given = createKept();
    const { promise, told } = load(given);
    const { kept } = await promise;
    expect(told()).toEqual(['ready']);
    given.end(true);
    await kept;
    expect(told()).toEqual(['ready', 'stored']);
    expect(given.ended(), 'it is in use').toEqual(['keep']);
  });

  it('does not tell that it is stored where it is not', async () => {
    const given = createKept();
    const { promise, told } = load(given);
    const { kept } = await promise;
    given.end(false);
    await kept;
    expect(told()).toEqual(['ready']);
  });

  it('may be evicted from when it is disposed of, and is freed before it is stored', async () => {
    const given = createKept();
    const engine = createEngine({ dispose: vi.fn(async () => {}) });
    const { dispose, kept } = await load(given, async () => engine).promise;
    let stored = false;
    void kept.then(() => (stored = true));
    await dispose();
    expect(given.ended()).toEqual(['keep', 'release']);
    expect(engine.dispose).toHaveBeenCalledOnce();
    expect(stored).toBe(false);
    given.end(true);
    await kept;
  });
});

describe('a load that fails', () => {
  it.each([
    ['leaves what has arrived', new InsituError('OUT_OF_MEMORY', 'Too large.', { hint: 'Use less.' }), ['leave']],
    [
      'forgets what turned out to be no model',
      new InsituError('MODEL_INVALID', 'No protobuf.', { hint: 'Fetch it anew.' }),
      ['discard', 'leave'],
    ],
    ['leaves what has arrived, whatever is thrown', new TypeError('x is not a function'), ['leave']],
  ])('%s', async (_, failure, ends) => {
    const given = createFiles();
    const { promise, told } = load(given, () => Promise.reject(failure));
    await expect(promise).rejects.toBe(failure);
    expect(given.ended()).toEqual(ends);
    expect(told()).toEqual([]);
  });
});
