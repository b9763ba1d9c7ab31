import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createCacheGraph,
  createIdentityGraph,
  createReversingGraph,
} from '../../../scripts/models/session-graphs.mjs';
import { createOrtSession } from './ort-session.ts';
import { type GivenTensor, createOrtValue } from './ort-value.ts';
import { type RealOnnxRuntime, startRealOnnxRuntime } from './real-onnx-runtime.conformance.ts';

let runtime: RealOnnxRuntime;

beforeAll(async () => {
  runtime = await startRealOnnxRuntime();
});

afterEach(() => {
  expect(runtime.tensors.size).toBe(0);
  expect(runtime.allocations.size).toBe(0);
});

const row = (...values: number[]): GivenTensor => ({
  type: 'float32',
  data: Float32Array.from(values),
  dims: [1, 1, 4],
});
const noRows: GivenTensor = { type: 'float32', data: new Float32Array(0), dims: [1, 0, 4] };

const { Float16Array = Uint16Array } = globalThis as { Float16Array?: Uint16ArrayConstructor };

describe('a session', () => {
  it('tells what its graph takes and gives', () => {
    const session = createOrtSession(runtime.heap, createCacheGraph());
    expect(session.inputs).toEqual([
      { name: 'past_key_values.0.key', type: 'float32', dims: ['batch', 'past', 4] },
      { name: 'row', type: 'float32', dims: ['batch', 1, 4] },
    ]);
    expect(session.outputs).toEqual([
      { name: 'present.0.key', type: 'float32', dims: ['batch', 'total', 4] },
      { name: 'sum', type: 'float32', dims: [] },
    ]);
    session.release();
  });

  it.each<[string, GivenTensor['data'], unknown]>([
    ['float32', Float32Array.of(1.5, 2, -3, 4), Float32Array.of(-3, 4, 1.5, 2)],
    ['float64', Float64Array.of(1.1, 2, -3, 4), Float64Array.of(-3, 4, 1.1, 2)],
    ['float16', Float16Array.of(1, 2, 3, 4), Float16Array.of(3, 4, 1, 2)],
    ['int8', Int8Array.of(-1, 2, 3, 4), Int8Array.of(3, 4, -1, 2)],
    ['uint8', Uint8Array.of(255, 2, 3, 4), Uint8Array.of(3, 4, 255, 2)],
    ['int16', Int16Array.of(-1, 2, 3, 4), Int16Array.of(3, 4, -1, 2)],
    ['uint16', Uint16Array.of(65535, 2, 3, 4), Uint16Array.of(3, 4, 65535, 2)],
    ['int32', Int32Array.of(-1, 2, 3, 4), Int32Array.of(3, 4, -1, 2)],
    ['uint32', Uint32Array.of(2 ** 32 - 1, 2, 3, 4), Uint32Array.of(3, 4, 2 ** 32 - 1, 2)],
    ['int64', BigInt64Array.of(-(2n ** 63n), 2n, 3n, 4n), BigInt64Array.of(3n, 4n, -(2n ** 63n), 2n)],
    ['uint64', BigUint64Array.of(2n ** 64n - 1n, 2n, 3n, 4n), BigUint64Array.of(3n, 4n, 2n ** 64n - 1n, 2n)],
    ['bool', Uint8Array.of(1, 1, 0, 1), Uint8Array.of(0, 1, 1, 1)],
    ['string', ['', 'naïve', '日本語', '🦆 and more'], ['日本語', '🦆 and more', '', 'naïve']],
  ])('takes and gives tensors of %s', (type, data, reversed) => {
    const session = createOrtSession(runtime.heap, createReversingGraph(type as 'float32'));
    const { reversed: value } = session.run({ rows: { type, data, dims: [2, 2] } });
    expect(value).toMatchObject({ type, dims: [2, 2] });
    expect(value!.read()).toEqual(reversed);
    value!.release();
    session.release();
  });

  it('takes a part of an array, wherever it begins', () => {
    const session = createOrtSession(runtime.heap, createReversingGraph('float32'));
    const data = Float32Array.of(9, 1, 2, 3, 4, 9).subarray(1, 5);
    const { reversed } = session.run({ rows: { type: 'float32', data, dims: [2, 2] } });
    expect(reversed!.read()).toEqual(Float32Array.of(3, 4, 1, 2));
    reversed!.release();
    session.release();
  });

  it('computes only the outputs that are asked for, and overlooks feeds that it does not know', () => {
    const session = createOrtSession(runtime.heap, createCacheGraph());
    const results = session.run({ 'past_key_values.0.key': noRows, row: row(1, 2, 3, 4), other: noRows }, ['sum']);
    expect(Object.keys(results)).toEqual(['sum']);
    expect(results['sum']!.read()).toEqual(Float32Array.of(10));
    results['sum']!.release();
    session.release();
  });

  it('gives back what it was given without losing it when the input is freed', () => {
    const session = createOrtSession(runtime.heap, createIdentityGraph());
    const given = createOrtValue(runtime.heap, { type: 'float32', data: Float32Array.of(1, 2, 3), dims: [3] });
    const { present } = session.run({ given });
    given.release();
    const other = createOrtValue(runtime.heap, { type: 'float32', data: Float32Array.of(9, 9, 9), dims: [3] });
    expect(present!.read()).toEqual(Float32Array.of(1, 2, 3));
    other.release();
    present!.release();
    session.release();
  });

  it('says what failed, frees everything and works on', () => {
    const session = createOrtSession(runtime.heap, createCacheGraph());
    const wrong: GivenTensor = { type: 'float32', data: new Float32Array(3), dims: [1, 1, 3] };
    expect(() => session.run({ 'past_key_values.0.key': noRows, row: wrong })).toThrow(/row.*index: 2.*Got: 3/s);
    expect(() => session.run({ 'past_key_values.0.key': noRows, row: { ...wrong, type: 'complex64' } })).toThrow(
      'Tensors of complex64 are not supported.',
    );
    const { sum } = session.run({ 'past_key_values.0.key': noRows, row: row(1, 1, 1, 1) }, ['sum']);
    expect(sum!.read()).toEqual(Float32Array.of(4));
    sum!.release();
    session.release();
  });

  it('cannot be made of what is no graph', () => {
    expect(() => createOrtSession(runtime.heap, Uint8Array.of(1, 2, 3))).toThrow('protobuf parsing failed');
  });

  it('has sizes for names where they are given', () => {
    const session = createOrtSession(runtime.heap, createCacheGraph(), { freeDimensionOverrides: { batch: 1 } });
    expect(session.inputs[0]).toMatchObject({ dims: [1, 'past', 4] });
    session.release();
  });
});

describe('a value that stays in the memory', () => {
  it('is the input of the next run as it is, and can be read at any time, but not when it is freed', () => {
    const session = createOrtSession(runtime.heap, createCacheGraph());
    const first = session.run({ 'past_key_values.0.key': noRows, row: row(1, 2, 3, 4) }, ['present.0.key']);
    const cache = first['present.0.key']!;
    const second = session.run({ 'past_key_values.0.key': cache, row: row(5, 6, 7, 8) });
    const next = second['present.0.key']!;
    expect(next.dims).toEqual([1, 2, 4]);
    expect(next.read()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect(cache.read()).toEqual(Float32Array.of(1, 2, 3, 4));
    cache.release();
    cache.release();
    expect(() => cache.read()).toThrow('The tensor was freed before it was read.');
    for (const value of Object.values(second)) value.release();
    session.release();
  });
});
