// @ts-check
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * @typedef {object} Quantization Affine: `value = byte * scale + min`.
 * @property {'uint8'} dtype
 * @property {number} scale
 * @property {number} min
 *
 * @typedef {object} ManifestWeight
 * @property {string} name
 * @property {number[]} shape
 * @property {'float32' | 'int32'} dtype
 * @property {Quantization} [quantization]
 *
 * @typedef {object} QuantizedWeight
 * @property {number[]} shape
 * @property {Uint8Array} bytes
 * @property {number} scale
 * @property {number} zeroPoint The byte that stands for zero.
 */

/** The weights of a TensorFlow.js model: `model.json` tells names, shapes and order, the shards hold the bytes. */
export class TfjsWeights {
  /** @type {Map<string, ManifestWeight & { bytes: Buffer }>} */
  #weights = new Map();

  /**
   * @param {ManifestWeight[]} manifest In the order of the bytes.
   * @param {Buffer} bytes All shards, joined.
   */
  constructor(manifest, bytes) {
    let offset = 0;
    for (const weight of manifest) {
      const elementSize = weight.quantization ? 1 : 4;
      const size = weight.shape.reduce((product, dimension) => product * dimension, elementSize);
      this.#weights.set(weight.name, { ...weight, bytes: bytes.subarray(offset, offset + size) });
      offset += size;
    }
    if (offset !== bytes.length) {
      throw new Error(
        `The weights in the TensorFlow.js manifest take ${offset} bytes, the shards have ${bytes.length}.`,
      );
    }
  }

  /**
   * @param {string} directory Holds `model.json` and its shards.
   * @returns {Promise<TfjsWeights>}
   */
  static async read(directory) {
    const { weightsManifest } = JSON.parse(await readFile(path.join(directory, 'model.json'), 'utf8'));
    const groups = /** @type {{ paths: string[], weights: ManifestWeight[] }[]} */ (weightsManifest);
    const shards = groups.flatMap((group) => group.paths).map((name) => readFile(path.join(directory, name)));
    return new TfjsWeights(
      groups.flatMap((group) => group.weights),
      Buffer.concat(await Promise.all(shards)),
    );
  }

  /**
   * A weight as it is stored, for operators that compute with bytes.
   *
   * @param {string} name
   * @returns {QuantizedWeight}
   */
  quantized(name) {
    const { shape, bytes, quantization } = this.#get(name);
    if (quantization?.dtype !== 'uint8') throw new Error(`The weight ${name} is not quantised to uint8.`);
    const exactZeroPoint = -quantization.min / quantization.scale;
    const zeroPoint = Math.round(exactZeroPoint);
    if (zeroPoint < 0 || zeroPoint > 255 || Math.abs(exactZeroPoint - zeroPoint) > 1e-3) {
      throw new Error(`No byte of the weight ${name} stands for zero: it would be ${exactZeroPoint}.`);
    }
    return { shape, bytes, scale: quantization.scale, zeroPoint };
  }

  /**
   * @param {string} name
   * @returns {{ shape: number[], values: Float32Array }}
   */
  floats(name) {
    const { shape, bytes, dtype, quantization } = this.#get(name);
    if (dtype !== 'float32') throw new Error(`The weight ${name} is ${dtype}, not float32.`);
    const values = quantization
      ? Float32Array.from(bytes, (byte) => byte * quantization.scale + quantization.min)
      : Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
    return { shape, values };
  }

  /** @param {string} name */
  #get(name) {
    const weight = this.#weights.get(name);
    if (!weight) throw new Error(`The TensorFlow.js model has no weight ${name}.`);
    return weight;
  }
}
