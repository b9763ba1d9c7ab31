import { expect, it, vi } from 'vitest';
import { openOrtAssets } from './ort-assets.ts';

const emptyModule = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

it('assets that were handed over are opened, whatever type they were sent with', async () => {
  vi.stubGlobal('self', { location: { origin: 'null' } });
  const loader = 'data:text/javascript,export default () => "factory"';
  const { factory, wasm } = openOrtAssets({
    loader: Promise.resolve(loader),
    wasm: Promise.resolve(new Blob([emptyModule], { type: 'text/plain' })),
  });
  expect(await wasm).toBeInstanceOf(WebAssembly.Module);
  expect(((await factory) as unknown as () => string)()).toBe('factory');
  vi.unstubAllGlobals();
});

it('a file that is none fails when it is asked for, and not before', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const { factory, wasm } = openOrtAssets({
    loader: Promise.reject(new Error('no loader')),
    wasm: Promise.resolve(new Blob(['no code'])),
  });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
  await expect(factory).rejects.toThrow('no loader');
  await expect(wasm).rejects.toBeInstanceOf(WebAssembly.CompileError);
});
