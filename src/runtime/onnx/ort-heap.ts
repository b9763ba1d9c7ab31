import type { RunOptionsApi } from './interrupt.ts';

/**
 * What is called of the module that Emscripten made of ONNX Runtime: see `lib/wasm/wasm-types.ts` of onnxruntime-web 1.2x. Addresses are
 * numbers of bytes; functions that return a status return 0 for success, those that create something return 0 on failure.
 */
export interface OrtModule extends RunOptionsApi {
  _malloc(size: number): number;
  _free(address: number): void;
  stackSave(): number;
  stackAlloc(size: number): number;
  stackRestore(stack: number): void;
  UTF8ToString(address: number, maxBytes?: number): string;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, address: number, maxBytes: number): void;
  mountExternalData(path: string, data: Uint8Array): void;
  unmountExternalData(): void;
  _OrtGetLastError(code: number, message: number): void;
  _OrtFree(address: number): number;
  _OrtCreateSessionOptions(
    optimization: number,
    arena: boolean,
    memoryPattern: boolean,
    executionMode: number,
    profiling: boolean,
    profilePrefix: number,
    logId: number,
    severity: number,
    verbosity: number,
    optimizedPath: number,
  ): number;
  _OrtAddFreeDimensionOverride(options: number, name: number, size: number): number;
  _OrtReleaseSessionOptions(options: number): number;
  _OrtCreateSession(model: number, size: number, options: number): number;
  _OrtReleaseSession(session: number): number;
  _OrtGetInputOutputCount(session: number, inputs: number, outputs: number): number;
  _OrtGetInputOutputMetadata(session: number, index: number, name: number, metadata: number): number;
  _OrtCreateTensor(type: number, data: number, size: number, dims: number, rank: number, location: number): number;
  _OrtGetTensorData(tensor: number, type: number, data: number, dims: number, rank: number): number;
  _OrtReleaseTensor(tensor: number): number;
  _OrtRun(
    session: number,
    inputNames: number,
    inputs: number,
    inputCount: number,
    outputNames: number,
    outputCount: number,
    outputs: number,
    options: number,
  ): number;
}

/** Bytes of an address, a size or a status. */
export const wordSize = 4;

/** The memory of ONNX Runtime, and its functions. */
export interface OrtHeap {
  readonly module: OrtModule;
  /** Its bytes as they are now. Calls of the module can make the memory grow, which ends the view. */
  bytes(): Uint8Array;
  /** The word at an address. */
  word(address: number): number;
  setWords(address: number, words: readonly number[]): void;
  /** @throws Error if there is no memory left. */
  allocate(size: number): number;
  /** A copy of a text, ending with a zero byte. */
  allocateText(text: string): number;
  /** What `work` takes of the stack is given back when it returns. It must not wait for anything. */
  onStack<T>(work: () => T): T;
  /** @throws Error with what ONNX Runtime says, if it says that it failed. */
  check(succeeded: boolean, what: string): void;
}

export function createOrtHeap(module: OrtModule, memory: WebAssembly.Memory): OrtHeap {
  let bytes = new Uint8Array(0);
  let words = new Uint32Array(0);

  const heap: OrtHeap = {
    module,
    bytes() {
      if (bytes.buffer !== memory.buffer) {
        bytes = new Uint8Array(memory.buffer);
        words = new Uint32Array(memory.buffer);
      }
      return bytes;
    },
    word(address) {
      heap.bytes();
      return words[address / wordSize]!;
    },
    setWords(address, given) {
      heap.bytes();
      words.set(given, address / wordSize);
    },
    allocate(size) {
      const address = module._malloc(size);
      if (address === 0 && size > 0) throw new Error(`failed to allocate a buffer of size ${size}`);
      return address;
    },
    allocateText(text) {
      const size = module.lengthBytesUTF8(text) + 1;
      const address = heap.allocate(size);
      module.stringToUTF8(text, address, size);
      return address;
    },
    onStack(work) {
      const stack = module.stackSave();
      try {
        return work();
      } finally {
        module.stackRestore(stack);
      }
    },
    check(succeeded, what) {
      if (succeeded) return;
      heap.onStack(() => {
        const error = module.stackAlloc(2 * wordSize);
        module._OrtGetLastError(error, error + wordSize);
        const message = heap.word(error + wordSize);
        throw new Error(`${what}: ${message ? module.UTF8ToString(message) : 'ONNX Runtime says no more'}`);
      });
    },
  };
  return heap;
}
