import { describe, expect, it } from 'vitest';
import type { Dtype } from '../../protocol/worker-api.ts';
import type { ModelFiles } from '../../weights/model/model-files.ts';
import { chooseDtypes, chosenGraphs, isGraph } from './choose-dtype.ts';

/** A folder that holds these graphs; it notes what it is asked for. */
function createFolder(...present: string[]) {
  const asked: string[] = [];
  const files: Pick<ModelFiles, 'has'> = {
    async has(path) {
      asked.push(path);
      return present.includes(path);
    },
  };
  return { files: files as ModelFiles, asked };
}

const every: readonly (readonly [Dtype, string])[] = [
  ['q8', 'onnx/model_quantized.onnx'],
  ['int8', 'onnx/model_int8.onnx'],
  ['uint8', 'onnx/model_uint8.onnx'],
  ['fp32', 'onnx/model.onnx'],
  ['q4', 'onnx/model_q4.onnx'],
  ['fp16', 'onnx/model_fp16.onnx'],
  ['q4f16', 'onnx/model_q4f16.onnx'],
  ['bnb4', 'onnx/model_bnb4.onnx'],
];

describe('chooseDtypes without a wish', () => {
  it.each(every)('takes %s where the folder holds it and what comes after it', async (dtype) => {
    const from = every.findIndex(([name]) => name === dtype);
    const { files } = createFolder(...every.slice(from).map(([, file]) => file));
    expect(await chooseDtypes(files, ['model'], undefined)).toEqual({ model: dtype });
  });

  it('asks for nothing but q8 where that is there: each question starts a download', async () => {
    const { files, asked } = createFolder(...every.map(([, path]) => path));
    await chooseDtypes(files, ['model'], undefined);
    expect(asked).toEqual(['onnx/model_quantized.onnx']);
  });

  it('says what it looked for where the folder holds no graph', async () => {
    const { files, asked } = createFolder('onnx/other.onnx');
    await expect(chooseDtypes(files, ['model'], undefined)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('onnx/model_quantized.onnx, onnx/model_int8.onnx'),
      hint: expect.stringContaining('onnx/model*.onnx'),
    });
    expect(new Set(asked)).toEqual(new Set(every.map(([, path]) => path)));
  });
});

describe('chooseDtypes with a wish', () => {
  it.each(every)('%s is looked for as %s, and nothing else is', async (dtype, path) => {
    const { files, asked } = createFolder(...every.map(([, file]) => file));
    expect(await chooseDtypes(files, ['model'], dtype)).toEqual({ model: dtype });
    expect(asked).toEqual([path]);
  });

  it('does not fall back to another one', async () => {
    const { files, asked } = createFolder('onnx/model_quantized.onnx', 'onnx/model.onnx');
    await expect(chooseDtypes(files, ['model'], 'fp16')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('onnx/model_fp16.onnx'),
      hint: expect.stringContaining('dtype'),
    });
    expect(asked).toEqual(['onnx/model_fp16.onnx']);
  });
});

describe('chooseDtypes of several graphs', () => {
  const graphs = ['encoder_model', 'decoder_model_merged'];

  it('takes for each the first dtype that it has', async () => {
    const { files } = createFolder(
      'onnx/encoder_model_quantized.onnx',
      'onnx/encoder_model.onnx',
      'onnx/decoder_model_merged.onnx',
      'onnx/decoder_model_merged_q4.onnx',
    );
    expect(await chooseDtypes(files, graphs, undefined)).toEqual({
      encoder_model: 'q8',
      decoder_model_merged: 'fp32',
    });
  });

  it('takes for each what was asked for it, and for the others what they have', async () => {
    const { files, asked } = createFolder(
      'onnx/encoder_model_quantized.onnx',
      'onnx/encoder_model.onnx',
      'onnx/decoder_model_merged_quantized.onnx',
    );
    expect(await chooseDtypes(files, graphs, { encoder_model: 'fp32' })).toEqual({
      encoder_model: 'fp32',
      decoder_model_merged: 'q8',
    });
    expect(asked, 'the other one is not on its way').not.toContain('onnx/encoder_model_quantized.onnx');
  });

  it('refuses an asked dtype that one of them lacks', async () => {
    const { files } = createFolder('onnx/encoder_model_quantized.onnx', 'onnx/decoder_model_merged.onnx');
    await expect(chooseDtypes(files, graphs, 'q8')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('onnx/decoder_model_merged_quantized.onnx'),
    });
  });

  it('passes on what went wrong on the way, which is not a missing file', async () => {
    const failure = new Error('The connection broke.');
    const files = { has: () => Promise.reject(failure) } as Partial<ModelFiles> as ModelFiles;
    await expect(chooseDtypes(files, graphs, undefined)).rejects.toBe(failure);
  });
});

describe('the graphs of a dtype', () => {
  it.each(every)('have the ending of %s', (dtype, path) => {
    expect(chosenGraphs({ model: dtype })).toEqual([path]);
    expect(chosenGraphs({ encoder: dtype, decoder_merged: dtype })).toEqual([
      path.replace('model', 'encoder'),
      path.replace('model', 'decoder_merged'),
    ]);
  });

  it.each(every)('are told by their path: those of %s', (dtype) => {
    const names = ['model', 'decoder_model_merged'].flatMap((name) =>
      every.map(([, path]) => path.replace('model', name)),
    );
    expect(names.filter((path) => isGraph(path, dtype))).toEqual(
      chosenGraphs({ model: dtype, decoder_model_merged: dtype }),
    );
  });

  it.each([
    'config.json',
    'model.onnx',
    'onnx/config.json',
    'onnx/model.onnx_data',
    'onnx/.onnx',
    'other/onnx/model.onnx',
  ])('are not taken for %s', (path) => {
    expect(every.filter(([dtype]) => isGraph(path, dtype))).toEqual([]);
  });
});
