// @ts-check

/**
 * The protocol buffers wire format, as far as an ONNX model needs it: a message is the concatenation of its fields, and
 * a field is a tag (its number and a wire type) with a payload. https://protobuf.dev/programming-guides/encoding/
 */

const wireTypeVarint = 0;
const wireTypeLengthDelimited = 2;
const wireTypeFixed32 = 5;

/**
 * Base-128 number, least significant group first. A negative one takes ten bytes, as int64 fields want it.
 *
 * @param {number} value An integer.
 * @returns {Buffer}
 */
export function varint(value) {
  const groups = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    groups.push(rest === 0n ? group : group | 0x80);
  } while (rest !== 0n);
  return Buffer.from(groups);
}

/**
 * @param {number} field
 * @param {number} wireType
 */
function tag(field, wireType) {
  return varint((field << 3) | wireType);
}

/**
 * @param {number} field
 * @param {number} value An integer.
 * @returns {Buffer}
 */
export function integerField(field, value) {
  return Buffer.concat([tag(field, wireTypeVarint), varint(value)]);
}

/**
 * @param {number} field
 * @param {number} value Rounded to single precision.
 * @returns {Buffer}
 */
export function floatField(field, value) {
  const payload = Buffer.alloc(4);
  payload.writeFloatLE(value);
  return Buffer.concat([tag(field, wireTypeFixed32), payload]);
}

/**
 * @param {number} field
 * @param {Uint8Array} payload
 * @returns {Buffer}
 */
export function bytesField(field, payload) {
  return Buffer.concat([tag(field, wireTypeLengthDelimited), varint(payload.length), payload]);
}

/**
 * @param {number} field
 * @param {string} text
 * @returns {Buffer}
 */
export function textField(field, text) {
  return bytesField(field, Buffer.from(text));
}

/**
 * @param {number} field
 * @param {Uint8Array[]} fields Fields of the nested message.
 * @returns {Buffer}
 */
export function messageField(field, fields) {
  return bytesField(field, Buffer.concat(fields));
}
