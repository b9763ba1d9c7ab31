// @ts-check
import { bytesField, floatField, integerField, messageField, textField } from './protobuf-writer.mjs';

/**
 * Field numbers and enumerations are those of the ONNX intermediate representation,
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

/** TensorProto.DataType */
export const elementType = Object.freeze({ float: 1, uint8: 2, int64: 7, bool: 9 });

/** AttributeProto.AttributeType */
const attributeType = Object.freeze({ float: 1, integer: 2, text: 3, graph: 5, floats: 6, integers: 7 });

/**
 * @typedef {string} ValueName Names a tensor within a graph.
 *
 * @typedef {number | number[] | { float: number } | { floats: number[] } | { text: string } | { graph: GraphBuilder }} Attribute
 *   An integer, a list of integers, a float, a list of floats, a text, or a graph that the node runs, such as the body of a loop.
 *
 * @typedef {object} ModelDescription
 * @property {string} name
 * @property {string} producer
 * @property {string} documentation
 * @property {number} intermediateRepresentation Version of the format.
 * @property {number} operatorSet Version of the default operator set.
 */

/**
 * @param {string} name
 * @param {Attribute} value
 */
function encodeAttribute(name, value) {
  const encodedName = textField(1, name);
  if (Array.isArray(value)) {
    const items = value.map((item) => integerField(8, item));
    return messageField(5, [encodedName, ...items, integerField(20, attributeType.integers)]);
  }
  if (typeof value === 'number') {
    return messageField(5, [encodedName, integerField(3, value), integerField(20, attributeType.integer)]);
  }
  if ('graph' in value) {
    const graph = messageField(6, value.graph.encodeGraph(name));
    return messageField(5, [encodedName, graph, integerField(20, attributeType.graph)]);
  }
  if ('text' in value) {
    return messageField(5, [encodedName, textField(4, value.text), integerField(20, attributeType.text)]);
  }
  if ('floats' in value) {
    const items = value.floats.map((item) => floatField(7, item));
    return messageField(5, [encodedName, ...items, integerField(20, attributeType.floats)]);
  }
  return messageField(5, [encodedName, floatField(2, value.float), integerField(20, attributeType.float)]);
}

/**
 * ValueInfoProto of a tensor.
 *
 * @param {string} name
 * @param {number} type
 * @param {(number | string)[]} shape A string names a dimension that is not known before the model runs.
 */
function encodeValueInfo(name, type, shape) {
  const dimensions = shape.map((dimension) =>
    messageField(1, [typeof dimension === 'number' ? integerField(1, dimension) : textField(2, dimension)]),
  );
  const tensorType = messageField(1, [integerField(1, type), messageField(2, dimensions)]);
  return [textField(1, name), messageField(2, [tensorType])];
}

/** Collects the nodes and constants of a graph and writes the model. The same calls give the same bytes. */
export class GraphBuilder {
  /** @type {Buffer[]} */
  #nodes = [];
  /** @type {Buffer[]} */
  #initializers = [];
  /** @type {Buffer[]} */
  #inputs = [];
  /** @type {Buffer[]} */
  #outputs = [];
  /** @type {Map<string, ValueName>} */
  #constants = new Map();
  #prefix;

  /**
   * @param {string} [prefix] Of the names that the builder makes: a graph within another sees the names of that one, and must
   *   not have the same.
   */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /**
   * A tensor stored in the model.
   *
   * @param {ValueName} name
   * @param {number} type
   * @param {number[]} shape
   * @param {Uint8Array} bytes Little-endian elements.
   * @returns {ValueName}
   */
  initializer(name, type, shape, bytes) {
    const dimensions = shape.map((dimension) => integerField(1, dimension));
    const fields = [...dimensions, integerField(2, type), textField(8, name), bytesField(9, bytes)];
    this.#initializers.push(messageField(5, fields));
    return name;
  }

