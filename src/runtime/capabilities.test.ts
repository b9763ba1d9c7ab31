import { afterEach, describe, expect, it, vi } from 'vitest';
import { detectCapabilities } from './capabilities.ts';

/** What a browser would say; Node has a WebAssembly of its own and no navigator. */
const stubNavigator = (navigator: object) => vi.stubGlobal('navigator', navigator);

afterEach(() => vi.unstubAllGlobals());

describe('detectCapabilities', () => {
  it('is content with a browser that has next to nothing', async () => {
    stubNavigator({});
    vi.stubGlobal('crossOriginIsolated', undefined);
    expect(await detectCapabilities()).toMatchObject({
      simd: true,
      crossOriginIsolated: false,
      webgpu: { available: false, f16: false },
      webnn: false,
      storage: { indexedDB: false, opfs: false, quota: undefined, usage: undefined, persisted: false },
      cores: 1,
      memory: undefined,
      plan: { device: 'wasm', threads: 1 },
    });
  });

  it('tells what a browser has, and plans with it', async () => {
    stubNavigator({
      hardwareConcurrency: 8,
      deviceMemory: 4,
      ml: {},
      gpu: { requestAdapter: async () => ({ features: new Set(['shader-f16']) }) },
      storage: {
        estimate: async () => ({ quota: 1000, usage: 10 }),
        persisted: async () => true,
        getDirectory: async () => ({}),
      },
    });
    vi.stubGlobal('crossOriginIsolated', true);
    vi.stubGlobal('indexedDB', {});
    const found = await detectCapabilities();
    expect(found).toMatchObject({
      threads: true,
      crossOriginIsolated: true,
      webgpu: { available: true, f16: true },
      webnn: true,
      storage: { indexedDB: true, opfs: true, quota: 1000, usage: 10, persisted: true },
      cores: 8,
      memory: 4,
      plan: { threads: 4 },
    });
    expect(found.plan.simd).toBe(found.relaxedSimd ? 'relaxed' : 'fixed');
  });

  it.each<[string, () => Promise<unknown>, object]>([
    ['no adapter', async () => null, { available: false, f16: false }],
    ['an adapter without half precision', async () => ({ features: new Set() }), { available: true, f16: false }],
    ['a request that fails', async () => Promise.reject(new Error('blocked')), { available: false, f16: false }],
  ])('WebGPU with %s', async (_, requestAdapter, webgpu) => {
    stubNavigator({ gpu: { requestAdapter } });
    expect((await detectCapabilities()).webgpu).toEqual(webgpu);
  });

  it('survives storage that refuses to answer, as of an opaque origin', async () => {
    const refuse = () => Promise.reject(new DOMException('denied', 'SecurityError'));
    stubNavigator({ storage: { estimate: refuse, persisted: refuse } });
    expect((await detectCapabilities()).storage).toMatchObject({ quota: undefined, persisted: false, opfs: false });
  });

  it('survives a navigator whose storage has lost its methods', async () => {
    stubNavigator({ storage: {} });
    expect((await detectCapabilities()).storage).toMatchObject({ quota: undefined, usage: undefined });
  });

  it('gives plain data, which an application may send anywhere', async () => {
    stubNavigator({ hardwareConcurrency: 2 });
    const found = await detectCapabilities();
    expect(structuredClone(found)).toEqual(found);
  });
});
