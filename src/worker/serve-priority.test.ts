import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Priority } from '../protocol/priority.ts';
import type { RunEvent } from '../protocol/worker-api.ts';
import {
  anyPort,
  createApi,
  createEngine,
  createPort,
  createRuntime,
  load,
  run,
  serveFiles,
  start,
  tidyUp,
} from './test-worker.conformance.ts';

beforeEach(() => void serveFiles());
afterEach(tidyUp);

/** A worker with a model whose steps end when the test says so. */
async function createWorker() {
  const begun: string[] = [];
  let end: (() => void) | undefined;
  const compute = ([text]: readonly string[]) => {
    begun.push(text!);
    return new Promise<void>((resolve) => (end = resolve));
  };
  const runtime = createRuntime(async () => createEngine(compute).engine);
  const api = createApi(undefined, { startRuntime: async () => runtime });
  await api.start(start, anyPort());
  await load(api);
  return {
    api,
    begun,
    /** Ends the step that runs, when it has begun. */
    async end(text: string) {
      await vi.waitFor(() => expect(begun.at(-1)).toBe(text), { interval: 1 });
      end!();
    },
    run: (input: string | string[], priority: Priority, port = createPort<RunEvent>().port) =>
      run(api, { inputs: [input], priority }, port),
  };
}

describe('calls of different priority', () => {
  it('wait for one step of a background batch at most, and are answered before it is over', async () => {
    const { run, end, begun } = await createWorker();
    let over = false;
    const batch = run(['batch 1', 'batch 2', 'batch 3'], 'background').then((reply) => {
      over = true;
      return reply;
    });
    const soon = run('soon', 'normal');
    const now = run('now', 'interactive');
    await end('batch 1');
    await end('now');
    expect(await now).toMatchObject({ ok: true });
    await end('soon');
    expect(await soon).toMatchObject({ ok: true });
    expect(over).toBe(false);
    await end('batch 2');
    const again = run('again', 'interactive');
    await end('again');
    await end('batch 3');
    expect(await again).toMatchObject({ ok: true });
    expect(await batch).toMatchObject({ ok: true, value: { dims: [3, 1] } });
    expect(begun).toEqual(['batch 1', 'now', 'soon', 'batch 2', 'again', 'batch 3']);
  });

  it('leave a batch that is aborted between two of its steps', async () => {
    const { run, end, begun } = await createWorker();
    const { port, abort } = createPort<RunEvent>();
    const batch = run(['batch 1', 'batch 2'], 'background', port);
    const now = run('now', 'interactive');
    await end('batch 1');
    await vi.waitFor(() => expect(begun).toContain('now'), { interval: 1 });
    abort();
    expect(await batch, 'though its turn has not come').toMatchObject({ ok: false });
    await end('now');
    expect(await now).toMatchObject({ ok: true });
    const last = run('last', 'background');
    await end('last');
    expect(await last).toMatchObject({ ok: true });
    expect(begun).toEqual(['batch 1', 'now', 'last']);
  });

  it('are let go before by the unloading of another model', async () => {
    const { api, run, end, begun } = await createWorker();
    await load(api);
    const running = run('running', 'background');
    await vi.waitFor(() => expect(begun).toEqual(['running']), { interval: 1 });
    const waiting = run('waiting', 'normal');
    let unloaded = false;
    const unloading = api.unload(2, anyPort()).then(() => (unloaded = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unloaded, 'in its turn').toBe(false);
    await end('running');
    await unloading;
    await end('waiting');
    expect(await Promise.all([running, waiting])).toMatchObject([{ ok: true }, { ok: true }]);
  });
});

describe('two batches of equal priority', () => {
  it('go on side by side', async () => {
    const begun: string[] = [];
    const { engine } = createEngine(async ([text]) => {
      begun.push(text!);
      // As long as a message needs to get in.
      await new Promise((resolve) => setImmediate(resolve));
    });
    const api = createApi(engine);
    await api.start(start, anyPort());
    await load(api);
    const names = ['a', 'b'] as const;
    const batches = names.map((name) => run(api, { inputs: [[1, 2, 3].map((step) => `${name}${step}`)] }));
    expect(await Promise.all(batches)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(begun).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  });
});
