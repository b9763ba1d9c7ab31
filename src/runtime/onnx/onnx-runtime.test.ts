import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DevicePlan } from '../../protocol/device-plan.ts';

const ort = vi.hoisted(() => ({ create: vi.fn(), env: { wasm: { numThreads: 0 }, logLevel: '' } }));
vi.mock('onnxruntime-web/wasm', () => ({ InferenceSession: { create: ort.create }, env: ort.env }));

const plan: DevicePlan = { device: 'wasm', threads: 3, simd: 'fixed', reasons: [] };
const factory = Promise.resolve(async () => ({}));

/** The module as a new worker has it: nothing is configured, nothing has started. */
async function importFresh() {
  vi.resetModules();
  return import('./onnx-runtime.ts');
}

beforeEach(() => {
  ort.create.mockReset().mockRejectedValue(new Error('an empty model'));
});

describe('startOnnxRuntime', () => {
  it('initialises once, with the threads of the plan, and does not mind that the empty model is refused', async () => {
    const { configureOnnxRuntime, startOnnxRuntime } = await importFresh();
    configureOnnxRuntime(plan, { factory, wasm: Promise.resolve({} as WebAssembly.Module) });
    expect(ort.create).not.toHaveBeenCalled();
    await Promise.all([startOnnxRuntime(), startOnnxRuntime()]);
    await startOnnxRuntime();
    expect(ort.create).toHaveBeenCalledOnce();
    expect(ort.env.wasm.numThreads).toBe(3);
  });

  it('waits for both files', async () => {
    const { configureOnnxRuntime, startOnnxRuntime } = await importFresh();
    let arrive: (module: WebAssembly.Module) => void = () => {};
    configureOnnxRuntime(plan, { factory, wasm: new Promise((resolve) => (arrive = resolve)) });
    const starting = startOnnxRuntime();
    await new Promise((resolve) => setImmediate(resolve));
    expect(ort.create).not.toHaveBeenCalled();
    arrive({} as WebAssembly.Module);
    await starting;
    expect(ort.create).toHaveBeenCalledOnce();
  });

  it('fails with the reason of a missing file for all who wait, and never asks ONNX Runtime, which would keep the failure', async () => {
    const { configureOnnxRuntime, startOnnxRuntime } = await importFresh();
    const missing = new Error('no wasm');
    const wasm = Promise.reject<WebAssembly.Module>(missing);
    wasm.catch(() => {});
    configureOnnxRuntime(plan, { factory, wasm });
    void startOnnxRuntime();
    await expect(startOnnxRuntime()).rejects.toBe(missing);
    expect(ort.create).not.toHaveBeenCalled();
  });
});
