import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientOptions } from './client-options.ts';
import { type Client, createClient } from './client.ts';
import { FakeWorker, failed, never, ok, stubPage, untilAborted, workers } from './fake-worker.conformance.ts';
import type { ClientEvent } from './observe/client-event.ts';

const plan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] };

beforeEach(() => {
  let models = 0;
  stubPage({
    start: () => ok(null),
    load: () => ok({ modelId: ++models, takes: 'text', plan, bytes: 100, heap: 1000 }),
    run: ({ inputs }: { inputs: unknown[] }) => ok(`vectors of ${String(inputs[0])}`),
    unload: () => ok(null),
    list: () => ok([]),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const load = (client: Client, model = 'org/name') => client.pipeline('feature-extraction', model);
const outcomeOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
const callsOf = () => workers().map(({ calls }) => calls);

describe('a pipeline whose worker has crashed', () => {
  it('tells the call that was under way, and serves the next one from a fresh worker', async () => {
    const embed = await load(createClient());
    expect(await embed('the control')).toBe('vectors of the control');
    const answer = FakeWorker.answers['run']!;
    FakeWorker.answers['run'] = never;
    const lost = outcomeOf(embed('lost'));
    await vi.waitFor(() => expect(workers()[0]!.calls).toEqual(['start', 'load', 'run', 'run']));
    workers()[0]!.crash('out of luck');
    expect(await lost).toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
    expect(workers(), 'nothing is started before it is needed').toHaveLength(1);

    FakeWorker.answers['run'] = answer;
    expect(await embed('next')).toBe('vectors of next');
    expect(await embed('and the one after')).toBe('vectors of and the one after');
    expect(callsOf()[1]).toEqual(['start', 'load', 'run', 'run']);
    expect(workers()[1]!.given[1], 'the same model, as it was asked for').toEqual(workers()[0]!.given[1]);
    expect(await embed.stats()).toMatchObject({ state: 'loaded', loads: 2, answered: 3, failed: 1 });
  });

  it('while nobody called does not notice', async () => {
    const embed = await load(createClient());
    workers()[0]!.crash('out of luck');
    expect(await embed('text')).toBe('vectors of text');
  });

  it('is loaded again once for calls that come together', async () => {
    const embed = await load(createClient());
    workers()[0]!.crash('out of luck');
    const answers = await Promise.all(['1', '2', '3'].map((text) => embed(text)));
    expect(answers).toEqual(['vectors of 1', 'vectors of 2', 'vectors of 3']);
    expect(callsOf()[1]).toEqual(['start', 'load', 'run', 'run', 'run']);
  });

  it('rejects where it cannot be loaded again, and tries with the next call', async () => {
    const embed = await load(createClient());
    const answer = FakeWorker.answers['load']!;
    workers()[0]!.crash('out of luck');
    FakeWorker.answers['load'] = failed;
    expect(await outcomeOf(embed('text'))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    FakeWorker.answers['load'] = answer;
    expect(await embed('text')).toBe('vectors of text');
  });

  it('can be disposed of, without a worker', async () => {
    const client = createClient();
    const embed = await load(client);
    workers()[0]!.crash('out of luck');
    await embed.dispose();
    expect(await outcomeOf(embed('text'))).toMatchObject({ code: 'DISPOSED' });
    expect(workers()).toHaveLength(1);
    expect(await client.stats()).toMatchObject({ workers: [], models: [] });
  });
});

describe('a pipeline whose worker hangs', () => {
  it('tells the call that was under way, and serves the next one from a fresh worker', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const embed = await load(createClient({ hangTimeout: 1000 }));
    expect(await embed('the control')).toBe('vectors of the control');
    workers()[0]!.hung = true;
    const lost = outcomeOf(embed('lost'));
    await vi.advanceTimersByTimeAsync(1500);
    expect(await lost).toMatchObject({ code: 'WORKER_UNRESPONSIVE', retryable: true });
    expect(workers()[0]!.terminated).toBe(true);
    expect(await embed('next')).toBe('vectors of next');
  });
});

describe('a call that is aborted', () => {
  it('and does not stop ends its worker; a spare takes its place, and other calls do not notice', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const client = createClient({ cancelGrace: 100 });
    const [embed, other] = [await load(client), await load(client, 'org/other')];
    const answer = FakeWorker.answers['run']!;
    FakeWorker.answers['run'] = never;
    const controller = new AbortController();
    const running = outcomeOf(embed('slow', { signal: controller.signal }));
    const waiting = other('patient');
    controller.abort('enough');
    expect(await running).toBe('enough');
    FakeWorker.answers['run'] = answer;
    await vi.advanceTimersByTimeAsync(100);
    expect(await waiting).toBe('vectors of patient');
    expect(callsOf()).toEqual([
      ['start', 'load', 'load', 'run'],
      ['start', 'load', 'run'],
    ]);
    expect(workers()[1]!.given[0], 'its runtime was ready').toMatchObject({ warm: true });
    expect(await embed('next')).toBe('vectors of next');
    expect(await embed.stats()).toMatchObject({ aborted: { queued: 0, step: 0, terminated: 1 }, loads: 2 });
  });

  it('and stops by itself leaves its worker', async () => {
    const embed = await load(createClient());
    const answer = FakeWorker.answers['run']!;
    FakeWorker.answers['run'] = untilAborted;
    const controller = new AbortController();
    const running = outcomeOf(embed('slow', { signal: controller.signal }));
    await vi.waitFor(() => expect(workers()[0]!.calls).toContain('run'));
    controller.abort('enough');
    expect(await running).toBe('enough');
    FakeWorker.answers['run'] = answer;
    expect(await embed('next')).toBe('vectors of next');
    expect(workers()).toHaveLength(1);
  });
});

describe('the workers of a client', () => {
  const countFor = async (options: ClientOptions) => {
    const client = createClient(options);
    for (const model of ['org/a', 'org/b', 'org/c']) await load(client, model);
    return workers().length;
  };

  it('are as many as models, up to half of the cores', async () => {
    vi.stubGlobal('navigator', { hardwareConcurrency: 4 });
    expect(await countFor({})).toBe(2);
  });

  it('are one where the runtime has threads', async () => {
    vi.stubGlobal('navigator', { hardwareConcurrency: 4 });
    vi.stubGlobal('crossOriginIsolated', true);
    expect(await countFor({})).toBe(1);
  });

  it('are as many as was asked for', async () => {
    expect(await countFor({ workers: 3 })).toBe(3);
  });

  it('do not share a crash', async () => {
    const client = createClient({ workers: 2 });
    const [one, other] = [await load(client, 'org/a'), await load(client, 'org/b')];
    FakeWorker.answers['run'] = untilAborted;
    const controller = new AbortController();
    const [lost, running] = [outcomeOf(one('text')), outcomeOf(other('text', { signal: controller.signal }))];
    await vi.waitFor(() =>
      expect(
        callsOf()
          .flat()
          .filter((call) => call === 'run'),
      ).toHaveLength(2),
    );
    workers()[0]!.crash('out of luck');
    expect(await lost).toMatchObject({ code: 'WORKER_CRASHED' });
    expect(workers()[1]!.terminated).toBe(false);
    controller.abort('the control');
    expect(await running).toBe('the control');
  });
});

describe('a client that is closed', () => {
  it('ends its workers, and rejects what waits and what comes later', async () => {
    const client = createClient();
    const embed = await load(client);
    FakeWorker.answers['run'] = never;
    const [running, waiting] = [outcomeOf(embed('running')), outcomeOf(embed('waiting'))];
    await client.close();
    const closed = { code: 'DISPOSED', message: 'This client was closed.' };
    expect(await running).toMatchObject(closed);
    expect(await waiting).toMatchObject(closed);
    expect(workers().map(({ terminated }) => terminated)).toEqual([true]);
    expect(await outcomeOf(embed('later'))).toMatchObject(closed);
    expect(await outcomeOf(load(client))).toMatchObject(closed);
    expect(await client.stats()).toMatchObject({ workers: [], models: [], tab: 'own' });
    await client.close();
    await embed.dispose();
    expect(workers()).toHaveLength(1);
  });

  it('rejects a load that is under way', async () => {
    const client = createClient();
    FakeWorker.answers['load'] = never;
    const loading = outcomeOf(load(client));
    await vi.waitFor(() => expect(workers()[0]?.calls).toContain('load'));
    await client.close();
    expect(await loading).toMatchObject({ code: 'DISPOSED', message: 'This client was closed.' });
  });
});

describe('what happens in a client', () => {
  it('is told to its listener, and is in its stats', async () => {
    const events: ClientEvent[] = [];
    const client = createClient({ onEvent: (event) => void events.push(event) });
    const embed = await load(client);
    await embed('text');
    expect(await client.stats()).toMatchObject({
      workers: [{ id: 1, state: 'ready', models: 1, calls: 0, heap: 1000, spare: false, isolated: false }],
      models: [{ model: 'org/name', task: 'feature-extraction', state: 'loaded', answered: 1, bytes: 100 }],
      bytes: 100,
      heap: 1000,
      queue: { waiting: 0, running: 0, limit: 1000 },
      tab: 'own',
    });
    await embed.dispose();
    const work = events.filter(({ type }) => type === 'load' || type === 'run');
    expect(work).toMatchObject([
      { type: 'load', model: 'org/name', worker: 1, status: 'ok', bytes: 100 },
      { type: 'run', model: 'org/name', worker: 1, status: 'ok', priority: 'normal' },
    ]);
    const states = events.flatMap((event) => (event.type === 'worker' ? event.state : []));
    expect(states[0]).toBe('starting');
    expect(states).toContain('ready');
    expect(states.slice(-2)).toEqual(['draining', 'dead']);
  });

  it('is of the priority that the call names, or else the pipeline', async () => {
    const client = createClient();
    const embed = await client.pipeline('feature-extraction', 'org/name', { priority: 'background' });
    await embed('text');
    await embed('text', { priority: 'interactive' });
    await (
      await load(client)
    )('text');
    const priorities = workers()[0]!.given.flatMap((given) => (given as { priority?: string } | null)?.priority ?? []);
    expect(priorities).toEqual(['background', 'interactive', 'normal']);
  });
});
