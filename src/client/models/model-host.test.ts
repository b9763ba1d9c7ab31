import { describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { crash } from '../workers/fake-model-worker.conformance.ts';
import type { RunOfModel } from './dispatcher.ts';
import { createHost, outcomeOf } from './fake-host.conformance.ts';
import { plan, turn } from './fake-model.conformance.ts';

const closing = new InsituError('DISPOSED', 'The client was closed.', { hint: 'Create another.' });

const text: RunOfModel = { inputs: ['text'], options: {}, priority: 'normal' };

describe('a model that is loaded', () => {
  it('runs, tells its plan and what was done, and is gone when it is disposed of', async () => {
    const { load, fakes, host } = createHost();
    const handle = await load('org/name');
    expect(handle.plan).toBe(plan);
    const running = handle.run(text);
    expect(await handle.stats()).toMatchObject({ model: 'org/name', state: 'loaded', running: 1 });
    fakes[0]!.open('run')[0]!.answer('answer');
    expect(await running).toBe('answer');
    expect(await handle.stats()).toMatchObject({ running: 0, answered: 1 });

    const disposed = handle.dispose();
    const late = await outcomeOf(handle.run(text));
    expect(late).toMatchObject({ code: 'DISPOSED', message: expect.stringContaining('org/name') });
    fakes[0]!.open('unload')[0]!.answer();
    await disposed;
    expect(fakes[0]!.worker.death).toMatchObject({ code: 'DISPOSED' });
    expect(await host.stats()).toMatchObject({ workers: [], models: [], bytes: 0, heap: 0 });
  });

  it('rejects what waits and runs when it is disposed of, and other models go on', async () => {
    const { load, fakes } = createHost();
    const [one, other] = [await load('one'), await load('other')];
    const run = (handle: typeof one, input: string) => outcomeOf(handle.run({ ...text, inputs: [input] }));
    const [running, waiting, good] = [run(one, 'running'), run(one, 'waiting'), run(other, 'good')];
    const disposed = one.dispose();
    expect(await running).toMatchObject({ code: 'DISPOSED' });
    expect(await waiting).toMatchObject({ code: 'DISPOSED' });
    fakes[0]!.open('run')[0]!.answer();
    fakes[0]!.open('unload')[0]!.answer();
    await disposed;
    fakes[0]!.open('run')[0]!.answer('answer');
    expect(await good).toBe('answer');
    expect(fakes).toHaveLength(1);
  });

  it('leaves nothing behind when it cannot be', async () => {
    const { host, begin, fakes } = createHost();
    const loading = outcomeOf(begin('org/name'));
    const why = new InsituError('MODEL_NOT_FOUND', 'There is none.', { hint: 'Check it.' });
    await turn();
    fakes[0]!.open('load')[0]!.fail(why);
    expect(await loading).toBe(why);
    await turn();
    expect(fakes[0]!.worker.state).toBe('dead');
    expect(await host.stats()).toMatchObject({ workers: [], models: [] });
  });
});

describe('a model with copies', () => {
  it('has all of them before it is there, the first one first', async () => {
    const { begin, fakes, loadIn } = createHost({ workers: 3 });
    const loaded = vi.fn();
    const loading = begin('org/name', { replicas: 3 }).then(loaded);
    await turn();
    expect(fakes).toHaveLength(1);
    await loadIn(0);
    expect(fakes).toHaveLength(3);
    await loadIn(2);
    expect(loaded).not.toHaveBeenCalled();
    await loadIn(1);
    await loading;
    expect(loaded).toHaveBeenCalledOnce();
  });

  it('serves with those it could get', async () => {
    const { begin, fakes, loadIn } = createHost({ workers: 2 });
    const loading = begin('org/name', { replicas: 2 });
    await loadIn(0);
    fakes[1]!.open('load')[0]!.fail(crash());
    const handle = await loading;
    expect(await handle.stats()).toMatchObject({ state: 'loaded', replicas: 1 });
  });

  it('rejects at once when it is aborted before it has all, and gives the first one back', async () => {
    const { begin, fakes, loadIn, host } = createHost({ workers: 2 });
    const controller = new AbortController();
    const loading = outcomeOf(begin('org/name', { replicas: 2 }, { signal: controller.signal }));
    await loadIn(0);
    expect(fakes[1]!.open('load')).toHaveLength(1);
    controller.abort('enough');
    expect(await loading).toBe('enough');
    expect(fakes[1]!.open('load')[0]!.aborted).toBe(true);
    fakes[0]!.open('unload')[0]!.answer();
    fakes[1]!.open('load')[0]!.fail('enough');
    await turn();
    expect(await host.stats()).toMatchObject({ workers: [], models: [] });
  });

  it('spreads a batch over them', async () => {
    const { load, fakes } = createHost({ workers: 2 });
    const handle = await load('org/name', { replicas: 2 });
    const running = handle.run({ inputs: [['1', '2']], options: {}, priority: 'normal' });
    await turn();
    for (const fake of fakes) {
      const [call] = fake.open('run');
      call!.answer((call!.argument as { inputs: [string[]] }).inputs[0].map((text) => `label of ${text}`));
    }
    expect(await running).toEqual(['label of 1', 'label of 2']);
  });

  it('keeps an array together that only a module of the application understands', async () => {
    const { load, fakes } = createHost({ workers: 2 });
    const handle = await load('org/name', { replicas: 2 }, { module: 'https://app.example/task.js' });
    void handle.run({ inputs: [['1', '2']], options: {}, priority: 'normal' });
    await turn();
    const [call, ...others] = fakes.flatMap((fake) => fake.open('run'));
    expect([call!.argument, others]).toMatchObject([{ inputs: [['1', '2']] }, []]);
  });

  it('leaves nothing behind where the part that spreads is missing', async () => {
    const missing = new InsituError('WORKER_START_FAILED', 'The part is missing.', { hint: 'Serve it.' });
    const { begin, fakes, loadIn, host } = createHost({ workers: 2 }, { loadSpread: () => Promise.reject(missing) });
    const loading = outcomeOf(begin('org/name', { replicas: 2 }));
    await loadIn(0);
    expect(await loading).toBe(missing);
    fakes[0]!.open('unload')[0]!.answer();
    await turn();
    expect(await host.stats()).toMatchObject({ workers: [], models: [] });
  });
});

describe('a worker that dies', () => {
  it('takes its models out, which are loaded again with their next call', async () => {
    const { load, fakes, loadIn, host, events } = createHost();
    const handle = await load('org/name');
    const why = crash();
    fakes[0]!.die(why);
    expect(await host.stats()).toMatchObject({ workers: [], models: [{ state: 'unloaded', replicas: 0 }] });
    const death = { type: 'worker', worker: 1, state: 'dead', code: 'WORKER_CRASHED', message: why.message };
    expect(events.at(-1)).toEqual(death);
    const running = handle.run(text);
    await turn();
    expect(await host.stats()).toMatchObject({ models: [{ state: 'loading', waiting: 1 }] });
    await loadIn(1);
    fakes[1]!.open('run')[0]!.answer('answer');
    expect(await running).toBe('answer');
    expect(await handle.stats()).toMatchObject({ loads: 2 });
  });

  it('while it did nothing for a model does not count against it', async () => {
    const { load, fakes, loadIn } = createHost();
    const handle = await load('org/name');
    const run = () => outcomeOf(handle.run(text));
    const bad = new InsituError('INPUT_INVALID', 'This is no text.', { hint: 'Pass one.' });
    for (let death = 1; death <= 6; death++) {
      fakes[death - 1]!.die(crash());
      const running = run();
      await loadIn(death);
      // An answer would make up for earlier deaths.
      fakes[death]!.open('run')[0]!.fail(bad);
      expect(await running).toBe(bad);
    }
    expect(await handle.stats()).toMatchObject({ loads: 7, failed: 6 });
  });

  it('of a model again and again is not replaced for ever, until it is loaded anew', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { load, fakes, loadIn, begin } = createHost();
      const handle = await load('org/name');
      const run = () => outcomeOf(handle.run(text));
      for (let death = 1; death <= 5; death++) {
        const running = run();
        if (death > 1) {
          await vi.advanceTimersByTimeAsync(1000);
          await loadIn(death - 1);
        }
        fakes[death - 1]!.die(crash());
        expect(await running).toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
      }
      expect(await run()).toMatchObject({ code: 'WORKER_CRASHED', retryable: false });
      expect(fakes).toHaveLength(5);

      const anew = begin('org/name');
      await loadIn(5);
      await anew;
    } finally {
      vi.useRealTimers();
    }
  });

  it('because it could not be started does not count against the model', async () => {
    const { load, fakes, loadIn } = createHost();
    const handle = await load('org/name');
    const offline = new InsituError('WORKER_START_FAILED', 'It could not be fetched.', { hint: 'Go online.' });
    fakes[0]!.die(crash());
    for (let death = 1; death <= 6; death++) {
      const running = outcomeOf(handle.run(text));
      await turn();
      fakes[death]!.die(offline);
      expect(await running).toBe(offline);
    }
    const running = handle.run(text);
    await loadIn(7);
    fakes[7]!.open('run')[0]!.answer('answer');
    expect(await running).toBe('answer');
  });
});

