import { Tensor } from 'onnxruntime-web/wasm';
import type { OrtValue } from './ort-value.ts';

const values = new WeakMap<object, OrtValue>();

/** The types that transformers.js keeps its key-value caches in. */
const holdable: ReadonlySet<string> = new Set(['float32', 'float16']);

/**
 * A result that stays in the runtime's memory until it is read or freed. It says that it is in a GPU's buffer: that is where transformers.js
 * expects values that must be freed, and it does so as soon as each has been replaced by its successor.
 *
 * @param held It is in there until transformers.js frees it; whoever owns the set frees the rest.
 * @returns `undefined` for what cannot be held.
 */
export function holdTensor(value: OrtValue, held: Set<OrtValue>): Tensor | undefined {
  if (!holdable.has(value.type)) return undefined;
  held.add(value);
  const tensor = Tensor.fromGpuBuffer({} as never, {
    dataType: value.type as 'float32',
    dims: value.dims,
    dispose() {
      held.delete(value);
      value.release();
    },
  });
  let data: unknown;
  values.set(tensor, value);
  Object.defineProperty(tensor, 'data', {
    get() {
      data ??= value.read();
      // Whoever reads values may change them, and then those in the runtime's memory are the old ones.
      values.delete(tensor);
      return data;
    },
  });
  return tensor;
}

/** Where a tensor is in the runtime's memory; `undefined` for others, and for what was read or given other dimensions. */
export function heldValue(tensor: Tensor): OrtValue | undefined {
  const value = values.get(tensor);
  return value?.dims === tensor.dims ? value : undefined;
}
