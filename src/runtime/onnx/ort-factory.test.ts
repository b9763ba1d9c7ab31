import { describe, expect, it, vi } from 'vitest';
import type { OrtFactory } from './ort-assets.ts';
import { importOrtFactory, provideOrtAssets } from './ort-factory.ts';

/** The smallest module that imports something: a function `env.f`. */
const bytes = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 9, 1, 3, 0x65, 0x6e, 0x76, 1, 0x66, 0, 0],
);
const compiled = await WebAssembly.compile(bytes);

type InstantiateWasm = (
  imports: WebAssembly.Imports,
  receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
) => object;

const provide = (factory: OrtFactory) =>
  provideOrtAssets({ factory: Promise.resolve(factory), wasm: Promise.resolve(compiled) });

it('the factory instantiates the module that was compiled before, and keeps its other settings', async () => {
  const factory = vi.fn<OrtFactory>(
    ({ instantiateWasm }) =>
      new Promise((resolve) => {
        (instantiateWasm as InstantiateWasm)({ env: { f: () => {} } }, (instance, module) => {
          resolve({ instance, module });
        });
      }),
  );
  provide(factory);
  const { default: start } = await importOrtFactory();
  const result = (await start({ numThreads: 2 })) as { instance: unknown; module: unknown };
  expect(result.module).toBe(compiled);
  expect(result.instance).toBeInstanceOf(WebAssembly.Instance);
  expect(factory).toHaveBeenCalledWith(expect.objectContaining({ numThreads: 2 }));
});

it('rejects when the module cannot be instantiated, though Emscripten would wait for ever', async () => {
  provide(
    ({ instantiateWasm }) =>
      new Promise(() => {
        (instantiateWasm as InstantiateWasm)({}, () => {});
      }),
  );
  const { default: start } = await importOrtFactory();
  await expect(start({})).rejects.toThrow(/env/);
});

it('rejects when the factory does', async () => {
  provide(() => Promise.reject(new Error('Aborted()')));
  const { default: start } = await importOrtFactory();
  await expect(start({})).rejects.toThrow('Aborted()');
});

it.each(['factory', 'wasm'] as const)('rejects with the reason why the %s is missing', async (missing) => {
  const failure = new Error(`no ${missing}`);
  const gone = Promise.reject(failure);
  gone.catch(() => {});
  provideOrtAssets({
    factory: Promise.resolve<OrtFactory>(async () => ({})),
    wasm: Promise.resolve(compiled),
    [missing]: gone,
  });
  await expect(importOrtFactory()).rejects.toBe(failure);
});

describe('heapSize', () => {
  const page = 64 * 1024;
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  /** A module that imports the memory `a.m` of 1 to 4 pages, as that with threads does. */
  const importing = (limits: 1 | 3) => [...head, ...[2, 9, 1, 1, 0x61, 1, 0x6d, 2, limits, 1, 4]];
  /** A module that has a memory of 2 pages of its own, and exports it as `m`. */
  const exporting = [...head, ...[5, 3, 1, 0, 2], ...[7, 5, 1, 1, 0x6d, 2, 0]];

  /** A runtime that has never started, of a module with these bytes; it is given what the module imports. */
  async function createRuntime(module: number[], imports: WebAssembly.Imports = {}) {
    vi.resetModules();
    const fresh = await import('./ort-factory.ts');
    const wasm = WebAssembly.compile(Uint8Array.from(module));
    const factory: OrtFactory = ({ instantiateWasm }) =>
      new Promise((resolve) => {
        (instantiateWasm as InstantiateWasm)(imports, resolve);
      });
    fresh.provideOrtAssets({ factory: Promise.resolve(factory), wasm });
    const start = async () => (await (await fresh.importOrtFactory()).default({})) as WebAssembly.Instance;
    return { heapSize: fresh.heapSize, start };
  }

  it.each([false, true])(
    'is that of the memory which the module imports, as it is now (shared: %s)',
    async (shared) => {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared });
      const imports = { a: { f: () => {}, m: memory } };
      const { heapSize, start } = await createRuntime(importing(shared ? 3 : 1), imports);
      expect(heapSize()).toBe(0);
      await start();
      expect(heapSize()).toBe(page);
      memory.grow(2);
      expect(heapSize()).toBe(3 * page);
    },
  );

  it('is that of the memory which the module exports, as it is now', async () => {
    const { heapSize, start } = await createRuntime(exporting);
    expect(heapSize()).toBe(0);
    const { exports } = await start();
    expect(heapSize()).toBe(2 * page);
    (exports.m as WebAssembly.Memory).grow(1);
    expect(heapSize()).toBe(3 * page);
  });

  it('stays 0 where the module could not be instantiated', async () => {
    const { heapSize, start } = await createRuntime(importing(1));
    await expect(start()).rejects.toThrow();
    expect(heapSize()).toBe(0);
  });
});
