import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from './client.ts';
import { ok, stubPage, workers } from './fake-worker.conformance.ts';

vi.mock('./optional-part.ts', async (importActual) => ({
  ...(await importActual<object>()),
  loadPart: () => import('./weights.ts'),
}));

beforeEach(() => stubPage({ usage: () => ok({ models: 7, used: 10, quota: 100, storage: 'indexeddb' }) }));
afterEach(() => vi.unstubAllGlobals());

const createWeights = () => createClient({ assetBase: '/assets/' }).weights;

describe('what the browser promises about its storage', () => {
  it.each([true, false])('is part of the usage: %s', async (persisted) => {
    vi.stubGlobal('navigator', { storage: { persisted: async () => persisted } });
    expect(await createWeights().usage()).toEqual({
      models: 7,
      used: 10,
      quota: 100,
      storage: 'indexeddb',
      persisted,
    });
  });

  it.each([true, false])('is what persist() resolves to, without a worker: %s', async (answer) => {
    vi.stubGlobal('navigator', { storage: { persist: async () => answer } });
    expect(await createWeights().persist()).toBe(answer);
    expect(workers()).toEqual([]);
  });

  it.each([
    ['outside of secure contexts', {}],
    ['where the browser is old', { storage: {} }],
    ['where there is no navigator', undefined],
  ])('is nothing %s', async (_, navigator) => {
    vi.stubGlobal('navigator', { storage: { persist: async () => true, persisted: async () => true } });
    expect(await createWeights().persist(), 'the control').toBe(true);
    vi.stubGlobal('navigator', navigator);
    expect(await createWeights().persist()).toBe(false);
    expect(await createWeights().usage()).toMatchObject({ persisted: false });
  });
});
