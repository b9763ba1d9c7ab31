import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import { isWorkerMessage } from '../protocol/messages.ts';
import type { RunEvent } from '../protocol/worker-api.ts';
import type { Engine } from '../runtime/runtime.ts';
import {
  anyPort,
  createApi,
  createEngine,
  createPage,
  createPort,
  createRuntime,
  heap,
  load,
  paths,
  plan,
  remote,
  request,
  run,
  runRequest,
  serveFiles,
  start,
  tidyUp,
} from './test-worker.conformance.ts';

beforeEach(() => void serveFiles());
afterEach(tidyUp);

const failure = (code: string, says = /./) => ({
  ok: false,
  error: { code, message: expect.stringMatching(says), hint: expect.any(String), retryable: expect.any(Boolean) },
});

describe('the worker', () => {
  it('loads, runs and unloads a model', async () => {
    const { engine, state } = createEngine();
    const api = createApi(engine);
    expect(await api.start(start, anyPort())).toEqual({ ok: true, value: null });
    expect(await api.load(request, createPort().port)).toEqual({
      ok: true,
      value: { modelId: 1, takes: 'text', plan, bytes: 8, heap },
    });
    expect(await run(api)).toEqual({
      ok: true,
      value: { data: Float32Array.of(1), dims: [1, 1] },
    });
    expect(await api.unload(1, anyPort())).toEqual({ ok: true, value: null });
    expect(state.disposed).toBe(true);
    expect(await run(api)).toMatchObject(failure('DISPOSED'));
  });

  it('answers a model it never had with DISPOSED, and takes its unloading', async () => {
    const api = createApi();
    await api.start(start, anyPort());
    expect(await run(api, { modelId: 99 })).toMatchObject(failure('DISPOSED'));
    expect(await api.unload(99, anyPort())).toEqual({ ok: true, value: null });
  });

  it('keeps two models apart', async () => {
    const engines = [createEngine(), createEngine()];
    let loads = 0;
    const api = createApi(undefined, { startRuntime: async () => createRuntime(async () => engines[loads++]!.engine) });
    await api.start(start, anyPort());
    const [first, second] = [await load(api), await load(api)];
    expect(second).not.toBe(first);
    await api.unload(first, anyPort());
    expect(engines.map(({ state }) => state.disposed)).toEqual([true, false]);
    expect(await run(api, { modelId: second })).toMatchObject({ ok: true });
  });

  it('tells every load event before the answer, and the end once', async () => {
    const page = createPage(createApi());
    page.call('start', start);
    const call = page.call('load', request);
    await page.hears('end', call);
    expect(page.heard.every(isWorkerMessage)).toBe(true);
    const own = page.heard.filter((message) => 'call' in message && message.call === call);
    const events = own.flatMap((message) => (message.type === 'event' ? [message.event] : []));
    expect(own.map(({ type }) => type)).toEqual([...events.map(() => 'event'), 'reply', 'end']);
    expect(events.at(-1)).toMatchObject({ status: 'ready', progress: 1, plan });
    expect(events.filter((event) => (event as { status: string }).status === 'done')).toHaveLength(paths.length);
  });

  it('gives the memory of a result away', async () => {
    const results: Float32Array[] = [];
    const api = createApi();
    const page = createPage({
      ...api,
      async run(...given) {
        const reply = await api.run(...given);
        if (reply.ok) results.push((reply.value as { data: Float32Array }).data);
        return reply;
      },
    });
    page.call('start', start);
    await page.hears('reply', page.call('load', request));
    const reply = await page.hears('reply', page.call('run', runRequest));
    expect(reply).toMatchObject({ reply: { ok: true, value: { data: Float32Array.of(1) } }, more: false });
    expect(results[0]!.byteLength).toBe(0);
  });
});

