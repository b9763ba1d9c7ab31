// @ts-check
import { GraphBuilder, elementType } from './onnx-writer.mjs';

/**
 * @typedef {import('./onnx-writer.mjs').ValueName} ValueName
 *
 * @typedef {object} BertConfiguration
 * @property {number} hidden_size
 * @property {number} num_attention_heads
 * @property {number} num_hidden_layers
 * @property {number} layer_norm_eps
 *
 * @typedef {object} QuantizedActivation What DynamicQuantizeLinear makes of a tensor.
 * @property {ValueName} y
 * @property {ValueName} scale
 * @property {ValueName} zeroPoint
 */

const weightPrefix = 'StatefulPartitionedCall/model/tf_bert_model/bert/';

/** Added to the scores of padding, where softmax turns it into zero. */
const maskedScore = -10000;

/**
 * The encoder of BERT (https://arxiv.org/abs/1810.04805) with dynamically quantised dense layers.
 *
 * Only standard operators are used, in the forms that ONNX Runtime replaces by its own faster ones when it loads the
 * model: DynamicQuantizeMatMul, MatMulIntegerToFloat, Gelu and FusedMatMul.
 */
export class BertGraph {
  graph = new GraphBuilder();
  #weights;
  #configuration;
  #inputIds;
  #attentionMask;
  #tokenTypeIds;

  /**
   * @param {import('./tfjs-weights.mjs').TfjsWeights} weights
   * @param {BertConfiguration} configuration
   */
  constructor(weights, configuration) {
    this.#weights = weights;
    this.#configuration = configuration;
    const shape = ['batch_size', 'sequence_length'];
    this.#inputIds = this.graph.input('input_ids', elementType.int64, shape);
    const attentionMask = this.graph.input('attention_mask', elementType.int64, shape);
    this.#tokenTypeIds = this.graph.input('token_type_ids', elementType.int64, shape);
    this.#attentionMask = this.graph.node('Cast', [attentionMask], { to: elementType.float });
  }

  /** One vector for each token: [batch, sequence, hidden]. */
  lastHiddenState() {
    const mask = this.#scoreMask();
    let hidden = this.#embeddings();
    for (let index = 0; index < this.#configuration.num_hidden_layers; index++) {
      hidden = this.#encoderLayer(hidden, mask, `encoder/layer_._${index}/`);
    }
    return hidden;
  }

