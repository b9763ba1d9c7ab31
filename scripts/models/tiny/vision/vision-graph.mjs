// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { TinyGraph } from '../tiny-graph.mjs';

/** @typedef {import('../../onnx-writer.mjs').ValueName} ValueName */

/** Added to the scores of what is masked, where softmax turns it into zero. */
const maskedScore = -10000;

/** Length of the vectors that stand for a piece of an image. */
export const hiddenSize = 16;

/** The layers of vision models, with random weights: what comes out depends on every pixel and on where it is. */
export class VisionGraph extends TinyGraph {
  /** @param {ValueName} [name] */
  pixelValues(name = 'pixel_values') {
    return this.input(name, elementType.float, ['batch_size', 3, 'height', 'width']);
  }

  /**
   * One vector for each square of pixels: [batch, hiddenSize, height / size, width / size].
   *
   * @param {string} name
   * @param {ValueName} pixels
   * @param {number} size An even number.
   */
  patches(name, pixels, size) {
    const halved = this.averagePool(pixels, 2);
    return this.convolution(name, halved, { inputs: 3, outputs: hiddenSize, size: size / 2, stride: size / 2 });
  }

  /**
   * @param {ValueName} map [batch, channels, height, width]
   * @param {number} size
   */
  averagePool(map, size) {
    return this.node('AveragePool', [map], { kernel_shape: [size, size], strides: [size, size] });
  }

  /**
   * @param {string} name
   * @param {ValueName} map [batch, inputs, height, width]
   * @param {object} options
   * @param {number} options.inputs
   * @param {number} options.outputs
   * @param {number} [options.size] Odd where the stride is 1.
   * @param {number} [options.stride]
   * @param {number} [options.gain] How much larger the outputs are than the inputs, where those have nothing to do with each other.
   */
  convolution(name, map, { inputs, outputs, size = 1, stride = 1, gain = 1 }) {
    // A uniform value has the variance 1/3.
    const scale = gain * Math.sqrt(3 / (inputs * size * size));
    const weight = this.weights(`${name}.weight`, [outputs, inputs, size, size], scale);
    const padding = stride === 1 ? (size - 1) / 2 : 0;
    return this.node('Conv', [map, weight, this.weights(`${name}.bias`, [outputs], gain / 4)], {
      kernel_shape: [size, size],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    });
  }

  /**
   * Where the fields of a map lie, in widths and heights of the image: x and y, [height * width, 2].
   *
   * @param {ValueName} map [batch, channels, height, width]
   */
  coordinates(map) {
    const [x, y] = [3, 2].map((axis) => {
      const length = this.axisLength(map, axis);
      const places = this.node('Range', [this.integer(0), length, this.integer(1)]);
      const centres = this.node('Add', [this.node('Cast', [places], { to: elementType.float }), this.float(0.5)]);
      return this.node('Div', [centres, this.node('Cast', [length], { to: elementType.float })]);
    });
    const size = this.#spatialSize(map);
    const columns = [
      this.node('Expand', [x ?? '', size]),
      this.node('Expand', [this.node('Unsqueeze', [y ?? '', this.integers([-1])]), size]),
    ];
    const flat = columns.map((column) => this.node('Reshape', [column, this.integers([-1, 1])]));
    return this.node('Concat', flat, { axis: 1 });
  }

  /**
   * The fields of a map as a sequence, each changed by where it lies: [batch, height * width, hiddenSize].
   *
   * @param {ValueName} map [batch, hiddenSize, height, width]
   * @param {ValueName} coordinates
   */
  tokens(map, coordinates) {
    const flat = this.node('Reshape', [map, this.integers([0, hiddenSize, -1])]);
    const sequence = this.node('Transpose', [flat], { perm: [0, 2, 1] });
    const waves = this.node('Sin', [this.dense('places', coordinates, 2, hiddenSize, 4)]);
    const moved = this.node('Add', [sequence, this.node('Mul', [sequence, waves])]);
    return this.layerNormalization(this.node('Add', [moved, waves]), hiddenSize);
  }

  /**
   * A vector for each place in a text, after the places that came before: [sequence, hiddenSize].
   *
   * @param {ValueName} inputIds [batch, sequence]
   * @param {ValueName} [first] The first place. 0, if it is not given.
   */
  places(inputIds, first = this.integer(0)) {
    const end = this.node('Add', [first, this.axisLength(inputIds, 1)]);
    const places = this.node('Cast', [this.node('Range', [first, end, this.integer(1)])], { to: elementType.float });
    const column = this.node('Unsqueeze', [places, this.integers([-1])]);
    return this.node('Sin', [this.dense('text_places', column, 1, hiddenSize)]);
  }

