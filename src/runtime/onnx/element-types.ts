/** Values of a tensor: a typed array, or texts. */
export type TensorValues =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | string[];

interface NumericArray {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): Exclude<TensorValues, string[]>;
}

/** Younger than what the library supports; without it the bits are given. */
const float16Array = (globalThis as { Float16Array?: NumericArray }).Float16Array ?? Uint16Array;

/** By their numbers in ONNX (`TensorProto.DataType` of onnx.proto). */
const elementTypes: readonly (readonly [number: number, name: string, array?: NumericArray])[] = [
  [1, 'float32', Float32Array],
  [2, 'uint8', Uint8Array],
  [3, 'int8', Int8Array],
  [4, 'uint16', Uint16Array],
  [5, 'int16', Int16Array],
  [6, 'int32', Int32Array],
  [7, 'int64', BigInt64Array],
  [8, 'string'],
  [9, 'bool', Uint8Array],
  [10, 'float16', float16Array],
  [11, 'float64', Float64Array],
  [12, 'uint32', Uint32Array],
  [13, 'uint64', BigUint64Array],
];

/** Name of an element type; one that cannot be handed over has none, and is named by its number. */
export function elementTypeName(number: number): string {
  return elementTypes.find(([own]) => own === number)?.[1] ?? `element type ${number}`;
}

/** @throws Error where tensors of such elements cannot be handed over. */
export function elementTypeNumber(name: string): number {
  const found = elementTypes.find(([, own]) => own === name);
  if (!found) throw new Error(`Tensors of ${name} are not supported.`);
  return found[0];
}

/** The array that holds numbers of this type; `undefined` for texts. */
export function arrayOf(name: string): NumericArray | undefined {
  return elementTypes[elementTypes.findIndex(([, own]) => own === name)]?.[2];
}
