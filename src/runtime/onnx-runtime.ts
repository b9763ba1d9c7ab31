import { InferenceSession, env } from 'onnxruntime-web/wasm';
import { assetFailure } from '../errors/asset-failure.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { DevicePlan } from '../protocol/device-plan.ts';

// Literal `new URL(..., import.meta.url)`: bundlers recognise it and ship the file.
const glueUrl = new URL('./ort-wasm-simd-threaded.mjs', import.meta.url).href;
const wasmUrl = new URL('./ort-wasm-simd-threaded.wasm', import.meta.url).href;

/**
 * The smallest ONNX model: `y = Identity(x)` on one float. Field numbers are those of ONNX's `onnx.proto3`.
 * ModelProto { ir_version 8, graph { node Identity x -> y, name "g", input x, output y }, opset_import 13 }
 */
const identityModel = Uint8Array.of(
  ...[0x08, 8],
  ...[0x3a, 51],
  ...[0x0a, 16, 0x0a, 1, 0x78, 0x12, 1, 0x79, 0x22, 8, ...new TextEncoder().encode('Identity')],
  ...[0x12, 1, 0x67],
  ...[0x5a, 13, 0x0a, 1, 0x78, 0x12, 8, 0x0a, 6, 0x08, 1, 0x12, 2, 0x0a, 0],
  ...[0x62, 13, 0x0a, 1, 0x79, 0x12, 8, 0x0a, 6, 0x08, 1, 0x12, 2, 0x0a, 0],
  ...[0x42, 2, 0x10, 13],
);

/**
 * Starts ONNX Runtime: its WebAssembly is compiled while it streams from its own URL, which lets the browser reuse the
 * compiled code on the next visit. Creating a session is the only way in that its public surface has, so a session of a
 * one-node model is made and released.
 *
 * @throws InsituError `DEVICE_UNAVAILABLE`, `WORKER_START_FAILED`, `ASSET_IS_HTML`.
 */
export async function startOnnxRuntime(plan: DevicePlan): Promise<void> {
  if (plan.simd === 'none') {
    throw new InsituError('DEVICE_UNAVAILABLE', 'This browser has no WebAssembly SIMD.', {
      hint: 'Use Chrome 91, Firefox 89, Safari 16.4 or newer.',
    });
  }
  env.wasm.numThreads = plan.threads;
  env.wasm.wasmPaths = { mjs: glueUrl, wasm: wasmUrl };
  env.logLevel = 'fatal';
  try {
    const session = await InferenceSession.create(identityModel, { executionProviders: ['wasm'] });
    await session.release();
  } catch (error) {
    const glue = await assetFailure(glueUrl, 'The loader of ONNX Runtime', error);
    if (glue.message.includes('did not start')) throw await assetFailure(wasmUrl, 'The WebAssembly of ONNX Runtime', error);
    throw glue;
  }
}