  /**
   * @param {ValueName} name
   * @param {number[]} shape
   * @param {Float32Array} values
   * @returns {ValueName}
   */
  floats(name, shape, values) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.initializer(name, elementType.float, shape, bytes);
  }

  /** @param {number} value */
  float(value) {
    return this.#constant('float', elementType.float, [], new Uint8Array(Float32Array.of(value).buffer));
  }

  /** @param {number} value */
  byte(value) {
    return this.#constant('byte', elementType.uint8, [], Uint8Array.of(value));
  }

  /** @param {number} value */
  integer(value) {
    return this.#constant('integer', elementType.int64, [], new Uint8Array(BigInt64Array.of(BigInt(value)).buffer));
  }

  /** @param {number[]} values */
  integers(values) {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant('integers', elementType.int64, [values.length], bytes);
  }

  /**
   * @param {string} operator
   * @param {ValueName[]} inputs
   * @param {Record<string, Attribute>} [attributes]
   * @returns {ValueName} The only output.
   */
  node(operator, inputs, attributes = {}) {
    const output = `${this.#prefix}${operator}_${this.#nodes.length}_output`;
    this.#appendNode(operator, inputs, [output], attributes);
    return output;
  }

  /**
   * @template {string} Output
   * @param {string} operator
   * @param {ValueName[]} inputs
   * @param {Output[]} outputs What the operator's specification calls its outputs, in its order.
   * @param {Record<string, Attribute>} [attributes]
   * @returns {Record<Output, ValueName>}
   */
  nodeWithOutputs(operator, inputs, outputs, attributes = {}) {
    const names = outputs.map((output) => `${this.#prefix}${operator}_${this.#nodes.length}_${output}`);
    this.#appendNode(operator, inputs, names, attributes);
    return /** @type {Record<Output, ValueName>} */ (
      Object.fromEntries(outputs.map((output, index) => [output, names[index]]))
    );
  }

  /**
   * @param {ValueName} name
   * @param {number} type
   * @param {(number | string)[]} shape
   * @returns {ValueName}
   */
  input(name, type, shape) {
    this.#inputs.push(messageField(11, encodeValueInfo(name, type, shape)));
    return name;
  }

  /**
   * @param {ValueName} name What callers of the model see.
   * @param {number} type
   * @param {(number | string)[]} shape
   * @param {ValueName} value
   */
  output(name, type, shape, value) {
    this.#appendNode('Identity', [value], [name], {});
    this.#outputs.push(messageField(12, encodeValueInfo(name, type, shape)));
  }

  /**
   * The ModelProto.
   *
   * @param {ModelDescription} description
   * @returns {Buffer}
   */
  encode({ name, producer, documentation, intermediateRepresentation, operatorSet }) {
    return Buffer.concat([
      integerField(1, intermediateRepresentation),
      textField(2, producer),
      textField(6, documentation),
      messageField(7, this.encodeGraph(name)),
      messageField(8, [textField(1, ''), integerField(2, operatorSet)]),
    ]);
  }

  /**
   * The fields of the GraphProto.
   *
   * @param {string} name
   * @returns {Buffer[]}
   */
  encodeGraph(name) {
    return [...this.#nodes, textField(2, name), ...this.#initializers, ...this.#inputs, ...this.#outputs];
  }

  /**
   * Equal constants are stored once.
   *
   * @param {string} kind
   * @param {number} type
   * @param {number[]} shape
   * @param {Uint8Array} bytes
   */
  #constant(kind, type, shape, bytes) {
    const key = `${kind}:${Buffer.from(bytes).toString('hex')}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.initializer(`${this.#prefix}${kind}_${this.#constants.size}`, type, shape, bytes);
    this.#constants.set(key, name);
    return name;
  }

  /**
   * @param {string} operator
   * @param {ValueName[]} inputs
   * @param {ValueName[]} outputs
   * @param {Record<string, Attribute>} attributes
   */
  #appendNode(operator, inputs, outputs, attributes) {
    this.#nodes.push(
      messageField(1, [
        ...inputs.map((input) => textField(1, input)),
        ...outputs.map((output) => textField(2, output)),
        textField(3, `${this.#prefix}${operator}_${this.#nodes.length}`),
        textField(4, operator),
        ...Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
      ]),
    );
  }
}
