import { describe, expect, it, vi } from 'vitest';
import { createFiles, notFound } from './fake-files.conformance.ts';
import { gatherFiles } from './gather-files.ts';

const needed = { files: ['config.json', 'tokenizer.json'], graphs: ['model'] };
const all = ['config.json', 'tokenizer.json', 'onnx/model_quantized.onnx'];

describe('gatherFiles', () => {
  it('sets every file on its way before the first is known to be there', () => {
    const { files, asked } = createFiles(all, { require: () => new Promise(() => {}) });
    void gatherFiles(files, needed, undefined);
    expect(new Set(asked)).toEqual(new Set(all));
  });

  it('gives the dtype that was chosen', async () => {
    expect(await gatherFiles(createFiles(all).files, needed, undefined)).toBe('q8');
    const { files, asked } = createFiles([...all, 'onnx/model_fp16.onnx']);
    expect(await gatherFiles(files, needed, 'fp16')).toBe('fp16');
    expect(asked).not.toContain('onnx/model_quantized.onnx');
  });

  it('waits for no bytes', async () => {
    const { files } = createFiles(all);
    await gatherFiles(files, needed, undefined);
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
    await expect(gatherFiles(files, needed, undefined)).rejects.toMatchObject({ message: 'No config.json.' });
  });

  it('says that there is no graph where only that is missing, and leaves nothing unhandled', async () => {
    const { files } = createFiles(needed.files);
    await expect(gatherFiles(files, needed, 'q4')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('onnx/model_q4.onnx'),
    });
  });
});
