// @ts-check
import { GraphBuilder, elementType } from './onnx-writer.mjs';
import { createRandomFloats } from './random-floats.mjs';
import { tokenId, vocabulary } from './stunts-vocabulary.mjs';

/** @typedef {import('./onnx-writer.mjs').ValueName} ValueName */

export const hiddenSize = 8;

/**
 * ONNX Runtime computes a product of matrices of this size on one thread, so a word takes as long on a page that is
 * isolated as on one that is not.
 */
const matrixSize = 32;
const productsPerRound = 8;

const roundsPerBriefWord = 100;
const roundsPerSlowWord = 100 * roundsPerBriefWord;

/**
 * Floats of 4 GiB less 4 MiB. WebAssembly counts bytes with 32 bits and the runtime has some MiB already, so this never fits,
 * is refused before a page of it is touched, and does not overflow the runtime's own counting.
 */
const floatsPerHugeWord = 2 ** 30 - 2 ** 20;

/**
 * A model whose words do things to the runtime: `slow` takes about a second, `brief` a hundredth of that, and `huge` wants
 * more memory than WebAssembly has. A token's vector depends on nothing but the token.
 *
 * @param {object} [options]
 * @param {number} [options.traceScale] How much of what the stunts computed reaches the vectors. It must not be 0, or the
 *   runtime might leave the computation out.
 * @returns {Buffer} The ONNX file.
 */
export function encodeStuntsGraph({ traceScale = 1e-30 } = {}) {
  const graph = new GraphBuilder();
  const shape = ['batch_size', 'sequence_length'];
  const inputIds = graph.input('input_ids', elementType.int64, shape);
  graph.input('attention_mask', elementType.int64, shape);
  graph.input('token_type_ids', elementType.int64, shape);

  const random = createRandomFloats(1);
  const table = Float32Array.from({ length: vocabulary.length * hiddenSize }, random);
  const words = graph.node('Gather', [
    graph.floats('word_embeddings', [vocabulary.length, hiddenSize], table),
    inputIds,
  ]);
  const traces = graph.node('Add', [spendTime(graph, inputIds, random), spendMemory(graph, inputIds)]);
  const hidden = graph.node('Add', [words, graph.node('Mul', [traces, graph.float(traceScale)])]);
  graph.output('last_hidden_state', elementType.float, [...shape, hiddenSize], hidden);
  return graph.encode({
    name: 'stunts',
    producer: 'insitu',
    documentation: 'Words that make a run slow or exhaust the memory, for tests and demos. MIT.',
    operatorSet: 17,
    intermediateRepresentation: 8,
  });
}

/**
 * A loop with as many rounds as the words ask for. Its result is between -1 and 1, and 0 without a round.
 *
 * @param {GraphBuilder} graph
 * @param {ValueName} inputIds
 * @param {() => number} random
 */
function spendTime(graph, inputIds, random) {
  const shape = [matrixSize, matrixSize];
  // A uniform value has the variance 1/3: with this gain the products grow, and Sin folds them back. So the state never comes
  // to rest, nor to the tiny numbers with which processors are slow.
  const gain = 1.5 * Math.sqrt(3 / matrixSize);
  const weights = graph.floats(
    'loop_weights',
    shape,
    Float32Array.from({ length: matrixSize ** 2 }, () => gain * random()),
  );
  const start = graph.floats('loop_start', shape, Float32Array.from({ length: matrixSize ** 2 }, random));

  const body = new GraphBuilder('body_');
  body.input('round', elementType.int64, []);
  const goOn = body.input('go_on', elementType.bool, []);
  let state = body.input('state', elementType.float, shape);
  for (let product = 0; product < productsPerRound; product++) state = body.node('MatMul', [state, weights]);
  body.output('still_go_on', elementType.bool, [], goOn);
  body.output('next_state', elementType.float, shape, body.node('Sin', [state]));

  const rounds = graph.node(
    'ReduceSum',
    [perToken(graph, 'rounds', inputIds, 0, { brief: roundsPerBriefWord, slow: roundsPerSlowWord })],
    { keepdims: 0 },
  );
  const end = graph.node('Loop', [rounds, '', start], { body: { graph: body } });
  const change = graph.node('Sub', [end, start]);
  return graph.node('Tanh', [graph.node('ReduceMean', [change], { keepdims: 0 })]);
}

/**
 * A tensor as large as the largest wish of a word: one float without a wish. Its result is between -1 and 1.
 *
 * @param {GraphBuilder} graph
 * @param {ValueName} inputIds
 */
function spendMemory(graph, inputIds) {
  const wishes = perToken(graph, 'floats', inputIds, 1, { huge: floatsPerHugeWord });
  const length = graph.node('ReduceMax', [graph.node('Reshape', [wishes, graph.integers([-1])])], { keepdims: 1 });
  const expanded = graph.node('Expand', [graph.float(0), length]);
  return graph.node('Tanh', [graph.node('ReduceMean', [expanded], { keepdims: 0 })]);
}

/**
 * An integer for each token of the input.
 *
 * @param {GraphBuilder} graph
 * @param {ValueName} name
 * @param {ValueName} inputIds
 * @param {number} usual
 * @param {Record<string, number>} exceptions By word.
 */
function perToken(graph, name, inputIds, usual, exceptions) {
  const values = new BigInt64Array(vocabulary.length).fill(BigInt(usual));
  for (const [word, value] of Object.entries(exceptions)) values[tokenId(word)] = BigInt(value);
  const table = graph.initializer(name, elementType.int64, [values.length], new Uint8Array(values.buffer));
  return graph.node('Gather', [table, inputIds]);
}
