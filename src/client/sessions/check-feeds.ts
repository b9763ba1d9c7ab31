import { describe } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import type { GraphValue, SessionTensor, TensorType } from '../../protocol/session.ts';

/** Names of the arrays of each type. `Float16Array` is younger than what the library supports. */
const arrayNames: Record<TensorType, readonly string[]> = {
  float32: ['Float32Array'],
  float64: ['Float64Array'],
  float16: ['Float16Array', 'Uint16Array'],
  int8: ['Int8Array'],
  int16: ['Int16Array'],
  int32: ['Int32Array'],
  int64: ['BigInt64Array'],
  uint8: ['Uint8Array'],
  uint16: ['Uint16Array'],
  uint32: ['Uint32Array'],
  uint64: ['BigUint64Array'],
  bool: ['Uint8Array'],
  string: ['Array'],
};

/**
 * Holds tensors against what a graph takes, before they are on their way.
 *
 * @throws InsituError `INPUT_INVALID`
 */
export function checkFeeds(feeds: unknown, inputs: readonly GraphValue[]): Record<string, SessionTensor> {
  if (typeof feeds !== 'object' || feeds === null) {
    throw invalid(`The inputs are ${describe(feeds)}.`, `Give an object with a tensor for each of ${namesOf(inputs)}.`);
  }
  const unknown = Object.keys(feeds).find((name) => !inputs.some((input) => input.name === name));
  if (unknown !== undefined) {
    throw invalid(`There is no input ${describe(unknown)}.`, `The graph takes ${namesOf(inputs)}.`);
  }
  return Object.fromEntries(
    inputs.map((input) => [input.name, checkTensor((feeds as Record<string, unknown>)[input.name], input)]),
  );
}

function checkTensor(given: unknown, { name, type, dims }: GraphValue): SessionTensor {
  const expected = `${type}${dims.length > 0 ? ` of [${dims.join(', ')}]` : ''}`;
  const wrong = (what: string) =>
    invalid(`The input ${describe(name)} ${what}.`, `The graph takes ${expected}: { type, data, dims }.`);
  if (given === undefined) throw wrong('is missing');
  if (typeof given !== 'object' || given === null) throw wrong(`is ${describe(given)}, not a tensor`);
  const tensor = given as Partial<SessionTensor>;
  if (tensor.type !== type) throw wrong(`is of type ${describe(tensor.type)}, not ${describe(type)}`);
  const arrays = arrayNames[tensor.type];
  const { data, dims: sizes } = tensor;
  if (!arrays?.includes(data?.constructor.name ?? '')) {
    throw wrong(`has as its data ${describe(data)}, not ${arrays?.join(' or ') ?? 'anything that can be handed over'}`);
  }
  if (!Array.isArray(sizes) || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
    throw wrong(`has as its dims ${Array.isArray(sizes) ? `[${sizes.join(', ')}]` : describe(sizes)}, not sizes`);
  }
  const fits = dims.length === 0 || (sizes.length === dims.length && dims.every(fitsSize(sizes)));
  if (!fits) throw wrong(`has the dims [${sizes.join(', ')}], not [${dims.join(', ')}]`);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (data!.length !== count) {
    throw wrong(`has ${data!.length} values, and dims of [${sizes.join(', ')}], which are ${count}`);
  }
  if (Array.isArray(data) && !data.every((text) => typeof text === 'string'))
    throw wrong('has values that are no texts');
  return tensor as SessionTensor;
}

const fitsSize = (sizes: readonly number[]) => (size: number | string, index: number) =>
  typeof size === 'string' || size === sizes[index];

const namesOf = (values: readonly GraphValue[]) => values.map(({ name }) => describe(name)).join(', ');

const invalid = (message: string, hint: string) => new InsituError('INPUT_INVALID', message, { hint });

/** @throws InsituError `OPTION_INVALID` */
export function checkWanted(wanted: readonly string[] | undefined, outputs: readonly GraphValue[]): void {
  const unknown = wanted?.find((name) => !outputs.some((output) => output.name === name));
  if (unknown === undefined) return;
  throw new InsituError('OPTION_INVALID', `There is no output ${describe(unknown)}.`, {
    hint: `The graph gives ${namesOf(outputs)}.`,
  });
}
