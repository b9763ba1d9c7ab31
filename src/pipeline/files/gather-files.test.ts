import { describe, expect, it, vi } from 'vitest';
import { createFiles, notFound } from './fake-files.conformance.ts';
import { gatherFiles } from './gather-files.ts';
import type { TaskFiles } from './task-files.ts';

const text: TaskFiles = { needed: ['config.json', 'tokenizer.json'], optional: [], graphs: ['model'] };
const all = ['config.json', 'tokenizer.json', 'onnx/model_quantized.onnx'];

describe('gatherFiles', () => {
  it('sets every file on its way before the first is known to be there', () => {
    const { files, asked } = createFiles(all, { require: () => new Promise(() => {}) });
    void gatherFiles(files, text, undefined);
    expect(new Set(asked)).toEqual(new Set(all));
  });

  it('gives the dtype that was chosen', async () => {
    expect(await gatherFiles(createFiles(all).files, text, undefined)).toEqual({ model: 'q8' });
    const { files, asked } = createFiles([...all, 'onnx/model_fp16.onnx']);
    expect(await gatherFiles(files, text, 'fp16')).toEqual({ model: 'fp16' });
    expect(asked).not.toContain('onnx/model_quantized.onnx');
  });

  it('waits for no bytes', async () => {
    const { files } = createFiles(all);
    await gatherFiles(files, text, undefined);
    expect(files.find).not.toHaveBeenCalled();
  });

  it('says what is missing first in the list, though other things are known earlier', async () => {
    const has = (path: string) =>
      path === 'config.json'
        ? new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))
        : Promise.resolve(false);
    const require = async (path: string) => {
      if (!(await has(path))) throw notFound(path);
    };
    const { files } = createFiles([], { has: vi.fn(has), require });
    await expect(gatherFiles(files, text, undefined)).rejects.toMatchObject({ message: 'No config.json.' });
  });

  it('says that there is no graph where only that is missing, and leaves nothing unhandled', async () => {
    const { files } = createFiles(text.needed);
    await expect(gatherFiles(files, text, 'q4')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('onnx/model_q4.onnx'),
    });
  });

  it('sets optional files on their way too, and does without them', async () => {
    const { files, asked } = createFiles(all);
    const writing = { ...text, optional: ['generation_config.json'] };
    expect(await gatherFiles(files, writing, undefined)).toEqual({ model: 'q8' });
    expect(asked).toContain('generation_config.json');
    const broken = createFiles(all, {
      has: vi.fn(
        async (path) => path !== 'generation_config.json' || Promise.reject(new Error('The connection broke.')),
      ),
    });
    expect(await gatherFiles(broken.files, writing, undefined), 'whoever reads it hears of it').toEqual({
      model: 'q8',
    });
  });
});

describe('graphs that depend on the kind of model', () => {
  const byKind: TaskFiles = {
    ...text,
    graphs: ({ model_type }) => (model_type === 'whisper' ? ['encoder_model'] : ['model']),
  };
  const configured = (config: string) =>
    createFiles([...all, 'onnx/encoder_model_quantized.onnx'], {
      find: vi.fn(async () => new TextEncoder().encode(config)),
    });

  it.each([
    ['{"model_type":"whisper"}', 'encoder_model'],
    ['{"model_type":"wav2vec2"}', 'model'],
    ['{}', 'model'],
  ])('are those that %s tells', async (config, graph) => {
    expect(await gatherFiles(configured(config).files, byKind, undefined)).toEqual({ [graph]: 'q8' });
  });

  it('cannot be told by a config that is no JSON', async () => {
    await expect(gatherFiles(configured('<html>').files, byKind, undefined)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      hint: expect.any(String),
    });
  });

  it('leave it to the list of files to say that the config is missing', async () => {
    const { files } = createFiles([]);
    await expect(gatherFiles(files, byKind, undefined)).rejects.toMatchObject({ message: 'No config.json.' });
  });
});