describe('a budget of memory', () => {
  it('holds for models that are loaded at the same time, too', async () => {
    const { host, begin, loadIn, fakes, events } = createHost({ memoryBudget: 150 });
    const loading = [begin('one'), begin('other')];
    await loadIn(0);
    await loadIn(0);
    await Promise.all(loading);
    expect(await host.stats()).toMatchObject({
      bytes: 100,
      models: [
        { model: 'one', state: 'unloaded' },
        { model: 'other', state: 'loaded' },
      ],
    });
    expect(events).toContainEqual(expect.objectContaining({ type: 'unload', model: 'one', reason: 'budget' }));
    expect(fakes[0]!.open('unload')).toHaveLength(1);
  });
});

describe('what is told of workers', () => {
  it('is every state, and the end without a reason where it was asked for', async () => {
    const { load, fakes, events } = createHost();
    const handle = await load('org/name');
    fakes[0]!.enter('ready');
    const disposed = handle.dispose();
    fakes[0]!.open('unload')[0]!.answer();
    await disposed;
    expect(events.filter(({ type }) => type === 'worker')).toEqual([
      { type: 'worker', worker: 1, state: 'starting' },
      { type: 'worker', worker: 1, state: 'ready' },
      { type: 'worker', worker: 1, state: 'draining' },
      { type: 'worker', worker: 1, state: 'dead' },
    ]);
  });

  it('is an end without a reason where one call had to end', async () => {
    const { load, events } = createHost({ cancelGrace: 0 });
    const handle = await load('org/name');
    const controller = new AbortController();
    const running = handle.run({ ...text, signal: controller.signal });
    controller.abort('enough');
    expect(await outcomeOf(running)).toBe('enough');
    const end = { type: 'worker', worker: 1, state: 'dead' };
    await vi.waitFor(() => expect(events).toContainEqual(end));
  });
});

