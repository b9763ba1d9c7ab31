/** With `Float16Array` where TypeScript knows it. */
type HalfFloats = typeof globalThis extends { Float16Array: { readonly prototype: infer Halves } }
  ? Halves | Uint16Array
  : Uint16Array;

/** What the values of a tensor are in, by their type. */
export interface TensorArrays {
  float32: Float32Array;
  float64: Float64Array;
  /** Given as `Float16Array` where the browser has it; taken as the bits of each number too. */
  float16: HalfFloats;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  /** A byte for each, 0 or 1. */
  bool: Uint8Array;
  string: string[];
}

/** A type of a tensor's elements. */
export type TensorType = keyof TensorArrays;

/** A tensor of one type. */
export interface TypedTensor<T extends TensorType> {
  readonly type: T;
  /** Row by row. */
  readonly data: TensorArrays[T];
  /** Sizes; their product is the length of `data`. */
  readonly dims: readonly number[];
}

/** A tensor that a graph takes or gives. */
export type SessionTensor = { [T in TensorType]: TypedTensor<T> }[TensorType];

/** What a graph takes or gives under a name. */
export interface GraphValue {
  readonly name: string;
  /** A {@link TensorType}, or what the runtime calls what cannot be handed over. */
  readonly type: string;
  /** A size, or the name of one that each run decides. Empty for a single value, and where the graph does not say. */
  readonly dims: readonly (number | string)[];
}

/** What a graph takes and gives. */
export interface GraphSignature {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}
