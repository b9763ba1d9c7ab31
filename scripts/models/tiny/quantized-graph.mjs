// @ts-check
import { elementType } from '../onnx-writer.mjs';
import { TinyGraph } from './tiny-graph.mjs';

/** @typedef {import('../onnx-writer.mjs').ValueName} ValueName */

const zeroPoint = 128;

/** The same layers, the dense ones with weights in uint8 and activations that are quantised while the model runs. */
export class QuantizedGraph extends TinyGraph {
  /**
   * @override
   * @param {string} name
   * @param {ValueName} value
   * @param {number} inputSize
   * @param {number} outputSize
   * @param {number} [gain]
   */
  dense(name, value, inputSize, outputSize, gain = 1) {
    const bytes = new Uint8Array(inputSize * outputSize);
    for (let index = 0; index < bytes.length; index++) bytes[index] = zeroPoint + 127 * this.random();
    const scale = (gain * Math.sqrt(3 / inputSize)) / 127;
    const activation = this.nodeWithOutputs('DynamicQuantizeLinear', [value], ['y', 'scale', 'zeroPoint']);
    const product = this.node('MatMulInteger', [
      activation.y,
      this.initializer(`${name}.weight`, elementType.uint8, [inputSize, outputSize], bytes),
      activation.zeroPoint,
      this.byte(zeroPoint),
    ]);
    const floats = this.node('Cast', [product], { to: elementType.float });
    const scaled = this.node('Mul', [floats, this.node('Mul', [activation.scale, this.float(scale)])]);
    return this.node('Add', [scaled, this.weights(`${name}.bias`, [outputSize], gain / 4)]);
  }
}
