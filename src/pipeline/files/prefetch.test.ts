import { afterEach, describe, expect, it, vi } from 'vitest';
import { encode, createSources, openLoad, rules, serveModel } from '../../weights/model/test-model.conformance.ts';
import { createFiles, paths } from './fake-files.conformance.ts';
import { prefetch } from './prefetch.ts';

afterEach(() => vi.unstubAllGlobals());

describe('prefetch', () => {
  it('gets what the task needs, and is over when it is stored', async () => {
    let store: (stored: boolean) => void = () => {};
    const { files, ended } = createFiles(paths, { keep: vi.fn(() => new Promise<boolean>((r) => (store = r))) });
    let over = false;
    const prefetching = prefetch({ task: 'feature-extraction' }, undefined, files).finally(() => (over = true));
    await vi.waitFor(() => expect(files.keep).toHaveBeenCalledOnce());
    expect(
      vi
        .mocked(files.find)
        .mock.calls.map(([path]) => path)
        .sort(),
    ).toEqual([...paths].sort());
    expect(over).toBe(false);
    store(true);
    expect(await prefetching).toEqual(paths);
    expect(ended()).toEqual(['keep', 'release']);
  });

  it('gets the graph of the dtype it is asked for, and no other', async () => {
    const { files } = createFiles([...paths, 'onnx/model_fp16.onnx']);
    const got = await prefetch({ task: 'text-classification' }, 'fp16', files);
    const found = vi.mocked(files.find).mock.calls.map(([path]) => path);
    expect(found.filter((path) => path.startsWith('onnx/'))).toEqual(['onnx/model_fp16.onnx']);
    expect(got).toEqual([...paths.slice(0, -1), 'onnx/model_fp16.onnx']);
  });

  it.each([
    ['a file that is not there', createFiles(paths.slice(1)), { code: 'MODEL_NOT_FOUND' }],
    ['a graph that is not there', createFiles(paths.slice(0, -1)), { code: 'MODEL_NOT_FOUND' }],
    [
      'a file that cannot be stored',
      createFiles(paths, { find: vi.fn(() => Promise.reject(new Error('full'))) }),
      { message: 'full' },
    ],
  ])('that fails leaves what has arrived for the next one: %s', async (_, { files, ended }, failure) => {
    await expect(prefetch({ task: 'feature-extraction' }, undefined, files)).rejects.toMatchObject(failure);
    expect(ended()).toEqual(['leave']);
    await expect(prefetch({ task: 'feature-extraction' }, undefined, createFiles().files)).resolves.toEqual(paths);
  });

  it('of a stored model does not take the place of the check that a load of this session makes', async () => {
    const server = serveModel(Object.fromEntries(paths.map((path) => [path, encode('{}')])));
    const sources = createSources();
    const visit = (session: string) => ({ rules: { ...rules, session } });
    const records = async () => [...(await sources.store.models()).values()].map(({ checkedIn }) => checkedIn);
    await prefetch({ task: 'feature-extraction' }, 'q8', openLoad(sources, { ...visit('one'), storeOnly: true }).files);
    await prefetch({ task: 'feature-extraction' }, 'q8', openLoad(sources, { ...visit('two'), storeOnly: true }).files);
    expect(await records(), 'only what was fetched counts as asked about').toEqual([['one']]);

    server.serve('config.json', encode('{"version":2}'));
    const { files } = openLoad(sources, visit('two'));
    await Promise.all(paths.map((path) => files.find(path)));
    await files.keep();
    await vi.waitFor(async () => {
      const next = openLoad(sources, visit('two')).files;
      expect(new TextDecoder().decode(await next.find('config.json'))).toBe('{"version":2}');
      await next.leave();
    }, 10_000);
    files.release();
  }, 15_000);
});