describe('a host that is closed', () => {
  it('ends all workers, and rejects what waits, runs, loads and comes later', async () => {
    const { host, load, begin, fakes } = createHost({ workers: 2 });
    const handle = await load('org/name');
    const run = () => outcomeOf(handle.run(text));
    const [running, waiting, loading] = [run(), run(), outcomeOf(begin('other'))];
    await turn();
    await host.close(closing);
    expect(await Promise.all([running, waiting, loading])).toEqual([closing, closing, closing]);
    expect(await run()).toBe(closing);
    expect(await outcomeOf(begin('later'))).toBe(closing);
    expect(fakes.map(({ worker }) => worker.death)).toEqual([closing, closing]);
    expect(await host.stats()).toMatchObject({ workers: [], models: [] });
    await handle.dispose();
  });

  it('starts no worker for a model that waits for its turn', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { host, load, fakes, loadIn } = createHost();
      const handle = await load('org/name');
      const run = () => outcomeOf(handle.run(text));
      const first = run();
      fakes[0]!.die(crash());
      await first;
      const second = run();
      await loadIn(1);
      fakes[1]!.die(crash());
      await second;
      const waiting = run();
      await host.close(closing);
      expect(await waiting).toBe(closing);
      await vi.advanceTimersByTimeAsync(1000);
      expect(fakes).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
