import { type TensorValues, arrayOf, elementTypeName, elementTypeNumber } from './element-types.ts';
import { type OrtHeap, wordSize } from './ort-heap.ts';

/** A tensor of the page's side. */
export interface GivenTensor {
  readonly type: string;
  readonly data: ArrayBufferView | readonly string[];
  readonly dims: readonly number[];
}

/** A tensor in the runtime's memory. */
export interface OrtValue {
  readonly address: number;
  readonly type: string;
  readonly dims: readonly number[];
  /** Copies the values out. */
  read(): TensorValues;
  /** Frees it; only the first time counts. */
  release(): void;
}

/** Where ONNX Runtime looks for the values of a tensor: in its own memory. */
const onCpu = 1;

/** Copies a tensor into the runtime's memory. */
export function createOrtValue(heap: OrtHeap, { type, data, dims }: GivenTensor): OrtValue {
  const { module } = heap;
  const number = elementTypeNumber(type);
  const allocations: number[] = [];
  const allocate = (address: number) => {
    allocations.push(address);
    return address;
  };
  const free = () => allocations.forEach((address) => module._free(address));
  try {
    let values: number;
    let size: number;
    if (ArrayBuffer.isView(data)) {
      size = data.byteLength;
      values = allocate(heap.allocate(size));
      heap.bytes().set(new Uint8Array(data.buffer, data.byteOffset, size), values);
    } else {
      size = data.length * wordSize;
      values = allocate(heap.allocate(size));
      heap.setWords(
        values,
        data.map((text) => allocate(heap.allocateText(text))),
      );
    }
    const address = heap.onStack(() => {
      const shape = module.stackAlloc(dims.length * wordSize);
      heap.setWords(shape, dims);
      return module._OrtCreateTensor(number, values, size, shape, dims.length, onCpu);
    });
    heap.check(address !== 0, 'The tensor could not be created');
    return ownValue(heap, address, { type, dims, values }, free);
  } catch (error) {
    free();
    throw error;
  }
}

/** Takes over a tensor that ONNX Runtime made. */
export function takeOrtValue(heap: OrtHeap, address: number): OrtValue {
  const { module } = heap;
  return heap.onStack(() => {
    const found = module.stackAlloc(4 * wordSize);
    const [type, values, dims, rank] = [0, 1, 2, 3].map((index) => found + index * wordSize) as [
      number,
      number,
      number,
      number,
    ];
    heap.check(module._OrtGetTensorData(address, type, values, dims, rank) === 0, 'The tensor could not be read');
    const shape = heap.word(dims);
    const sizes = Array.from({ length: heap.word(rank) }, (_, index) => heap.word(shape + index * wordSize));
    module._OrtFree(shape);
    const name = elementTypeName(heap.word(type));
    // Of texts ONNX Runtime gives a copy, which is to be freed.
    const texts = name === 'string' ? heap.word(values) : 0;
    return ownValue(heap, address, { type: name, dims: sizes, values: heap.word(values) }, () => {
      if (texts) module._free(texts);
    });
  });
}

function ownValue(
  heap: OrtHeap,
  address: number,
  { type, dims, values }: { type: string; dims: readonly number[]; values: number },
  free: () => void,
): OrtValue {
  let owned = true;
  const count = dims.reduce((product, size) => product * size, 1);
  return {
    address,
    type,
    dims,
    read() {
      if (!owned) throw new Error('The tensor was freed before it was read.');
      return type === 'string' ? readTexts(heap, values, count) : readNumbers(heap, values, count, type);
    },
    release() {
      if (!owned) return;
      owned = false;
      heap.module._OrtReleaseTensor(address);
      free();
    },
  };
}

function readNumbers(heap: OrtHeap, values: number, count: number, type: string): TensorValues {
  const array = arrayOf(type);
  if (!array) throw new Error(`Tensors of ${type} are not supported.`);
  // The memory can be shared between threads, and `slice()` would give shared memory then.
  const bytes = new Uint8Array(count * array.BYTES_PER_ELEMENT);
  bytes.set(heap.bytes().subarray(values, values + bytes.length));
  return new array(bytes.buffer);
}

/** Addresses of texts, each of which ends where the next begins. */
function readTexts(heap: OrtHeap, values: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const begin = heap.word(values + index * wordSize);
    const end = index + 1 < count ? heap.word(values + (index + 1) * wordSize) : undefined;
    return heap.module.UTF8ToString(begin, end === undefined ? undefined : end - begin);
  });
}