describe('what goes wrong in the worker', () => {
  it('is an answer: a call before the start', async () => {
    expect(await createApi().load(request, createPort().port)).toMatchObject(failure('INTERNAL', /not started/));
  });

  it('is an answer, and the last word: a model that is not there', async () => {
    const page = createPage(createApi());
    page.call('start', start);
    const elsewhere = { ...request, location: remote('org/none', 'https://models.example/none/') };
    const reply = await page.hears('reply', page.call('load', elsewhere));
    expect(reply).toMatchObject({ reply: failure('MODEL_NOT_FOUND', /org\/none/), more: false });
    expect(await page.hears('reply', page.call('load', request))).toMatchObject({
      reply: { ok: true, value: { modelId: 1 } },
      more: true,
    });
  });

  it('is an answer of every load: a runtime that does not start', async () => {
    const reason = new InsituError('DEVICE_UNAVAILABLE', 'No SIMD.', { hint: 'Use another browser.' });
    const api = createApi(undefined, { startRuntime: () => Promise.reject(reason) });
    expect(await api.start(start, anyPort())).toMatchObject({ ok: true });
    // Until somebody loads, the failure waits, and must not count as unhandled.
    await new Promise((resolve) => setImmediate(resolve));
    for (const _ of [1, 2]) {
      expect(await api.load(request, createPort().port)).toMatchObject(failure('DEVICE_UNAVAILABLE', /No SIMD/));
    }
  });

  it.each([
    ['input', 42, {}, 'INPUT_INVALID'],
    ['an option', 'text', { pooling: 'median' }, 'OPTION_INVALID'],
    ['an unknown option', 'text', { __proto__: null, constructor: 1 }, 'OPTION_INVALID'],
  ])('is an answer, and the next run works: %s', async (_, input, options, code) => {
    const api = createApi();
    await api.start(start, anyPort());
    const modelId = await load(api);
    expect(await run(api, { modelId, inputs: [input], options })).toMatchObject(failure(code));
    expect(await run(api, { modelId })).toMatchObject({ ok: true });
  });

  it('is an answer with its trace: a defect', async () => {
    const { engine } = createEngine(() => Promise.reject(new TypeError('x is not a function')));
    const api = createApi(engine);
    await api.start(start, anyPort());
    const reply = await run(api, { modelId: await load(api) });
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL', cause: { name: 'TypeError', message: 'x is not a function' } },
    });
  });
});

describe('an abort', () => {
  it('of a run that waits leaves it undone, and lets the next one pass', async () => {
    let end = () => {};
    const compute = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
    const api = createApi(createEngine(compute).engine);
    await api.start(start, anyPort());
    await load(api);
    const first = run(api, { inputs: ['first'] });
    await vi.waitFor(() => expect(compute).toHaveBeenCalledOnce());
    const { port, abort } = createPort<RunEvent>();
    const waiting = run(api, { inputs: ['waiting'] }, port);
    const next = run(api, { inputs: ['next'] });
    abort();
    expect(await waiting, 'without waiting for its turn').toMatchObject({ ok: false });
    compute.mockResolvedValue();
    end();
    expect(await Promise.all([first, next])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(compute.mock.calls).toEqual([[['first']], [['next']]]);
  });

  it('of a load leaves no model behind', async () => {
    const { engine, state } = createEngine();
    let made: (engine: Engine) => void = () => {};
    const loadEngine = vi.fn(() => new Promise<Engine>((resolve) => (made = resolve)));
    const api = createApi(engine, { startRuntime: async () => createRuntime(loadEngine) });
    await api.start(start, anyPort());
    const { port, abort } = createPort();
    const loading = api.load(request, port);
    await vi.waitFor(() => expect(loadEngine).toHaveBeenCalledOnce());
    abort();
    made(engine);
    expect(await loading).toMatchObject({ ok: false });
    expect(state.disposed).toBe(true);
    expect(await run(api)).toMatchObject(failure('DISPOSED'));
  });
});

describe('unloading while runs are under way', () => {
  /** A model with one run that has begun and one that waits, and the order to unload it. */
  async function unloadBusy() {
    let end = () => {};
    const compute = vi.fn(async () => {});
    compute.mockImplementationOnce(() => new Promise((resolve) => (end = resolve)));
    const { engine, state } = createEngine(compute);
    const api = createApi(engine);
    await api.start(start, anyPort());
    await load(api);
    const running = run(api, { inputs: [['running', 'its second step']] });
    const waiting = run(api, { inputs: ['waiting'] });
    await vi.waitFor(() => expect(compute).toHaveBeenCalledOnce());
    const unloading = api.unload(1, anyPort());
    return { state, compute, running, waiting, unloading, end };
  }

  it('does not free the model under a step', async () => {
    const { state, running, waiting, unloading, end } = await unloadBusy();
    await waiting;
    expect(state.disposed).toBe(false);
    end();
    await Promise.all([running, unloading]);
    expect(state).toEqual({ running: 0, disposed: true, disposedWhileRunning: false });
  });

  it('answers a run that waits at once, and one between two steps: with DISPOSED, not with what the runtime says', async () => {
    const { compute, running, waiting, end } = await unloadBusy();
    expect(await waiting).toMatchObject(failure('DISPOSED'));
    end();
    expect(await running).toMatchObject(failure('DISPOSED'));
    expect(compute).toHaveBeenCalledOnce();
  });
});
