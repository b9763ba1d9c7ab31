import { prepareInterrupt } from './interrupt.ts';
import type { OrtAssets, OrtFactory } from './ort-assets.ts';
import { type OrtHeap, type OrtModule, createOrtHeap } from './ort-heap.ts';

let assets: OrtAssets | undefined;
let memory: WebAssembly.Memory | undefined;
let heap: OrtHeap | undefined;

/** Bytes of ONNX Runtime's memory; 0 before it is instantiated. */
export const heapSize = (): number => memory?.buffer.byteLength ?? 0;

/** ONNX Runtime's memory and functions, once it is initialised. */
export function ortHeap(): OrtHeap {
  if (!heap) throw new Error('no available backend found: ONNX Runtime was not initialised.');
  return heap;
}

export function provideOrtAssets(provided: OrtAssets): void {
  assets = provided;
}

/**
 * Takes the place of the `import()` by which ONNX Runtime fetches its loader (the build puts it there): the loader that is
 * already here, made to instantiate the WebAssembly that is already compiled.
 */
export async function importOrtFactory(): Promise<{ default: OrtFactory }> {
  const [factory, wasm] = await Promise.all([assets!.factory, assets!.wasm]);
  return {
    default: (config) =>
      new Promise((resolve, reject) => {
        // Emscripten's hook; see `instantiateWasm` in its Module documentation.
        const instantiateWasm = (
          imports: WebAssembly.Imports,
          receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
        ) => {
          WebAssembly.instantiate(wasm, imports).then((instance) => {
            memory = memoryOf(imports) ?? memoryOf({ exports: instance.exports });
            receive(instance, wasm);
          }, reject);
          return {};
        };
        factory({ ...config, instantiateWasm }).then((module) => {
          prepareInterrupt(module as OrtModule, memory!);
          heap = createOrtHeap(module as OrtModule, memory!);
          resolve(module);
        }, reject);
      }),
  };
}

/** The build with threads imports its memory, under a minified name. */
function memoryOf(modules: Record<string, Record<string, unknown>>): WebAssembly.Memory | undefined {
  const values = Object.values(modules).flatMap((module) => Object.values(module));
  return values.find((value) => value instanceof WebAssembly.Memory);
}