  /**
   * The mean of the token vectors, scaled to length one: [batch, hidden]. The scaling makes the mean and the sum the same.
   *
   * @param {ValueName} hidden
   */
  sentenceEmbedding(hidden) {
    const { graph } = this;
    const mask = graph.node('Unsqueeze', [this.#attentionMask, graph.integers([-1])]);
    const sum = graph.node('ReduceSum', [graph.node('Mul', [hidden, mask]), graph.integers([1])], { keepdims: 0 });
    return graph.node('Div', [sum, graph.node('ReduceL2', [sum], { axes: [-1], keepdims: 1 })]);
  }

  #embeddings() {
    const { graph } = this;
    const sequenceLength = graph.node('Gather', [graph.node('Shape', [this.#inputIds]), graph.integer(1)]);
    const positions = graph.node('Range', [graph.integer(0), sequenceLength, graph.integer(1)]);
    // The converter lost the names of the three tables.
    const words = this.#embedding('embeddings.word_embeddings', 'unknown', this.#inputIds);
    const tokenTypes = this.#embedding('embeddings.token_type_embeddings', 'unknown_1', this.#tokenTypeIds);
    const wordPositions = this.#embedding('embeddings.position_embeddings', 'unknown_0', positions);
    const sum = graph.node('Add', [graph.node('Add', [words, tokenTypes]), wordPositions]);
    return this.#layerNormalization(sum, 'embeddings/LayerNorm');
  }

  /**
   * Rows are looked up before they are turned into floats, so that the table stays one byte an element in memory.
   *
   * @param {string} name
   * @param {string} key
   * @param {ValueName} indices
   */
  #embedding(name, key, indices) {
    const { graph } = this;
    const { shape, bytes, scale, zeroPoint } = this.#weights.quantized(key);
    const rows = graph.node('Gather', [graph.initializer(name, elementType.uint8, shape, bytes), indices]);
    return graph.node('DequantizeLinear', [rows, graph.float(scale), graph.byte(zeroPoint)]);
  }

  /** Zero where there is a token: [batch, 1, 1, sequence]. */
  #scoreMask() {
    const { graph } = this;
    const mask = graph.node('Unsqueeze', [this.#attentionMask, graph.integers([1, 2])]);
    return graph.node('Mul', [graph.node('Sub', [graph.float(1), mask]), graph.float(maskedScore)]);
  }

  /**
   * @param {ValueName} hidden
   * @param {ValueName} mask
   * @param {string} key
   */
  #encoderLayer(hidden, mask, key) {
    const { graph } = this;
    const context = this.#selfAttention(hidden, mask, `${key}attention/self/`);
    const projected = this.#dense(this.#quantize(context), `${key}attention/output/dense`);
    const attended = this.#layerNormalization(
      graph.node('Add', [projected, hidden]),
      `${key}attention/output/LayerNorm`,
    );
    const expanded = this.#gelu(this.#dense(this.#quantize(attended), `${key}intermediate/dense`));
    const contracted = this.#dense(this.#quantize(expanded), `${key}output/dense`);
    return this.#layerNormalization(graph.node('Add', [contracted, attended]), `${key}output/LayerNorm`);
  }

  /**
   * @param {ValueName} hidden
   * @param {ValueName} mask
   * @param {string} key
   */
  #selfAttention(hidden, mask, key) {
    const { graph } = this;
    const { hidden_size: hiddenSize, num_attention_heads: headCount } = this.#configuration;
    const headSize = hiddenSize / headCount;
    const activation = this.#quantize(hidden);
    const project = (/** @type {string} */ name, /** @type {number[]} */ permutation) => {
      const projected = this.#dense(activation, `${key}${name}`);
      const heads = graph.node('Reshape', [projected, graph.integers([0, 0, headCount, headSize])]);
      return graph.node('Transpose', [heads], { perm: permutation });
    };
    const query = project('query', [0, 2, 1, 3]);
    const transposedKey = project('key', [0, 2, 3, 1]);
    const value = project('value', [0, 2, 1, 3]);
    const products = graph.node('MatMul', [query, transposedKey]);
    const scores = graph.node('Add', [graph.node('Div', [products, graph.float(Math.sqrt(headSize))]), mask]);
    const context = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), value]);
    const tokens = graph.node('Transpose', [context], { perm: [0, 2, 1, 3] });
    return graph.node('Reshape', [tokens, graph.integers([0, 0, hiddenSize])]);
  }

  /**
   * @param {ValueName} value
   * @returns {QuantizedActivation}
   */
  #quantize(value) {
    return this.graph.nodeWithOutputs('DynamicQuantizeLinear', [value], ['y', 'scale', 'zeroPoint']);
  }

  /**
   * @param {QuantizedActivation} activation
   * @param {string} key
   */
  #dense(activation, key) {
    const { graph } = this;
    const { shape, bytes, scale, zeroPoint } = this.#weights.quantized(
      `${weightPrefix}${key}/Tensordot/ReadVariableOp`,
    );
    const product = graph.node('MatMulInteger', [
      activation.y,
      graph.initializer(`${parameterName(key)}.weight`, elementType.uint8, shape, bytes),
      activation.zeroPoint,
      graph.byte(zeroPoint),
    ]);
    const scaled = graph.node('Mul', [
      graph.node('Cast', [product], { to: elementType.float }),
      graph.node('Mul', [activation.scale, graph.float(scale)]),
    ]);
    return graph.node('Add', [scaled, this.#vector(`${parameterName(key)}.bias`, `${key}/BiasAdd/ReadVariableOp`)]);
  }

  /**
   * The exact form, with the error function.
   *
   * @param {ValueName} value
   */
  #gelu(value) {
    const { graph } = this;
    const error = graph.node('Erf', [graph.node('Div', [value, graph.float(Math.SQRT2)])]);
    const gated = graph.node('Mul', [value, graph.node('Add', [error, graph.float(1)])]);
    return graph.node('Mul', [gated, graph.float(0.5)]);
  }

  /**
   * @param {ValueName} value
   * @param {string} key
   */
  #layerNormalization(value, key) {
    const scale = this.#vector(`${parameterName(key)}.weight`, `${key}/batchnorm/mul/ReadVariableOp`);
    const bias = this.#vector(`${parameterName(key)}.bias`, `${key}/batchnorm/ReadVariableOp`);
    const epsilon = { float: this.#configuration.layer_norm_eps };
    return this.graph.node('LayerNormalization', [value, scale, bias], { axis: -1, epsilon });
  }

  /**
   * @param {string} name
   * @param {string} key
   */
  #vector(name, key) {
    const { shape, values } = this.#weights.floats(weightPrefix + key);
    return this.graph.floats(name, shape, values);
  }
}

/**
 * The name PyTorch gives a parameter's module, which tools that show a graph are used to.
 *
 * @param {string} key
 */
function parameterName(key) {
  return key.replace('layer_._', 'layer.').replaceAll('/', '.');
}
