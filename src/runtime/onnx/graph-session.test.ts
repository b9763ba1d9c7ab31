import { beforeAll, expect, it, vi } from 'vitest';
import { createCacheGraph } from '../../../scripts/models/session-graphs.mjs';
import { openGraphSession } from './graph-session.ts';
import { type RealOnnxRuntime, startRealOnnxRuntime } from './real-onnx-runtime.conformance.ts';

vi.mock('./onnx-runtime.ts', () => ({ startOnnxRuntime: async () => {} }));

let runtime: RealOnnxRuntime;

beforeAll(async () => {
  runtime = await startRealOnnxRuntime();
});

const rows = (count: number) =>
  ({ type: 'float32', data: new Float32Array(4 * count).fill(1), dims: [1, count, 4] }) as const;

it('runs a graph on tensors, and leaves nothing in the memory', async () => {
  const session = await openGraphSession(createCacheGraph());
  expect(session.inputs.map(({ name }) => name)).toEqual(['past_key_values.0.key', 'row']);
  expect(await session.run({ 'past_key_values.0.key': rows(2), row: rows(1) })).toEqual({
    'present.0.key': rows(3),
    sum: { type: 'float32', data: Float32Array.of(12), dims: [] },
  });
  const { sum, ...others } = await session.run({ 'past_key_values.0.key': rows(0), row: rows(1) }, ['sum']);
  expect(sum!.data).toEqual(Float32Array.of(4));
  expect(others).toEqual({});
  await session.dispose();
  expect(runtime.tensors.size).toBe(0);
  expect(runtime.allocations.size).toBe(0);
});

it('fails with codes', async () => {
  await expect(openGraphSession(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  const session = await openGraphSession(createCacheGraph());
  const wrong = { type: 'float32', data: new Float32Array(3), dims: [1, 1, 3] } as const;
  await expect(session.run({ 'past_key_values.0.key': rows(0), row: wrong })).rejects.toMatchObject({
    code: 'INTERNAL',
  });
  await session.dispose();
});
