import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent, RunRequest } from '../protocol/worker-api.ts';
import { createClient } from './client.ts';
import { type FakePort, FakeWorker, ok, stubPage, workers } from './fake-worker.conformance.ts';

const plan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] };

/** What the worker was asked to run, and its end of the call. */
let asked: { run: RunRequest; tell(event: RunEvent): void; answer(value: unknown): void; signal: AbortSignal }[];

beforeEach(() => {
  asked = [];
  stubPage({
    start: () => ok(null),
    load: () => ok({ modelId: 1, takes: 'text', plan, bytes: 100, heap: 1000 }),
    run: (run: RunRequest, { notify, signal }: FakePort) =>
      new Promise((resolve) => {
        asked.push({ run, tell: notify, signal, answer: (value) => resolve({ ok: true, value }) });
        const error = { code: 'INTERNAL', message: 'aborted', hint: 'none', retryable: false } as const;
        signal.addEventListener('abort', () => resolve({ ok: false, error }));
      }),
    unload: () => ok(null),
  });
});
afterEach(() => vi.unstubAllGlobals());

const load = () => createClient().pipeline('feature-extraction', 'org/name');
const untyped = (value: unknown) => value as never;
const begun = (count = 1) => vi.waitFor(() => expect(asked).toHaveLength(count), { interval: 1 });

describe('a stream of a pipeline', () => {
  it('is asked for as such, and brings pieces and the result', async () => {
    const embed = await load();
    const stream = embed.stream(['a', 'b'], { pooling: 'mean' });
    await begun();
    expect(asked[0]!.run).toEqual({
      modelId: 1,
      inputs: [['a', 'b']],
      options: { pooling: 'mean' },
      priority: 'normal',
      stream: true,
      progress: false,
    });
    asked[0]!.tell({ type: 'chunk', chunk: 'one' });
    asked[0]!.answer('all');
    const read: unknown[] = [];
    for await (const chunk of stream) read.push(chunk);
    expect(read).toEqual(['one']);
    expect(await stream.result).toBe('all');
    expect(workers()[0]!.taken).toBe(1);
  });

  it('asks for no more than is read', async () => {
    const stream = (await load()).stream('a');
    await begun();
    for (const chunk of ['one', 'two', 'three']) asked[0]!.tell({ type: 'chunk', chunk });
    const reader = stream.getReader();
    await reader.read();
    await vi.waitFor(() => expect(workers()[0]!.taken).toBe(1), { interval: 1 });
    await reader.read();
    await reader.read();
    await vi.waitFor(() => expect(workers()[0]!.taken).toBe(3), { interval: 1 });
    asked[0]!.answer('all');
    expect(await stream.result).toBe('all');
  });

  it('that is left stops in the worker', async () => {
    const stream = (await load()).stream('a');
    await begun();
    asked[0]!.tell({ type: 'chunk', chunk: 'one' });
    for await (const chunk of stream) if (chunk) break;
    await vi.waitFor(() => expect(asked[0]!.signal.aborted).toBe(true), { interval: 1 });
    await expect(stream.result).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('takes its progress, priority and signal', async () => {
    const progress: unknown[] = [];
    const controller = new AbortController();
    const stream = (await load()).stream('a', {
      priority: 'background',
      signal: controller.signal,
      onProgress: (now) => void progress.push(now),
    });
    await begun();
    expect(asked[0]!.run).toMatchObject({ options: {}, priority: 'background', stream: true, progress: true });
    asked[0]!.tell({ type: 'progress', done: 1, total: 2 });
    expect(progress).toEqual([{ done: 1, total: 2 }]);
    controller.abort('enough');
    await expect(stream.result).rejects.toBe('enough');
    await expect(stream.getReader().read()).rejects.toBe('enough');
  });

  it.each([{ signal: 'stop' }, { signal: 7 }, { priority: 'high' }, { onProgress: true }])(
    'refuses %j as a call does',
    async (options) => {
      const embed = await load();
      await expect(embed.stream('a', untyped(options)).result).rejects.toMatchObject({ code: 'OPTION_INVALID' });
      await expect(embed('a', untyped(options))).rejects.toMatchObject({ code: 'OPTION_INVALID' });
      expect(asked).toEqual([]);
    },
  );

  it('ends with a worker that dies in the middle of it, with its code', async () => {
    const stream = (await load()).stream('a');
    await begun();
    asked[0]!.tell({ type: 'chunk', chunk: 'one' });
    FakeWorker.all[0]!.crash('out of luck');
    await expect(stream.result).rejects.toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
  });
});

describe('the arguments of a call', () => {
  it.each<[string, unknown[], unknown[], object]>([
    ['an input', ['a'], ['a'], {}],
    ['an input and no options', ['a', undefined], ['a'], {}],
    ['an input and options', ['a', { topK: 2 }], ['a'], { topK: 2 }],
    ['an input that looks like options', [{ data: 1, width: 2 }], [{ data: 1, width: 2 }], {}],
    ['two inputs', ['a', ['b']], ['a', ['b']], {}],
    ['two inputs and options', ['a', 'b', { topK: 2 }], ['a', 'b'], { topK: 2 }],
    ['nothing', [], [], {}],
  ])('are told from its options: %s', async (_, given, inputs, options) => {
    const embed = await load();
    void (embed as unknown as (...all: unknown[]) => Promise<unknown>)(...given);
    await begun();
    expect(asked[0]!.run).toMatchObject({ inputs, options, stream: false });
    asked[0]!.answer('all');
  });
});
