import { expect, it, vi } from 'vitest';
import type { SessionTensor } from '../protocol/session.ts';
import type { GraphSession } from '../runtime/runtime.ts';
import { createContext, createRuntime } from './fake-engine.conformance.ts';
import { sessionTask } from './session-task.ts';

const value = { name: 'x', type: 'float32', dims: ['n'] };
const tensor = (...numbers: number[]): SessionTensor => ({
  type: 'float32',
  data: Float32Array.from(numbers),
  dims: [numbers.length],
});
const graph = Uint8Array.of(1, 2, 3);

function createSession() {
  const result = tensor(7);
  const session: GraphSession = {
    inputs: [value],
    outputs: [{ ...value, name: 'y' }],
    run: vi.fn(async () => ({ y: result })),
    dispose: vi.fn(async () => {}),
  };
  const openGraph = vi.fn(async () => session);
  const files = vi.fn(async (path: string) => (path === 'some/graph.onnx' ? graph : undefined));
  const load = (path = 'some/graph.onnx') =>
    sessionTask(path).load(createRuntime({ openGraph }), { dtypes: {}, files });
  return { session, openGraph, load, result };
}

it('opens the graph that it names', async () => {
  const { load, openGraph } = createSession();
  await load();
  expect(openGraph).toHaveBeenCalledExactlyOnceWith(graph);
});

it('is not loaded where the model has no such graph', async () => {
  const { load, openGraph } = createSession();
  await expect(load('another.onnx')).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    message: expect.stringContaining('another.onnx'),
  });
  expect(openGraph).not.toHaveBeenCalled();
});

it('tells what the graph takes and gives, without a step', async () => {
  const { load } = createSession();
  const step = vi.fn();
  const { value: told } = await (await load()).run([], {}, createContext({ step }));
  expect(told).toEqual({ inputs: [value], outputs: [{ ...value, name: 'y' }] });
  expect(step).not.toHaveBeenCalled();
});

it('runs in its turn, for what is wanted, and hands the results over', async () => {
  const { load, session, result } = createSession();
  const step = vi.fn((work: () => Promise<unknown>) => work());
  const feeds = { x: tensor(1, 2) };
  const given = await (await load()).run([feeds], { outputs: ['y'] }, createContext({ step: step as never }));
  expect(session.run).toHaveBeenCalledExactlyOnceWith(feeds, ['y']);
  expect(step).toHaveBeenCalledOnce();
  expect(given.value).toEqual({ y: result });
  expect(given.transfer).toEqual([(result.data as Float32Array).buffer]);
});

it('is freed', async () => {
  const { load, session } = createSession();
  await (await load()).dispose();
  expect(session.dispose).toHaveBeenCalledOnce();
});
