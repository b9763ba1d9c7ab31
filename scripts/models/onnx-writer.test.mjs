// @ts-check
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { GraphBuilder, elementType } from './onnx-writer.mjs';

const description = {
  name: 'graph',
  producer: 'test',
  documentation: '',
  intermediateRepresentation: 8,
  operatorSet: 17,
};

function smallModel() {
  const graph = new GraphBuilder();
  const input = graph.input('input', elementType.float, ['rows', 2]);
  const scale = graph.floats('scale', [2], Float32Array.of(1, 10));
  const normalized = graph.node('LayerNormalization', [input, scale], { axis: -1, epsilon: { float: 1 } });
  const {
    y,
    scale: step,
    zeroPoint,
  } = graph.nodeWithOutputs('DynamicQuantizeLinear', [normalized], ['y', 'scale', 'zeroPoint']);
  const restored = graph.node('DequantizeLinear', [y, step, zeroPoint]);
  const transposed = graph.node('Transpose', [restored], { perm: [1, 0] });
  graph.output('output', elementType.float, [2, 'rows'], graph.node('Add', [transposed, graph.float(0.5)]));
  return graph.encode(description);
}

test('the runtime reads every kind of attribute, constant and output', async () => {
  ort.env.wasm.numThreads = 1;
  const model = await ort.InferenceSession.create(smallModel());
  const { output } = await model.run({ input: new ort.Tensor('float32', [3, 5, 6, 2], [2, 2]) });
  await model.release();

  expect(model.inputNames).toEqual(['input']);
  expect(output?.dims).toEqual([2, 2]);
  // (x - mean) / sqrt(variance + 1), times the scale of its column, plus a half.
  const expected = [-1 / Math.SQRT2 + 0.5, 2 / Math.sqrt(5) + 0.5, 10 / Math.SQRT2 + 0.5, -20 / Math.sqrt(5) + 0.5];
  const values = /** @type {Float32Array} */ (output?.data);
  expected.forEach((value, index) => expect(values[index]).toBeCloseTo(value, 1));
});

test('the same calls give the same bytes', () => {
  expect(smallModel().equals(smallModel())).toBe(true);
});

test('equal constants are stored once, and constants of other types are not confused', () => {
  const graph = new GraphBuilder();
  expect(graph.float(0)).toBe(graph.float(0));
  expect(graph.integers([0])).toBe(graph.integers([0]));
  expect(new Set([graph.float(0), graph.byte(0), graph.integer(0), graph.integers([0])]).size).toBe(4);
});

test('a text and a list of floats reach the operator', async () => {
  const graph = new GraphBuilder();
  const input = graph.input('input', elementType.float, [1, 2]);
  const padded = graph.node('Pad', [input, graph.integers([0, 1, 0, 0])], { mode: { text: 'edge' } });
  graph.output('padded', elementType.float, [1, 3], padded);
  const constant = graph.node('Constant', [], { value_floats: { floats: [0.5, -2] } });
  graph.output('constant', elementType.float, [2], constant);

  ort.env.wasm.numThreads = 1;
  const model = await ort.InferenceSession.create(graph.encode(description));
  const outputs = await model.run({ input: new ort.Tensor('float32', [3, 4], [1, 2]) });
  await model.release();
  expect([...(outputs['padded']?.data ?? [])]).toEqual([3, 3, 4]);
  expect([...(outputs['constant']?.data ?? [])]).toEqual([0.5, -2]);
});

test('a node runs a graph within the graph, which sees the values around it', async () => {
  const graph = new GraphBuilder();
  const rounds = graph.input('rounds', elementType.int64, []);
  const start = graph.input('start', elementType.float, [1]);
  const factor = graph.floats('factor', [1], Float32Array.of(2));
  const body = new GraphBuilder('body_');
  body.input('round', elementType.int64, []);
  const goOn = body.input('go_on', elementType.bool, []);
  const state = body.input('state', elementType.float, [1]);
  body.output('still_go_on', elementType.bool, [], goOn);
  const next = body.node('Add', [body.node('Mul', [state, factor]), body.float(1)]);
  body.output('next_state', elementType.float, [1], next);
  const end = graph.node('Loop', [rounds, '', start], { body: { graph: body } });
  graph.output('output', elementType.float, [1], graph.node('Add', [end, graph.float(0.5)]));

  ort.env.wasm.numThreads = 1;
  const model = await ort.InferenceSession.create(graph.encode(description));
  const { output } = await model.run({
    rounds: new ort.Tensor('int64', [3n], []),
    start: new ort.Tensor('float32', [1], [1]),
  });
  await model.release();
  // 1 → 3 → 7 → 15, and a half.
  expect([...(output?.data ?? [])]).toEqual([15.5]);
});
