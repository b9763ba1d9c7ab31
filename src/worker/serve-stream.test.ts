import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunRequest } from '../protocol/worker-api.ts';
import {
  createApi,
  createEngine,
  createPage,
  request,
  runRequest,
  serveFiles,
  start,
  tidyUp,
} from './test-worker.conformance.ts';

beforeEach(() => void serveFiles());
afterEach(tidyUp);

/** Lets everything happen that needs no more than time. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A page with a model that gives a vector for each text, and notes which it has computed. */
async function createReader(compute: (text: string) => Promise<void> = async () => {}) {
  const computed: string[] = [];
  const { engine } = createEngine(async ([text]) => {
    computed.push(text!);
    await compute(text!);
  });
  const page = createPage(createApi(engine));
  page.call('start', start);
  await page.hears('reply', page.call('load', request));
  const texts = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`);
  return {
    ...page,
    computed,
    run: (count: number, given: Partial<RunRequest>) =>
      page.call('run', { ...runRequest, inputs: [texts(count)], ...given }),
    /** What was heard of a call beside its answer. */
    events: (call: number) =>
      page.heard.flatMap((message) => (message.type === 'event' && message.call === call ? [message.event] : [])),
  };
}

describe('a run that is read piece by piece', () => {
  it('tells each piece, and answers with all of them', async () => {
    const { run, hears, events } = await createReader();
    const call = run(3, { stream: true });
    expect(await hears('reply', call)).toMatchObject({ reply: { ok: true, value: { dims: [3, 1] } } });
    expect(events(call)).toEqual(
      [0, 1, 2].map((index) => ({
        type: 'chunk',
        chunk: { index, value: { data: Float32Array.of(1), dims: [1, 1] } },
      })),
    );
  });

  it('goes no further than a few pieces ahead of its reader, and on with each that is taken', async () => {
    const { run, say, hears, events, computed } = await createReader();
    const call = run(100, { stream: true });
    await vi.waitFor(() => expect(events(call).length).toBeGreaterThan(1), { interval: 1 });
    await vi.waitFor(
      async () => {
        const before = computed.length;
        for (let wait = 0; wait < 5; wait++) await turn();
        expect(computed).toHaveLength(before);
      },
      { interval: 1 },
    );
    const ahead = events(call).length;
    expect(ahead).toBeLessThan(20);
    expect(computed).toHaveLength(ahead);
    for (let taken = 1; taken <= 100 - ahead; taken++) {
      say({ type: 'taken', call });
      await vi.waitFor(() => expect(events(call)).toHaveLength(ahead + taken), { interval: 1 });
    }
    expect(await hears('reply', call)).toMatchObject({ reply: { ok: true, value: { dims: [100, 1] } } });
  });

  it('and that nobody reads leaves the worker to others', async () => {
    const { run, hears, events } = await createReader();
    const unread = run(100, { stream: true });
    await vi.waitFor(() => expect(events(unread).length).toBeGreaterThan(1), { interval: 1 });
    expect(await hears('reply', run(2, {}))).toMatchObject({ reply: { ok: true } });
  });

  it('ends with its abort, also while it waits for its reader', async () => {
    const { run, say, hears, events, computed } = await createReader();
    const call = run(100, { stream: true });
    await vi.waitFor(() => expect(events(call).length).toBeGreaterThan(1), { interval: 1 });
    say({ type: 'abort', call });
    expect(await hears('reply', call)).toMatchObject({ reply: { ok: false } });
    expect(computed.length).toBeLessThan(20);
    expect(await hears('reply', run(1, {}))).toMatchObject({ reply: { ok: true } });
  });
});

describe('a run that is not', () => {
  it('tells no pieces, and waits for nobody', async () => {
    const { run, hears, events, computed } = await createReader();
    const call = run(50, {});
    await hears('reply', call);
    expect(events(call)).toEqual([]);
    expect(computed).toHaveLength(50);
  });

  it('tells its progress where somebody wants to know', async () => {
    const { run, hears, events } = await createReader();
    const call = run(3, { progress: true });
    await hears('reply', call);
    expect(events(call)).toEqual([1, 2, 3].map((done) => ({ type: 'progress', done, total: 3 })));
  });
});

describe('between the steps of a run', () => {
  it('a message gets in, so that an abort of the page can stop it', async () => {
    const { port1, port2 } = new MessageChannel();
    let say = (_message: { type: 'abort'; call: number }) => {};
    // Long enough that the run listens again before its next step.
    const busy = async () => {
      for (const until = performance.now() + 10; performance.now() < until;);
    };
    const reader = await createReader(async (text) => {
      if (text === 'text 1') port2.postMessage('abort');
      await busy();
    });
    say = reader.say;
    const call = reader.run(50, {});
    port1.onmessage = () => say({ type: 'abort', call });
    try {
      expect(await reader.hears('reply', call)).toMatchObject({ reply: { ok: false } });
    } finally {
      port1.close();
    }
    expect(reader.computed.length).toBeLessThan(10);
  });
});
