import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OrtFactory } from './ort-assets.ts';
import { importOrtFactory, ortHeap, provideOrtAssets } from './ort-factory.ts';
import type { OrtHeap, OrtModule } from './ort-heap.ts';

/** ONNX Runtime itself, in Node, and what is in its memory. */
export interface RealOnnxRuntime {
  heap: OrtHeap;
  /** Addresses of tensors that were made and not freed. */
  tensors: Set<number>;
  /** Addresses of what was allocated from JavaScript and not freed. */
  allocations: Set<number>;
}

export async function startRealOnnxRuntime(): Promise<RealOnnxRuntime> {
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  const loader = pathToFileURL(join(folder, 'ort-wasm-simd-threaded.mjs')).href;
  const wasm = readFile(join(folder, 'ort-wasm-simd-threaded.wasm')).then((bytes) => WebAssembly.compile(bytes));
  const factory = (import(loader) as Promise<{ default: OrtFactory }>).then((module) => module.default);
  provideOrtAssets({ factory, wasm });
  const start = (await importOrtFactory()).default;
  const module = (await start({ numThreads: 1 })) as OrtModule & {
    _OrtInit(threads: number, severity: number): number;
  };
  if (module._OrtInit(1, 4) !== 0) throw new Error('ONNX Runtime could not be initialised.');

  const tensors = new Set<number>();
  const allocations = new Set<number>();
  const { _OrtCreateTensor, _OrtGetTensorData, _OrtReleaseTensor, _malloc, _free } = module;
  Object.assign(module, {
    _OrtCreateTensor(...given: Parameters<typeof _OrtCreateTensor>) {
      const tensor = _OrtCreateTensor(...given);
      if (tensor) tensors.add(tensor);
      return tensor;
    },
    _OrtGetTensorData(...given: Parameters<typeof _OrtGetTensorData>) {
      tensors.add(given[0]);
      return _OrtGetTensorData(...given);
    },
    _OrtReleaseTensor(tensor: number) {
      if (!tensors.delete(tensor)) throw new Error('A tensor is freed that is not there.');
      return _OrtReleaseTensor(tensor);
    },
    _malloc(size: number) {
      const address = _malloc(size);
      allocations.add(address);
      return address;
    },
    _free(address: number) {
      allocations.delete(address);
      _free(address);
    },
  } satisfies Partial<OrtModule>);
  return { heap: ortHeap(), tensors, allocations };
}
