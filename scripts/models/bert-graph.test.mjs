// @ts-check
import * as ort from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BertGraph } from './bert-graph.mjs';
import { elementType } from './onnx-writer.mjs';
import { TfjsWeights } from './tfjs-weights.mjs';

const configuration = { hidden_size: 8, num_attention_heads: 2, num_hidden_layers: 2, layer_norm_eps: 1e-12 };
const intermediateSize = 16;
const prefix = 'StatefulPartitionedCall/model/tf_bert_model/bert/';

/**
 * Ranges in which the vectors of the tokens stay apart. Only what is multiplied as bytes needs a byte for zero.
 *
 * @param {string} name
 */
function quantizationOf(name) {
  const range = name.includes('batchnorm/mul') ? [0.5, 1] : name.includes('/Tensordot/') ? [-0.5, 1] : [-1, 2];
  const [min = 0, extent = 1] = range;
  return { dtype: /** @type {const} */ ('uint8'), scale: extent / 256, min };
}

/** @returns {Record<string, number[]>} Shapes of the weights of a very small BERT. */
function weightShapes() {
  const { hidden_size: hidden, num_hidden_layers: layerCount } = configuration;
  /** @type {Record<string, number[]>} */
  const shapes = { unknown: [10, hidden], unknown_0: [6, hidden], unknown_1: [2, hidden] };
  const addNormalization = (/** @type {string} */ key) => {
    shapes[`${prefix}${key}/batchnorm/mul/ReadVariableOp`] = [hidden];
    shapes[`${prefix}${key}/batchnorm/ReadVariableOp`] = [hidden];
  };
  const addDense = (/** @type {string} */ key, inputSize = hidden, outputSize = hidden) => {
    shapes[`${prefix}${key}/Tensordot/ReadVariableOp`] = [inputSize, outputSize];
    shapes[`${prefix}${key}/BiasAdd/ReadVariableOp`] = [outputSize];
  };
  addNormalization('embeddings/LayerNorm');
  for (let index = 0; index < layerCount; index++) {
    const layer = `encoder/layer_._${index}`;
    for (const name of ['query', 'key', 'value']) addDense(`${layer}/attention/self/${name}`);
    addDense(`${layer}/attention/output/dense`);
    addNormalization(`${layer}/attention/output/LayerNorm`);
    addDense(`${layer}/intermediate/dense`, hidden, intermediateSize);
    addDense(`${layer}/output/dense`, intermediateSize, hidden);
    addNormalization(`${layer}/output/LayerNorm`);
  }
  return shapes;
}

function randomWeights() {
  const manifest = Object.entries(weightShapes()).map(([name, shape]) => ({
    name,
    shape,
    dtype: /** @type {const} */ ('float32'),
    quantization: quantizationOf(name),
  }));
  const size = manifest.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  let state = 1;
  const bytes = Buffer.from(Array.from({ length: size }, () => (state = (state * 48271) % 0x7fffffff) % 256));
  return new TfjsWeights(manifest, bytes);
}

const weights = randomWeights();

/** @typedef {number[][]} Matrix */

/** The same encoder in plain floats, straight from the paper, for one sentence without padding. */
const reference = {
  /** @param {string} name */
  matrix(name) {
    const { shape, values } = weights.floats(name);
    const columnCount = shape.at(-1) ?? 1;
    return Array.from({ length: values.length / columnCount }, (_, row) => [
      ...values.subarray(row * columnCount, (row + 1) * columnCount),
    ]);
  },
  /** @type {(rows: Matrix, key: string) => Matrix} */
  dense(rows, key) {
    const kernel = this.matrix(`${prefix}${key}/Tensordot/ReadVariableOp`);
    const [bias = []] = this.matrix(`${prefix}${key}/BiasAdd/ReadVariableOp`);
    return rows.map((row) =>
      bias.map((start, column) => row.reduce((sum, value, index) => sum + value * at(kernel, index, column), start)),
    );
  },
  /** @type {(rows: Matrix, key: string) => Matrix} */
  normalize(rows, key) {
    const [scale = []] = this.matrix(`${prefix}${key}/batchnorm/mul/ReadVariableOp`);
    const [bias = []] = this.matrix(`${prefix}${key}/batchnorm/ReadVariableOp`);
    return rows.map((row) => {
      const mean = average(row);
      const deviation = Math.sqrt(average(row.map((value) => (value - mean) ** 2)));
      return row.map((value, index) => ((value - mean) / deviation) * (scale[index] ?? 0) + (bias[index] ?? 0));
    });
  },
  /** @type {(rows: Matrix, layer: string) => Matrix} */
  attend(rows, layer) {
    const query = this.dense(rows, `${layer}/attention/self/query`);
    const key = this.dense(rows, `${layer}/attention/self/key`);
    const value = this.dense(rows, `${layer}/attention/self/value`);
    const headSize = configuration.hidden_size / configuration.num_attention_heads;
    return query.map((queryRow) =>
      queryRow.map((_, column) => {
        const start = Math.floor(column / headSize) * headSize;
        const head = queryRow.slice(start, start + headSize);
        const exponentials = key.map((_row, token) =>
          Math.exp(head.reduce((sum, x, index) => sum + x * at(key, token, start + index), 0) / Math.sqrt(headSize)),
        );
        const total = exponentials.reduce((a, b) => a + b, 0);
        return exponentials.reduce((sum, weight, token) => sum + (weight / total) * at(value, token, column), 0);
      }),
    );
  },
  /** @type {(inputIds: number[], tokenTypeIds: number[]) => Matrix} */
  encode(inputIds, tokenTypeIds) {
    const [words, positions, types] = ['unknown', 'unknown_0', 'unknown_1'].map((name) => this.matrix(name));
    const embedded = inputIds.map((id, position) =>
      (words?.[id] ?? []).map((x, i) => x + at(positions, position, i) + at(types, tokenTypeIds[position] ?? 0, i)),
    );
    let rows = this.normalize(embedded, 'embeddings/LayerNorm');
    for (let index = 0; index < configuration.num_hidden_layers; index++) {
      const layer = `encoder/layer_._${index}`;
      const context = this.dense(this.attend(rows, layer), `${layer}/attention/output/dense`);
      const attended = this.normalize(add(context, rows), `${layer}/attention/output/LayerNorm`);
      const expanded = this.dense(attended, `${layer}/intermediate/dense`).map((row) => row.map(gelu));
      rows = this.normalize(add(this.dense(expanded, `${layer}/output/dense`), attended), `${layer}/output/LayerNorm`);
    }
    return rows;
  },
};