  /**
   * What queries take from a sequence, and how much from each of its parts.
   *
   * @param {string} name
   * @param {ValueName} queries [batch or 1, queries, hiddenSize]
   * @param {ValueName} sequence [batch, length, hiddenSize]
   * @param {ValueName} [masked] 1 for what is not to be looked at, otherwise 0: [batch, 1, length].
   * @returns {{ context: ValueName, attention: ValueName }} [batch, queries, hiddenSize], [batch, queries, length]
   */
  look(name, queries, sequence, masked) {
    const project = (/** @type {string} */ part, /** @type {ValueName} */ value) =>
      this.dense(`${name}.${part}`, value, hiddenSize, hiddenSize);
    const keys = this.node('Transpose', [project('key', sequence)], { perm: [0, 2, 1] });
    const products = this.node('MatMul', [project('query', queries), keys]);
    const scores = this.node('Mul', [products, this.float(1 / Math.sqrt(hiddenSize))]);
    const seen =
      masked === undefined ? scores : this.node('Add', [scores, this.node('Mul', [masked, this.float(maskedScore)])]);
    const attention = this.node('Softmax', [seen], { axis: -1 });
    return { context: this.node('MatMul', [attention, project('value', sequence)]), attention };
  }

  /**
   * A sequence whose parts have looked at each other.
   *
   * @param {string} name
   * @param {ValueName} sequence [batch, length, hiddenSize]
   * @param {ValueName} [masked] As in `look`.
   */
  selfAttention(name, sequence, masked) {
    const { context } = this.look(name, sequence, sequence, masked);
    return this.layerNormalization(this.node('Add', [sequence, context]), hiddenSize);
  }

  /**
   * One vector for a whole sequence: [batch, hiddenSize].
   *
   * @param {string} name
   * @param {ValueName} sequence [batch, length, hiddenSize]
   * @param {ValueName} [masked] As in `look`.
   */
  pool(name, sequence, masked) {
    const { context } = this.look(name, this.weights(`${name}.query`, [1, 1, hiddenSize], 4), sequence, masked);
    return this.layerNormalization(this.node('Squeeze', [context, this.integers([1])]), hiddenSize);
  }

  /**
   * The vectors of the pieces of an image: [batch, pieces, hiddenSize].
   *
   * @param {ValueName} pixels
   * @param {number} patchSize
   */
  encodeImage(pixels, patchSize) {
    const map = this.patches('patches', pixels, patchSize);
    return this.selfAttention('encoder', this.tokens(map, this.coordinates(map)));
  }

  /**
   * Vectors of length one, of which small differences make large ones.
   *
   * @param {string} name
   * @param {ValueName} value [..., hiddenSize]
   */
  project(name, value) {
    const folded = this.node('Sin', [this.dense(`${name}.fold`, value, hiddenSize, hiddenSize, 3)]);
    const projected = this.dense(name, folded, hiddenSize, hiddenSize);
    return this.node('Div', [projected, this.node('ReduceL2', [projected], { axes: [-1], keepdims: 1 })]);
  }

  /**
   * A map stretched, linearly between its fields, to the height and width of another.
   *
   * @param {ValueName} map
   * @param {ValueName} other
   */
  stretch(map, other) {
    const channels = this.node('Slice', [this.node('Shape', [map]), this.integers([0]), this.integers([2])]);
    const size = this.node('Concat', [channels, this.#spatialSize(other)], { axis: 0 });
    return this.node('Resize', [map, '', '', size], { mode: { text: 'linear' } });
  }

  /**
   * A map of features near and far: [batch, hiddenSize, height / 4, width / 4]. The height and width are multiples of 8.
   *
   * @param {ValueName} pixels
   */
  featureMap(pixels) {
    const near = this.patches('near', pixels, 4);
    const far = this.convolution('far', this.averagePool(pixels, 8), { inputs: 3, outputs: hiddenSize, size: 3 });
    const both = this.node('Concat', [near, this.stretch(far, near)], { axis: 1 });
    const mixed = this.convolution('mixed', both, { inputs: 2 * hiddenSize, outputs: hiddenSize });
    return this.node('Tanh', [mixed]);
  }

  /**
   * Height and width: [2].
   *
   * @param {ValueName} map
   */
  #spatialSize(map) {
    return this.node('Slice', [this.node('Shape', [map]), this.integers([2]), this.integers([4])]);
  }
}
