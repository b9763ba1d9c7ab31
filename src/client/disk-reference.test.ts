import { describe, expect, it } from 'vitest';
import { resolveModel, resolveRemoteModel } from './model-reference.ts';

/** A file as a file input gives it; of a chosen folder with its path in there. */
function createFile(name: string, folder = ''): File {
  const file = new File(['{}'], name);
  // Node's have none.
  Object.defineProperty(file, 'webkitRelativePath', { value: folder && `${folder}${name}` });
  return file;
}

const pathsOf = async (files: readonly File[]) => {
  const model = await resolveModel(files, {});
  if (model.kind !== 'disk' || 'kind' in model.files) throw new Error('This is no list of files.');
  expect(model.files.map(({ file }) => file)).toEqual(files);
  return model.files.map(({ path }) => path);
};

const directory = { kind: 'directory', name: 'my-model', getFileHandle: async () => {} } as unknown;

describe('files of the disk', () => {
  it('are a model that is named by their number', async () => {
    const files = [createFile('config.json'), createFile('model.onnx')];
    expect(await resolveModel(files, {}, 'unused')).toEqual({
      kind: 'disk',
      reference: '2 files of the disk',
      files: [
        { path: 'config.json', file: files[0] },
        { path: 'model.onnx', file: files[1] },
      ],
    });
  });

  it('of a chosen folder have their paths inside of it', async () => {
    const files = [createFile('config.json', 'my-model/'), createFile('model.onnx', 'my-model/onnx/')];
    expect(await pathsOf(files)).toEqual(['config.json', 'onnx/model.onnx']);
  });

  it('have their names where the browser tells no paths', async () => {
    expect(await pathsOf([new File(['{}'], 'config.json'), new File([''], 'model.onnx')])).toEqual([
      'config.json',
      'model.onnx',
    ]);
  });

  it('of two folders keep both names', async () => {
    const files = [createFile('config.json', 'one/'), createFile('config.json', 'two/')];
    expect(await pathsOf(files)).toEqual(['one/config.json', 'two/config.json']);
  });

  it('keep the name of a folder that only begins alike', async () => {
    const files = [createFile('config.json', 'model/'), createFile('config.json', 'model-2/')];
    expect(await pathsOf(files)).toEqual(['model/config.json', 'model-2/config.json']);
  });

  it('keep their folders where one of them has none', async () => {
    const files = [createFile('model.onnx', 'onnx/'), createFile('config.json')];
    expect(await pathsOf(files)).toEqual(['onnx/model.onnx', 'config.json']);
    expect(await pathsOf([...files].reverse())).toEqual(['config.json', 'onnx/model.onnx']);
  });
});

describe('a folder of the disk', () => {
  it('is a model that is named by it', async () => {
    expect(await resolveModel(directory, {})).toEqual({
      kind: 'disk',
      reference: 'the folder my-model',
      files: directory,
    });
  });
});

describe('what is neither', () => {
  it.each<[string, unknown]>([
    ['no files', []],
    ['names of files', ['config.json']],
    ['a file among other things', [createFile('config.json'), 'org/name']],
    ['a list with a hole', [createFile('config.json'), undefined]],
    ['a blob without a name', [new Blob(['{}'])]],
    ['one file', createFile('config.json')],
    ['the handle of a file', { kind: 'file', name: 'config.json', getFile: async () => {} }],
    ['something that only calls itself a directory', { kind: 'directory', name: 'my-model' }],
  ])('is refused: %s', async (_, reference) => {
    await expect(resolveModel(reference, {})).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      hint: expect.stringContaining('files of the disk'),
    });
    await expect(resolveModel([createFile('config.json')], {})).resolves.toMatchObject({ kind: 'disk' });
  });

  it('and none of them can be in the store', async () => {
    for (const reference of [[createFile('config.json')], directory]) {
      await expect(resolveRemoteModel(reference, {})).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }
    const remote = resolveRemoteModel('npm:package@1.2.3/name', {});
    await expect(remote).resolves.toMatchObject({ kind: 'remote' });
  });
});
