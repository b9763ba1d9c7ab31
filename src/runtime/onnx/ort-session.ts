import { forgetInterrupt } from './interrupt.ts';
import type { GraphValue } from '../../protocol/session.ts';
import { elementTypeName } from './element-types.ts';
import { type OrtHeap, wordSize } from './ort-heap.ts';
import { type GivenTensor, type OrtValue, createOrtValue, takeOrtValue } from './ort-value.ts';

export interface OrtSessionOptions {
  /** Files that a graph refers to. */
  externalData?: readonly { path: string; data: Uint8Array }[];
  /** Sizes for names in `dims`. */
  freeDimensionOverrides?: Readonly<Record<string, number>>;
}

/** A graph that is ready to run. */
export interface OrtSession {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /**
   * Computes without yielding.
   *
   * @param feeds By the names of the inputs. Values in the runtime's memory are used as they are, and stay the caller's.
   * @param wanted Names of outputs. @default all
   * @returns The caller has to free them.
   * @throws Error with what ONNX Runtime says; a number where it gave up.
   */
  run(feeds: Readonly<Record<string, GivenTensor | OrtValue>>, wanted?: readonly string[]): Record<string, OrtValue>;
  release(): void;
}

/** Sequences, maps and the like. */
export const noTensor = 'no tensor';

const allOptimizations = 99;
const fatal = 4;

/**
 * Makes a session by the C functions of ONNX Runtime Web. Its own JavaScript copies every result out of the memory and every input in;
 * here a result stays where it is until somebody reads it, and can be the input of the next run.
 *
 * @throws Error with what ONNX Runtime says.
 */
export function createOrtSession(heap: OrtHeap, model: Uint8Array, options: OrtSessionOptions = {}): OrtSession {
  const { module } = heap;
  const session = instantiate(heap, model, options);
  const names = new Map<string, number>();
  const [inputs, outputs] = describeGraph(heap, session);
  for (const { name } of [...inputs, ...outputs]) if (!names.has(name)) names.set(name, heap.allocateText(name));
  const wantedByDefault = outputs.map(({ name }) => name);
  const taken = new Set(inputs.map(({ name }) => name));

  return {
    inputs,
    outputs,
    run(feeds, wanted = wantedByDefault) {
      const fed = Object.keys(feeds).filter((name) => taken.has(name));
      const temporary: OrtValue[] = [];
      const enter = (tensor: GivenTensor | OrtValue): OrtValue => {
        if ('address' in tensor) return tensor;
        const value = createOrtValue(heap, tensor);
        temporary.push(value);
        return value;
      };
      const runOptions = module._OrtCreateRunOptions(fatal, 0, false, 0);
      try {
        heap.check(runOptions !== 0, 'The run could not be prepared');
        const values = fed.map((name) => enter(feeds[name]!).address);
        return heap.onStack(() => {
          const list = (words: readonly number[]) => {
            const address = module.stackAlloc(words.length * wordSize);
            heap.setWords(address, words);
            return address;
          };
          const results = list(wanted.map(() => 0));
          const status = module._OrtRun(
            session,
            list(fed.map((name) => names.get(name)!)),
            list(values),
            fed.length,
            list(wanted.map((name) => names.get(name)!)),
            wanted.length,
            results,
            runOptions,
          );
          heap.check(status === 0, 'The graph could not be run');
          return takeAll(heap, wanted, results);
        });
      } finally {
        for (const value of temporary) value.release();
        module._OrtReleaseRunOptions(runOptions);
        forgetInterrupt();
      }
    },
    release() {
      for (const address of names.values()) module._free(address);
      module._OrtReleaseSession(session);
    },
  };
}

function instantiate(heap: OrtHeap, model: Uint8Array, options: OrtSessionOptions): number {
  const { module } = heap;
  const { externalData = [], freeDimensionOverrides = {} } = options;
  const sessionOptions = module._OrtCreateSessionOptions(allOptimizations, false, false, 0, false, 0, 0, fatal, 0, 0);
  heap.check(sessionOptions !== 0, 'The session could not be prepared');
  const bytes = heap.allocate(model.byteLength);
  try {
    for (const [name, size] of Object.entries(freeDimensionOverrides)) {
      const text = heap.allocateText(name);
      const status = module._OrtAddFreeDimensionOverride(sessionOptions, text, size);
      module._free(text);
      heap.check(status === 0, `The dimension ${name} could not be set to ${size}`);
    }
    for (const { path, data } of externalData) module.mountExternalData(path, data);
    heap.bytes().set(model, bytes);
    const session = module._OrtCreateSession(bytes, model.byteLength, sessionOptions);
    heap.check(session !== 0, 'The session could not be created');
    return session;
  } finally {
    module._free(bytes);
    module.unmountExternalData();
    module._OrtReleaseSessionOptions(sessionOptions);
  }
}

function describeGraph(heap: OrtHeap, session: number): [inputs: GraphValue[], outputs: GraphValue[]] {
  const { module } = heap;
  return heap.onStack(() => {
    const found = module.stackAlloc(2 * wordSize);
    const status = module._OrtGetInputOutputCount(session, found, found + wordSize);
    heap.check(status === 0, 'The graph could not be read');
    const [inputs, outputs] = [heap.word(found), heap.word(found + wordSize)];
    const values = Array.from({ length: inputs + outputs }, (_, index) => {
      const read = module._OrtGetInputOutputMetadata(session, index, found, found + wordSize);
      heap.check(read === 0, 'The graph could not be read');
      return takeGraphValue(heap, heap.word(found), heap.word(found + wordSize));
    });
    return [values.slice(0, inputs), values.slice(inputs)];
  });
}

/** The metadata is: the element's type, the rank, an address of each dimension's name or 0, the size of each. */
function takeGraphValue(heap: OrtHeap, nameAddress: number, metadata: number): GraphValue {
  const { module } = heap;
  const name = module.UTF8ToString(nameAddress);
  module._OrtFree(nameAddress);
  const type = heap.word(metadata);
  if (type === 0) return { name, type: noTensor, dims: [] };
  const rank = heap.word(metadata + wordSize);
  const dims = Array.from({ length: rank }, (_, index) => {
    const symbol = heap.word(metadata + (2 + index) * wordSize);
    return symbol ? module.UTF8ToString(symbol) : heap.word(metadata + (2 + rank + index) * wordSize);
  });
  module._OrtFree(metadata);
  return { name, type: elementTypeName(type), dims };
}

/** All of them, or none: the caller cannot free what it does not get. */
function takeAll(heap: OrtHeap, names: readonly string[], addresses: number): Record<string, OrtValue> {
  const values = names.map((_, index) => heap.word(addresses + index * wordSize));
  const taken: OrtValue[] = [];
  try {
    for (const address of values) taken.push(takeOrtValue(heap, address));
  } catch (error) {
    for (const value of taken) value.release();
    for (const address of values.slice(taken.length)) heap.module._OrtReleaseTensor(address);
    throw error;
  }
  return Object.fromEntries(names.map((name, index) => [name, taken[index]!]));
}
