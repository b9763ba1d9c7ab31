import { describe, expect, it } from 'vitest';
import type { DiskFile, DiskModel } from '../../protocol/model-location.ts';
import { openModel } from './open-model.ts';
import { createSources, createWatched, rules, textOf } from './test-model.conformance.ts';

const graph = 'onnx/model.onnx';

const fileOf = (path: string, text = `text of ${path}`): DiskFile => ({ path, file: new File([text], 'name') });

type Tree = { [name: string]: Tree | string };

/** What `showDirectoryPicker` gives, as far as it is used; a string is a file. */
function directoryOf(tree: Tree): FileSystemDirectoryHandle {
  const entryOf = (name: string, isFile: boolean) => {
    // The File System API throws a TypeError for names that it does not allow.
    if (name === '' || name === '.' || name === '..') throw new TypeError(`Name is not allowed: ${name}`);
    const entry = tree[name];
    if (entry === undefined) throw new DOMException(`no ${name}`, 'NotFoundError');
    if ((typeof entry === 'string') !== isFile) throw new DOMException(`${name} is another kind`, 'TypeMismatchError');
    return entry;
  };
  return {
    kind: 'directory',
    name: 'model',
    getDirectoryHandle: async (name: string) => directoryOf(entryOf(name, false) as Tree),
    getFileHandle: async (name: string) => {
      const text = entryOf(name, true) as string;
      return { getFile: async () => new File([text], name) };
    },
  } as unknown as FileSystemDirectoryHandle;
}

function open(files: DiskModel['files'], signal = new AbortController().signal) {
  const sources = createSources();
  const { monitor, events } = createWatched();
  const model = openModel({ kind: 'disk', reference: 'your files', files }, { ...sources, rules, monitor, signal });
  return { model, events, sources };
}

const textIn = async (files: DiskModel['files'], path: string) => {
  const bytes = await open(files).model.find(path);
  return bytes && textOf(bytes);
};

describe('a list of files', () => {
  it('that were chosen as a folder has them by their paths', async () => {
    const files = [fileOf('config.json'), fileOf(graph), fileOf('other/model.onnx')];
    expect(await textIn(files, graph)).toBe(`text of ${graph}`);
    expect(await textIn(files, 'other/model.onnx')).toBe('text of other/model.onnx');
    expect(await textIn(files, 'config.json')).toBe('text of config.json');
  });

  it('that were chosen one by one has them by their names', async () => {
    const files = [fileOf('config.json'), fileOf('model.onnx')];
    expect(await textIn(files, graph)).toBe('text of model.onnx');
    expect(await textIn(files, 'config.json')).toBe('text of config.json');
  });

  it('has none where the name alone does not tell which', async () => {
    expect(await textIn([fileOf('model.onnx', '1')], graph)).toBe('1');
    expect(await textIn([fileOf('model.onnx', '1'), fileOf('model.onnx', '2')], graph)).toBeUndefined();
  });

  it('has none of another folder', async () => {
    expect(await textIn([fileOf('other/model.onnx')], graph)).toBeUndefined();
    expect(await textIn([fileOf(graph)], 'model.onnx')).toBeUndefined();
    expect(await textIn([], graph)).toBeUndefined();
  });
});

describe('a folder', () => {
  const folder = directoryOf({ 'config.json': 'the config', onnx: { 'model.onnx': 'the graph', deep: {} } });

  it('has its files by their paths', async () => {
    expect(await textIn(folder, 'config.json')).toBe('the config');
    expect(await textIn(folder, graph)).toBe('the graph');
  });

  it.each(['merges.txt', 'onnx/other.onnx', 'other/model.onnx', 'onnx', 'onnx/deep', 'config.json/model.onnx'])(
    'has no %s',
    async (path) => {
      expect(await textIn(folder, path)).toBeUndefined();
    },
  );

  it('that may no longer be read is a failure', async () => {
    const denied = new DOMException('denied', 'NotAllowedError');
    const locked = Object.assign(directoryOf({}), { getFileHandle: () => Promise.reject(denied) });
    await expect(open(locked).model.find('config.json')).rejects.toBe(denied);
  });
});

describe('a model on the disk', () => {
  it('is read once, and told as such', async () => {
    const { model, events } = open([fileOf('config.json', 'abc')]);
    const [has, bytes, again] = await Promise.all([
      model.has('config.json'),
      model.find('config.json'),
      model.find('config.json'),
      model.require('config.json'),
    ]);
    expect(has).toBe(true);
    expect(textOf(bytes)).toBe('abc');
    expect(again).toBe(bytes);
    expect(model.fetching).toBe(false);
    expect(events.map(({ status }) => status)).toEqual(['initiate', 'download', 'done']);
    expect(events.at(-1)).toMatchObject({ source: 'disk', fileLoaded: 3, fileTotal: 3, progress: 1 });
  });

  it('names a file that it lacks', async () => {
    const { model } = open([fileOf('config.json')]);
    await expect(model.require('config.json')).resolves.toBeUndefined();
    await expect(model.require(graph)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `The model "your files" has no ${graph} among the files that were given.`,
    });
  });

  it('is not stored', async () => {
    const { model, sources } = open([fileOf('config.json')]);
    await model.find('config.json');
    expect(await model.keep()).toBe(false);
    await model.leave();
    await model.discard();
    model.release();
    expect(await sources.store.list()).toEqual([]);
    expect(await sources.store.models()).toEqual(new Map());
  });

  it('whose file is gone since it was chosen is a failure', async () => {
    const gone = new DOMException('gone', 'NotFoundError');
    const file = Object.defineProperty(new File(['abc'], ''), 'arrayBuffer', { value: () => Promise.reject(gone) });
    await expect(open([{ path: 'config.json', file }]).model.find('config.json')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('config.json'),
      cause: gone,
    });
  });

  it('is not read after an abort', async () => {
    const { model } = open([fileOf('config.json')], AbortSignal.abort('enough'));
    await expect(model.find('config.json')).rejects.toBe('enough');
  });
});
