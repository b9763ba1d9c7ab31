import { beforeEach, expect, it, vi } from 'vitest';
import type { DevicePlan } from '../protocol/device-plan.ts';
import { startRuntime } from './entry.ts';
import { configureOnnxRuntime, startOnnxRuntime } from './onnx/onnx-runtime.ts';
import type { OrtAssets } from './onnx/ort-assets.ts';
import { heapSize } from './onnx/ort-factory.ts';

vi.mock('./onnx/onnx-runtime.ts', () => ({ configureOnnxRuntime: vi.fn(), startOnnxRuntime: vi.fn(async () => {}) }));
vi.mock('./onnx/ort-factory.ts', () => ({ heapSize: vi.fn(() => 0) }));
vi.mock('./transformers/transformers.ts', () => ({ loadTransformersEngine: vi.fn() }));

const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] };
const assets: OrtAssets = { factory: new Promise(() => {}), wasm: new Promise(() => {}) };

beforeEach(() => void vi.clearAllMocks());

it('is configured at once, and initialised when it is prepared', async () => {
  const runtime = startRuntime(plan, assets);
  expect(configureOnnxRuntime).toHaveBeenCalledExactlyOnceWith(plan, assets);
  expect(startOnnxRuntime).not.toHaveBeenCalled();
  await runtime.prepare();
  expect(startOnnxRuntime).toHaveBeenCalledOnce();
});

it('is prepared when it is initialised, and also when that has failed: the first load will say why', async () => {
  let end: { succeed(): void; fail(reason: Error): void } | undefined;
  const initialise = () =>
    new Promise<void>((resolve, reject) => {
      end = { succeed: () => resolve(), fail: reject };
    });
  for (const way of ['succeed', 'fail'] as const) {
    vi.mocked(startOnnxRuntime).mockImplementationOnce(initialise);
    const prepared = vi.fn();
    const preparing = startRuntime(plan, assets).prepare().then(prepared);
    await new Promise((resolve) => setImmediate(resolve));
    expect(prepared).not.toHaveBeenCalled();
    end![way](new Error('Aborted()'));
    await preparing;
    expect(prepared).toHaveBeenCalledOnce();
  }
});

it('tells how large its memory is now', () => {
  const runtime = startRuntime(plan, assets);
  expect(runtime.heap).toBe(0);
  vi.mocked(heapSize).mockReturnValueOnce(65_536);
  expect(runtime.heap).toBe(65_536);
});

it('needs WebAssembly with SIMD', () => {
  expect(() => startRuntime({ ...plan, simd: 'none' }, assets)).toThrow(
    expect.objectContaining({ code: 'DEVICE_UNAVAILABLE' }),
  );
  expect(configureOnnxRuntime).not.toHaveBeenCalled();
});
