import { expect, it, vi } from 'vitest';
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
