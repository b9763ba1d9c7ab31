// @ts-check
import { describe, expect, test } from 'vitest';
import { dropOtherDtypes, parseGraphPath, selectFiles } from './select-files.mjs';

/** @param {string[]} paths @param {import('./select-files.mjs').Dtype} [dtype] */
const select = (paths, dtype) =>
  selectFiles(
    paths.map((path) => ({ path })),
    dtype,
  ).files.map(({ path }) => path);

test.each([
  ['onnx/model.onnx', 'model', 'fp32'],
  ['onnx/model_quantized.onnx', 'model', 'q8'],
  ['onnx/decoder_model_merged_q4f16.onnx', 'decoder_model_merged', 'q4f16'],
  ['onnx/model_fp16.onnx_data', 'model', 'fp16'],
  ['onnx/model_q4.onnx_data_12', 'model', 'q4'],
  ['onnx/model_uint8.onnx', 'model', 'uint8'],
  ['onnx/model_int8.onnx', 'model', 'int8'],
  ['onnx/model_bnb4.onnx', 'model', 'bnb4'],
])('%s is the graph %s in %s', (path, name, dtype) => {
  expect(parseGraphPath(path)).toEqual({ name, dtype });
});

test.each([
  ['model.onnx'],
  ['onnx/sub/model.onnx'],
  ['onnx/model.onnx.txt'],
  ['onnx/model_O3.onnx'],
  ['onnx/model_qint8_avx512.onnx'],
])('%s is no graph that browsers load', (path) => {
  expect(parseGraphPath(path)).toBeUndefined();
});

test('a browser wants configuration and licence, no documentation and no weights of others', () => {
  const wanted = [
    'LICENSE.txt',
    'config.json',
    'merges.txt',
    'chat_template.jinja',
    'tokenizer.model',
    'onnx/model_quantized.onnx',
  ];
  const others = [
    '.gitattributes',
    'README.md',
    'readme.txt',
    'requirements.txt',
    'model.safetensors',
    'model.safetensors.index.json',
    'pytorch_model.bin',
    'tf_model.h5',
    'flax_model.msgpack',
    '1_Pooling/config.json',
    'openvino/model.xml',
    'onnx/model.onnx',
  ];
  expect(select([...others, ...wanted])).toEqual(wanted);
});

describe('without a wish', () => {
  test.each([
    ['_quantized', ['', '_quantized', '_int8', '_fp16']],
    ['_int8', ['', '_int8', '_uint8']],
    ['_uint8', ['_fp16', '_uint8', '']],
    ['', ['_q4', '_fp16', '']],
    ['_q4', ['_q4', '_fp16']],
    ['_fp16', ['_q4f16', '_fp16']],
  ])('"%s" comes first of %j', (suffix, present) => {
    expect(select(present.map((each) => `onnx/model${each}.onnx`))).toEqual([`onnx/model${suffix}.onnx`]);
  });
});

test('the merged decoder stands for the two that it was made from', () => {
  const decoders = ['onnx/decoder_model_quantized.onnx', 'onnx/decoder_with_past_model_quantized.onnx'];
  expect(select(decoders)).toEqual(decoders);
  const all = [...decoders, 'onnx/decoder_model_merged_quantized.onnx', 'onnx/encoder_model_quantized.onnx'];
  expect(select(all)).toEqual(all.slice(2));
});

test('graphs that the dtype lacks are named', () => {
  const files = ['onnx/a_quantized.onnx', 'onnx/a.onnx', 'onnx/b.onnx'].map((path) => ({ path }));
  expect(selectFiles(files, undefined).missing).toEqual(['b']);
  expect(selectFiles(files, 'fp32').missing).toEqual([]);
});

test('of a list that somebody made, only graphs of other dtypes are left out', () => {
  const files = ['README.md', 'voices/a.bin', 'onnx/a_quantized.onnx', 'onnx/a.onnx'].map((path) => ({ path }));
  expect(dropOtherDtypes(files, 'fp32').map(({ path }) => path)).toEqual(['README.md', 'voices/a.bin', 'onnx/a.onnx']);
});
