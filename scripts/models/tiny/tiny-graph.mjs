// @ts-check
import { GraphBuilder, elementType } from '../onnx-writer.mjs';
import { createRandomFloats } from '../random-floats.mjs';

/** @typedef {import('../onnx-writer.mjs').ValueName} ValueName */

/** A graph whose layers have random weights, the same for the same seed. */
export class TinyGraph extends GraphBuilder {
  /** The next random number from -1 to 1. @protected */
  random;

  /**
   * @param {number} seed An integer from 1 to 2^31 - 2.
   */
  constructor(seed) {
    super();
    this.random = createRandomFloats(seed);
  }

  /**
   * A tensor of random numbers from -scale to scale.
   *
   * @param {ValueName} name
   * @param {number[]} shape
   * @param {number} [scale]
   * @returns {ValueName}
   */
  weights(name, shape, scale = 1) {
    const values = new Float32Array(shape.reduce((product, dimension) => product * dimension, 1));
    for (let index = 0; index < values.length; index++) values[index] = scale * this.random();
    return this.floats(name, shape, values);
  }

  /**
   * @param {ValueName} name
   * @param {BigInt64Array} values
   */
  integerTable(name, values) {
    return this.initializer(name, elementType.int64, [values.length], new Uint8Array(values.buffer));
  }

  /**
   * A row of a random table for each index.
   *
   * @param {string} name
   * @param {ValueName} indices
   * @param {number} count
   * @param {number} size
   * @param {number} [scale] Of the numbers in the table.
   */
  embedding(name, indices, count, size, scale = 1) {
    return this.node('Gather', [this.weights(`${name}.weight`, [count, size], scale), indices]);
  }

  /**
   * A product with random weights and a random bias, on the last axis.
   *
   * @param {string} name
   * @param {ValueName} value
   * @param {number} inputSize
   * @param {number} outputSize
   * @param {number} [gain] How much larger the outputs are than the inputs.
   */
  dense(name, value, inputSize, outputSize, gain = 1) {
    // A uniform value has the variance 1/3.
    const scale = gain * Math.sqrt(3 / inputSize);
    const product = this.node('MatMul', [value, this.weights(`${name}.weight`, [inputSize, outputSize], scale)]);
    return this.node('Add', [product, this.weights(`${name}.bias`, [outputSize], gain / 4)]);
  }

  /**
   * Of the last axis.
   *
   * @param {ValueName} value
   * @param {number} size
   */
  layerNormalization(value, size) {
    const scale = this.#filled(`layer_norm_${size}`, size, 1);
    return this.node('LayerNormalization', [value, scale], { axis: -1, epsilon: { float: 1e-5 } });
  }

  /**
   * Of the last axis, by its root mean square.
   *
   * @param {ValueName} value
   */
  rootMeanSquareNormalization(value) {
    const mean = this.node('ReduceMean', [this.node('Mul', [value, value])], { axes: [-1], keepdims: 1 });
    return this.node('Div', [value, this.node('Sqrt', [this.node('Add', [mean, this.float(1e-6)])])]);
  }

  /**
   * [batch, sequence, hidden] becomes [batch, heads, sequence, hidden / heads].
   *
   * @param {ValueName} value
   * @param {number} headCount
   * @param {number} headSize
   */
  splitHeads(value, headCount, headSize) {
    const heads = this.node('Reshape', [value, this.integers([0, 0, headCount, headSize])]);
    return this.node('Transpose', [heads], { perm: [0, 2, 1, 3] });
  }

  /**
   * Scaled dot-product attention of heads, joined again: [batch, sequence, hidden].
   *
   * @param {{ query: ValueName, key: ValueName, value: ValueName, scoreMask?: ValueName | undefined, headSize: number, hiddenSize: number }} parts
   *   `scoreMask` is added to the scores.
   */
  attend({ query, key, value, scoreMask, headSize, hiddenSize }) {
    const transposedKey = this.node('Transpose', [key], { perm: [0, 1, 3, 2] });
    const products = this.node('MatMul', [query, transposedKey]);
    const scores = this.node('Mul', [products, this.float(1 / Math.sqrt(headSize))]);
    const masked = scoreMask === undefined ? scores : this.node('Add', [scores, scoreMask]);
    const context = this.node('MatMul', [this.node('Softmax', [masked], { axis: -1 }), value]);
    const tokens = this.node('Transpose', [context], { perm: [0, 2, 1, 3] });
    return this.node('Reshape', [tokens, this.integers([0, 0, hiddenSize])]);
  }

  /**
   * What is added to the scores so that padding counts nothing: [batch, 1, 1, sequence].
   *
   * @param {ValueName} attentionMask int64 [batch, sequence]
   */
  paddingScores(attentionMask) {
    const floats = this.node('Cast', [attentionMask], { to: elementType.float });
    const mask = this.node('Unsqueeze', [floats, this.integers([1, 2])]);
    return this.node('Mul', [this.node('Sub', [this.float(1), mask]), this.float(-10000)]);
  }

  /**
   * What is added to the scores so that no token sees what comes after it: [sequence, total].
   *
   * @param {ValueName} past How many tokens went before, a scalar.
   * @param {ValueName} total Of tokens.
   */
  causalScores(past, total) {
    const keys = this.node('Range', [this.integer(0), total, this.integer(1)]);
    const queries = this.node('Unsqueeze', [this.node('Range', [past, total, this.integer(1)]), this.integers([1])]);
    const later = this.node('Cast', [this.node('Greater', [keys, queries])], { to: elementType.float });
    return this.node('Mul', [later, this.float(-10000)]);
  }

  /**
   * The length of an axis, a scalar.
   *
   * @param {ValueName} value
   * @param {number} axis
   */
  axisLength(value, axis) {
    return this.node('Gather', [this.node('Shape', [value]), this.integer(axis)]);
  }

  /**
   * The ONNX file.
   *
   * @param {string} name
   */
  encodeTiny(name) {
    return this.encode({
      name,
      producer: 'insitu',
      documentation: 'Random weights, for tests. MIT.',
      operatorSet: 17,
      intermediateRepresentation: 8,
    });
  }

  /** @type {Set<string>} */
  #filledNames = new Set();

  /**
   * A vector of one value, stored once for a name.
   *
   * @param {string} name
   * @param {number} size
   * @param {number} value
   */
  #filled(name, size, value) {
    if (!this.#filledNames.has(name)) this.floats(name, [size], new Float32Array(size).fill(value));
    this.#filledNames.add(name);
    return name;
  }
}
