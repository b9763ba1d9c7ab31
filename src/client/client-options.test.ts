import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkClientOptions, copyCount, workerCount } from './client-options.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const check = (options: object) => checkClientOptions(options as never);

describe('the options of a client', () => {
  it('have defaults', () => {
    expect(check({})).toEqual({
      hub: {},
      threads: 'auto',
      storage: 'indexeddb',
      workers: 'auto',
      maxQueue: 1000,
      memoryBudget: Infinity,
      hangTimeout: 120_000,
      shared: false,
      debug: false,
    });
  });

  const onEvent = () => {};
  it.each<[string, unknown[]]>([
    ['threads', [1, 16, 'auto']],
    ['storage', ['indexeddb', 'memory']],
    ['workers', [1, 8, 'auto']],
    ['maxQueue', [1, 100_000]],
    ['memoryBudget', [1, 0.5e9, 1.5, Infinity]],
    ['hangTimeout', [100, 60_000, Infinity, false]],
    ['cancelGrace', [0, 0.5, 5000, Infinity]],
    ['shared', [true, false]],
    ['debug', [true, false]],
    ['onEvent', [onEvent]],
    ['assetBase', ['/assets/', new URL('https://cdn.example/insitu/')]],
    ['workerUrl', ['/ml.js', new URL('https://cdn.example/ml.js')]],
    ['hub', [{}, { host: '/hub', pathTemplate: '{model}', headers: {}, token: 'hf' }, { token: async () => 'hf' }]],
  ])('%s takes its values, and nothing else changes', (name, values) => {
    for (const value of values) expect(check({ [name]: value })).toEqual({ ...check({}), [name]: value });
    expect(check({ [name]: undefined }), 'nothing given').toEqual(check({}));
  });

  it('have the spelling of transformers.js too', () => {
    expect(check({ memory_budget: 100, max_queue: 5, hang_timeout: false })).toMatchObject({
      memoryBudget: 100,
      maxQueue: 5,
      hangTimeout: false,
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['threads', 0, /must be a positive whole number or "auto"/],
    ['threads', 1.5, /must be a positive whole number or "auto"/],
    ['threads', '2', /must be a positive whole number or "auto"/],
    ['storage', 'disk', /must be one of "indexeddb", "memory"/],
    ['workers', 0, /must be a positive whole number or "auto"/],
    ['workers', -1, /workers/],
    ['workers', Infinity, /workers/],
    ['workers', 'many', /not "many"/],
    ['maxQueue', 0, /must be a positive whole number/],
    ['maxQueue', Infinity, /maxQueue/],
    ['maxQueue', 'auto', /maxQueue/],
    ['memoryBudget', 0, /must be a number of at least 1/],
    ['memoryBudget', NaN, /memoryBudget/],
    ['memoryBudget', '1 GB', /memoryBudget/],
    ['hangTimeout', 99, /must be at least 100, or false/],
    ['hangTimeout', true, /must be at least 100, or false/],
    ['hangTimeout', null, /hangTimeout/],
    ['cancelGrace', -1, /must be a number of at least 0/],
    ['cancelGrace', false, /cancelGrace/],
    ['shared', 'yes', /must be a boolean/],
    ['debug', 1, /must be a boolean/],
    ['onEvent', {}, /must be a function/],
    ['hub', 'https://models.example', /must be an object/],
    ['hub', null, /must be an object/],
    ['worker', 2, /Unknown option "worker"/],
  ])('%s refuses %j', (name, value, says) => {
    expect(() => check({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(says) }),
    );
  });

  it.each<[object, RegExp]>([
    [{ host: 1 }, /must be a string/],
    [{ headers: 'X-Tenant: shop' }, /must be an object of header values/],
    [{ token: 42 }, /must be a string or a function/],
    [{ password: 'secret' }, /Unknown option "password"/],
  ])('a hub refuses %o', (hub, says) => {
    expect(() => check({ hub })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(says) }),
    );
  });
});

/** A page on a machine of so many cores. */
function stubCores(hardwareConcurrency: number | undefined, crossOriginIsolated = false): void {
  vi.stubGlobal('navigator', { hardwareConcurrency });
  vi.stubGlobal('crossOriginIsolated', crossOriginIsolated);
}

describe('the number of workers', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [7, 3],
    [8, 4],
    [64, 4],
    [undefined, 1],
  ])('on %s cores is %i by itself', (cores, count) => {
    stubCores(cores);
    expect(workerCount({ workers: 'auto', threads: 'auto' })).toBe(count);
  });

  it('is one where the runtime has threads', () => {
    stubCores(8);
    expect(workerCount({ workers: 'auto', threads: 'auto' }), 'the control').toBe(4);
    stubCores(8, true);
    expect(workerCount({ workers: 'auto', threads: 'auto' })).toBe(1);
    expect(workerCount({ workers: 'auto', threads: 1 }), 'none are wanted').toBe(4);
  });

  it('is one where there is no navigator', () => {
    vi.stubGlobal('navigator', undefined);
    expect(workerCount({ workers: 'auto', threads: 'auto' })).toBe(1);
  });

  it('is what was asked for, whatever the machine', () => {
    stubCores(2, true);
    expect(workerCount({ workers: 6, threads: 'auto' })).toBe(6);
  });
});

describe('the number of copies', () => {
  it.each<[number | 'auto', number | 'auto', number]>([
    [1, 'auto', 1],
    [1, 6, 1],
    ['auto', 'auto', 4],
    ['auto', 6, 6],
    [3, 6, 3],
    [8, 6, 6],
    [8, 'auto', 8],
  ])('%s of %s workers is %i', (replicas, workers, count) => {
    stubCores(8);
    expect(copyCount(replicas, { workers, threads: 'auto' })).toBe(count);
  });
});
