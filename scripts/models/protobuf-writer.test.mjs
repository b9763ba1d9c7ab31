// @ts-check
import { expect, test } from 'vitest';
import { bytesField, floatField, integerField, messageField, textField, varint } from './protobuf-writer.mjs';

/** @param {Uint8Array} bytes */
const hex = (bytes) => Buffer.from(bytes).toString('hex');

test.each([
  [0, '00'],
  [1, '01'],
  [127, '7f'],
  [128, '8001'],
  [150, '9601'],
  [16384, '808001'],
  [30522, 'baee01'],
  [2 ** 40, '808080808020'],
])('varint of %i', (value, expected) => {
  expect(hex(varint(value))).toBe(expected);
});

test('a negative integer takes ten bytes', () => {
  expect(hex(varint(-1))).toBe('ffffffffffffffffff01');
});

test('fields as in the encoding guide', () => {
  expect(hex(integerField(1, 150))).toBe('089601');
  expect(hex(textField(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(messageField(3, [integerField(1, 150)]))).toBe('1a03089601');
});

test('a field number above fifteen has a tag of two bytes', () => {
  expect(hex(integerField(20, 7))).toBe('a00107');
});

test('floats are fixed, little-endian', () => {
  expect(hex(floatField(2, 1))).toBe('150000803f');
});

test('lengths are counted in bytes', () => {
  expect(hex(textField(1, 'ü'))).toBe('0a02c3bc');
  expect(hex(bytesField(1, new Uint8Array(200)).subarray(0, 3))).toBe('0ac801');
});
