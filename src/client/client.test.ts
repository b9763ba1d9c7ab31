import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isInsituError } from '../errors/insitu-error.ts';
import { type Client, createClient } from './client.ts';
import type { ClientOptions } from './client-options.ts';
import { FakeWorker, failed, never, ok, stubPage, workers } from './fake-worker.conformance.ts';

const plan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] };
const loaded = (modelId: number) => ok({ modelId, takes: 'text', plan, bytes: 100, heap: 1000 });

beforeEach(() => {
  let models = 0;
  stubPage({
    start: () => ok(null),
    load: () => loaded(++models),
    run: () => ok('result'),
    unload: () => ok(null),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const load = (client: Client) => client.pipeline('feature-extraction', 'org/name');
const untyped = (value: unknown) => value as never;

describe('createClient', () => {
  it.each([
    { threads: 0 },
    { threads: -1 },
    { threads: 1.5 },
    { threads: '2' },
    { storage: 'disk' },
    { asetBase: '/assets/' },
    { hub: 'https://models.example' },
    { hub: null },
    { hub: { host: 1 } },
    { hub: { headers: 'X-Tenant: shop' } },
    { hub: { token: 42 } },
    { hub: { password: 'secret' } },
  ])('throws OPTION_INVALID for %o', (options) => {
    expect(() => createClient(untyped(options))).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it.each<ClientOptions>([
    {},
    { threads: 2, storage: 'memory' },
    { hub: {} },
    { hub: { host: '/hub', pathTemplate: '{model}', headers: { 'X-Tenant': 'shop' }, token: 'hf_secret' } },
    { hub: { token: async () => 'hf_secret' } },
  ])('takes %o, and starts nothing', (options) => {
    createClient(options);
    expect(workers()).toEqual([]);
  });

  it.each<[string, ClientOptions, string]>([
    ['a path', { assetBase: '/assets/insitu/' }, 'https://app.example/assets/insitu/worker.js'],
    ['an address', { assetBase: 'https://app.example/assets/' }, 'https://app.example/assets/worker.js'],
    ['a URL', { assetBase: new URL('https://app.example/assets/') }, 'https://app.example/assets/worker.js'],
    ['its own path', { workerUrl: '/assets/ml.js' }, 'https://app.example/assets/ml.js'],
    [
      'its own path before a folder',
      { workerUrl: '/own/ml.js', assetBase: '/assets/' },
      'https://app.example/own/ml.js',
    ],
  ])('finds the worker by %s', async (_, options, url) => {
    await load(createClient(options));
    expect(workers().map((worker) => worker.url)).toEqual([url]);
  });

  it('takes a folder without its last slash for that folder, as in a model reference', async () => {
    await load(createClient({ assetBase: '/assets/insitu' }));
    expect(workers()[0]!.url).toBe('https://app.example/assets/insitu/worker.js');
  });

  it('uses an option under its snake_case name, or refuses it', async () => {
    let client: Client;
    try {
      client = createClient(untyped({ worker_url: '/assets/ml.js' }));
    } catch (error) {
      expect(error).toMatchObject({ code: 'OPTION_INVALID' });
      return;
    }
    await load(client);
    expect(workers()[0]!.url).toBe('https://app.example/assets/ml.js');
  });

  it('rejects a load with a typed error where an address is none', async () => {
    const error = await load(createClient({ workerUrl: 'http://[' })).catch((reason: unknown) => reason);
    expect(error).toSatisfy(isInsituError);
  });
});

describe('a load that cannot be', () => {
  it.each([
    ['an unknown task', ['mind-reading']],
    ['a name that every object has', ['constructor']],
    ['a model that is none', ['feature-extraction', 'what is this?']],
    ['an unknown option', ['feature-extraction', 'org/name', { dtyp: 'q8' }]],
    ['a value that is none', ['feature-extraction', 'org/name', { dtype: 'q9' }]],
    ['a signal that is none', ['feature-extraction', 'org/name', { signal: 'stop' }]],
    ['a listener that is none', ['feature-extraction', 'org/name', { on_progress: 'log' }]],
    ['a signal that has aborted', ['feature-extraction', 'org/name', { signal: AbortSignal.abort('before') }]],
  ])('starts no worker: %s', async (_, given) => {
    const client = createClient();
    await expect(client.pipeline(...(given as ['feature-extraction']))).rejects.toBeDefined();
    expect(workers()).toEqual([]);
    await load(client);
    expect(workers()).toHaveLength(1);
  });
});

describe('the worker of a client', () => {
  it('is shared by loads that start together', async () => {
    const client = createClient();
    await Promise.all([load(client), load(client), load(client)]);
    expect(workers()).toHaveLength(1);
    expect(workers()[0]!.calls).toEqual(['start', 'load', 'load', 'load']);
  });

  it('ends when its only load fails, and the next load starts another', async () => {
    const client = createClient();
    FakeWorker.answers['load'] = failed;
    await expect(load(client)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await vi.waitFor(() => expect(workers()[0]!.terminated).toBe(true));

    FakeWorker.answers['load'] = () => loaded(7);
    await load(client);
    expect(workers().map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('ends when its only load is aborted, once what has arrived is stored', async () => {
    let answer: (reply: Awaited<ReturnType<typeof failed>>) => void = () => {};
    FakeWorker.answers['load'] = () => new Promise((resolve) => (answer = resolve));
    const controller = new AbortController();
    const loading = createClient().pipeline('feature-extraction', 'org/name', { signal: controller.signal });
    await vi.waitFor(() => expect(workers()[0]!.calls).toContain('load'));
    controller.abort('changed my mind');
    await expect(loading, 'at once').rejects.toBe('changed my mind');
    expect(workers()[0]!.terminated).toBe(false);
    answer(await failed());
    await vi.waitFor(() => expect(workers()[0]!.terminated).toBe(true));
  });

  it('is ended all the same when it takes too long over an aborted load', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    FakeWorker.answers['load'] = never;
    const controller = new AbortController();
    const loading = createClient().pipeline('feature-extraction', 'org/name', { signal: controller.signal });
    await vi.waitFor(() => expect(workers()[0]!.calls).toContain('load'));
    controller.abort('changed my mind');
    await expect(loading).rejects.toBe('changed my mind');
    await vi.advanceTimersByTimeAsync(2999);
    expect(workers()[0]!.terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(workers()[0]!.terminated).toBe(true);
  });

  it('that is about to end takes no new load', async () => {
    const client = createClient();
    let store = () => {};
    FakeWorker.answers['load'] = () => new Promise((resolve) => (store = () => resolve(failed())));
    const controller = new AbortController();
    const loading = client.pipeline('feature-extraction', 'org/name', { signal: controller.signal });
    await vi.waitFor(() => expect(workers()[0]!.calls).toContain('load'));
    controller.abort('changed my mind');
    await expect(loading).rejects.toBe('changed my mind');
    FakeWorker.answers['load'] = () => loaded(7);
    const embed = await load(client);
    await expect(embed('here')).resolves.toBe('result');
    expect(workers().map(({ calls }) => calls)).toEqual([
      ['start', 'load'],
      ['start', 'load', 'run'],
    ]);
    store();
    await vi.waitFor(() => expect(workers().map(({ terminated }) => terminated)).toEqual([true, false]));
  });

  it('stays for a pipeline when a load beside it fails', async () => {
    const client = createClient();
    const embed = await load(client);
    FakeWorker.answers['load'] = failed;
    await expect(load(client)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(workers()[0]!.terminated).toBe(false);
    await expect(embed('still here')).resolves.toBe('result');
  });

  it('is not ended by the loads that died with the one before', async () => {
    const client = createClient();
    await load(client);
    FakeWorker.answers['load'] = never;
    const dying = load(client).catch((error: unknown) => error);
    await vi.waitFor(() => expect(workers()[0]!.calls).toEqual(['start', 'load', 'load']));
    FakeWorker.answers['load'] = () => loaded(7);
    workers()[0]!.crash('the crash of this test');
    const next = await load(client);
    expect(await dying).toMatchObject({ code: 'WORKER_CRASHED' });
    expect(workers().map(({ terminated }) => terminated)).toEqual([true, false]);
    await expect(next('here')).resolves.toBe('result');
    await next.dispose();
    expect(workers()[1]!.terminated, 'with its own last user').toBe(true);
  });

  it('stays for a load that started while the last pipeline was on its way out', async () => {
    const client = createClient();
    const embed = await load(client);
    const [, next] = await Promise.all([embed.dispose(), load(client)]);
    expect(workers()).toHaveLength(1);
    expect(workers()[0]!.terminated).toBe(false);
    await expect(next('here')).resolves.toBe('result');
  });

  it('unloads once when a pipeline is disposed of twice at the same time', async () => {
    const client = createClient();
    const [embed] = await Promise.all([load(client), load(client)]);
    await Promise.all([embed.dispose(), embed.dispose(), embed[Symbol.asyncDispose]()]);
    expect(workers()[0]!.calls.filter((call) => call === 'unload')).toHaveLength(1);
    expect(workers()[0]!.terminated).toBe(false);
  });
});

describe('a run', () => {
  it('takes null for no options, or says what is wrong with it', async () => {
    const embed = await load(createClient());
    const outcome = await embed('text', untyped(null)).catch((error: unknown) => error);
    if (outcome !== 'result') expect(outcome).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('with a signal that is none is refused before it is sent', async () => {
    const embed = await load(createClient());
    await expect(embed('text', untyped({ signal: 'stop' }))).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    expect(workers()[0]!.calls).not.toContain('run');
  });

  it('gets its options without the signal, which cannot be cloned', async () => {
    const embed = await load(createClient());
    await embed('text', { pooling: 'mean', signal: new AbortController().signal });
    expect(workers()[0]!.given.at(-1)).toEqual({
      modelId: 1,
      inputs: ['text'],
      options: { pooling: 'mean' },
      priority: 'normal',
      stream: false,
      progress: false,
    });
  });
});
