// @ts-check
import { GraphBuilder, elementType } from './onnx-writer.mjs';

/** TensorProto.DataType of every type whose tensors a session takes and gives. */
const tensorTypes = Object.freeze({
  float32: elementType.float,
  uint8: elementType.uint8,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: elementType.int64,
  string: 8,
  bool: elementType.bool,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
});

/** @param {GraphBuilder} graph */
const encode = (graph) =>
  graph.encode({
    name: 'session',
    producer: 'insitu',
    documentation: '',
    intermediateRepresentation: 8,
    operatorSet: 17,
  });

/**
 * Gives the rows of `rows` in the other order, whatever they are made of. Their number is named `length`.
 *
 * @param {keyof typeof tensorTypes} type
 */
export function createReversingGraph(type) {
  const graph = new GraphBuilder();
  const input = graph.input('rows', tensorTypes[type], ['length', 2]);
  const backwards = [-1, Number.MIN_SAFE_INTEGER, 0, -1].map((value) => graph.integers([value]));
  const reversed = graph.node('Slice', [input, ...backwards]);
  graph.output('reversed', tensorTypes[type], ['length', 2], reversed);
  return encode(graph);
}

/** A cache that grows by a row with each run, as a decoder's does, and the sum of all that it holds. */
export function createCacheGraph() {
  const graph = new GraphBuilder();
  const past = graph.input('past_key_values.0.key', elementType.float, ['batch', 'past', 4]);
  const row = graph.input('row', elementType.float, ['batch', 1, 4]);
  const present = graph.node('Concat', [past, row], { axis: 1 });
  graph.output('present.0.key', elementType.float, ['batch', 'total', 4], present);
  graph.output('sum', elementType.float, [], graph.node('ReduceSum', [present], { keepdims: 0 }));
  return encode(graph);
}

/** An encoder that tells what it attends to. */
export function createAttentiveGraph() {
  const graph = new GraphBuilder();
  const given = graph.input('given', elementType.float, ['length']);
  graph.output('last_hidden_state', elementType.float, ['length'], graph.node('Neg', [given]));
  graph.output('encoder_attentions.0', elementType.float, ['length'], graph.node('Abs', [given]));
  return encode(graph);
}

/** Gives its input back, as `present`. */
export function createIdentityGraph() {
  const graph = new GraphBuilder();
  graph.output('present', elementType.float, ['length'], graph.input('given', elementType.float, ['length']));
  return encode(graph);
}