/** @type {(matrix: Matrix | undefined, row: number, column: number) => number} */
const at = (matrix, row, column) => matrix?.[row]?.[column] ?? Number.NaN;
/** @type {(a: Matrix, b: Matrix) => Matrix} */
const add = (a, b) => a.map((row, index) => row.map((value, column) => value + at(b, index, column)));
/** @type {(values: number[]) => number} */
const average = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * x times the normal distribution function, which is integrated here.
 *
 * @param {number} x
 */
function gelu(x) {
  const stepCount = 2000;
  const width = x / stepCount;
  let area = 0;
  for (let step = 0; step < stepCount; step++) area += Math.exp(-(((step + 0.5) * width) ** 2) / 2) * width;
  return x * (0.5 + area / Math.sqrt(2 * Math.PI));
}

/** @type {(a: number[], b: number[]) => number} */
function cosine(a, b) {
  const dot = (/** @type {number[]} */ x, /** @type {number[]} */ y) =>
    x.reduce((sum, v, i) => sum + v * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** @type {ort.InferenceSession} */
let model;

beforeAll(async () => {
  ort.env.wasm.numThreads = 1;
  const bert = new BertGraph(weights, configuration);
  const hidden = bert.lastHiddenState();
  bert.graph.output('hidden', elementType.float, ['batch_size', 'sequence_length', 8], hidden);
  bert.graph.output('embedding', elementType.float, ['batch_size', 8], bert.sentenceEmbedding(hidden));
  const description = { name: 'bert', producer: 'test', documentation: '' };
  model = await ort.InferenceSession.create(
    bert.graph.encode({ ...description, intermediateRepresentation: 8, operatorSet: 17 }),
  );
});

afterAll(() => model.release());

test('tokens and sentences are encoded as by the float model, next to a longer sentence too', async () => {
  const tensor = (/** @type {number[]} */ values) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [2, 5]);
  const { hidden, embedding } = await model.run({
    input_ids: tensor([1, 5, 2, 0, 0, 1, 7, 8, 9, 2]),
    attention_mask: tensor([1, 1, 1, 0, 0, 1, 1, 1, 1, 1]),
    token_type_ids: tensor([0, 0, 1, 0, 0, 0, 0, 0, 1, 1]),
  });
  const vectors = /** @type {Float32Array} */ (hidden?.data);
  const sentences = /** @type {Float32Array} */ (embedding?.data);

  const expected = [reference.encode([1, 5, 2], [0, 0, 1]), reference.encode([1, 7, 8, 9, 2], [0, 0, 0, 1, 1])];
  expected.forEach((rows, sentence) => {
    rows.forEach((row, token) => {
      const start = (sentence * 5 + token) * 8;
      expect(cosine([...vectors.subarray(start, start + 8)], row)).toBeGreaterThan(0.9998);
    });
    const mean = [...Array(8).keys()].map((column) => average(rows.map((row) => row[column] ?? 0)));
    const sentenceVector = [...sentences.subarray(sentence * 8, (sentence + 1) * 8)];
    expect(cosine(sentenceVector, mean)).toBeGreaterThan(0.9998);
    expect(Math.hypot(...sentenceVector)).toBeCloseTo(1, 5);
  });
});
