import { describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { DiskFile, ModelLocation } from '../../protocol/model-location.ts';
import type { WeightsApi } from '../../protocol/weights-api.ts';
import type { LoadRequest } from '../../protocol/worker-api.ts';
import type { CountedWorker } from '../workers/counted-worker.ts';
import { createFakeSupervised } from '../workers/fake-model-worker.conformance.ts';
import { bringFiles } from './bring-files.ts';

const remote: ModelLocation = {
  kind: 'remote',
  reference: 'org/name',
  baseUrl: 'https://models.example/org/name/',
  immutable: false,
  hub: false,
  headers: { Authorization: 'Bearer secret' },
};
const requestOf = (location: ModelLocation): LoadRequest => ({
  task: 'feature-extraction',
  location,
  dtype: 'q8',
  rules: { revalidate: 'background', localFilesOnly: false, session: 'session 1' },
});
const files: DiskFile[] = [{ path: 'config.json', file: new File(['{}'], 'config.json') }];
const failureOf = (code: 'INTEGRITY_MISMATCH' | 'MODEL_NOT_FOUND') =>
  new InsituError(code, `This is ${code}.`, { hint: 'None.', retryable: code === 'INTEGRITY_MISMATCH' });
const progress = (loaded: number): LoadEvent => ({ status: 'stored', loaded, total: 10, progress: loaded / 10 });

/** The worker for the store, which the test answers for. */
function createStore() {
  const fake = createFakeSupervised();
  const counted = { join: vi.fn(() => fake.worker), leave: vi.fn(), close: vi.fn() };
  const bring = (location: ModelLocation, listening = {}, storage: 'memory' | 'indexeddb' = 'indexeddb') =>
    bringFiles(requestOf(location), listening, { worker: counted as unknown as CountedWorker<WeightsApi>, storage });
  return { ...fake, ...counted, bring };
}

describe('the files of a model with an address', () => {
  it('come from the store, and neither address nor headers go on', async () => {
    const { bring, calls, join, leave, worker } = createStore();
    const brought = bring(remote, {}, 'memory');
    expect(calls).toMatchObject([{ method: 'open', argument: { ...requestOf(remote), storage: 'memory' } }]);
    expect(leave).not.toHaveBeenCalled();
    calls[0]!.answer(files);
    expect(await brought).toEqual(requestOf({ kind: 'disk', reference: 'org/name', files }));
    expect(join).toHaveBeenCalledTimes(1);
    expect(leave.mock.calls).toEqual([[worker]]);
  });

  it('are fetched anew where what was stored is damaged; progress does not go backwards', async () => {
    const { bring, calls, leave } = createStore();
    const heard: number[] = [];
    const brought = bring(remote, { onEvent: ({ loaded }: LoadEvent) => heard.push(loaded) });
    calls[0]!.tell(progress(3));
    calls[0]!.tell(progress(7));
    calls[0]!.fail(failureOf('INTEGRITY_MISMATCH'));
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    for (const loaded of [0, 5, 7, 9]) calls[1]!.tell(progress(loaded));
    calls[1]!.answer(files);
    expect(await brought).toMatchObject({ location: { files } });
    expect(heard).toEqual([3, 7, 7, 9]);
    expect(leave).toHaveBeenCalledTimes(1);
  });

  it('are given up when they are damaged twice', async () => {
    const { bring, calls, leave } = createStore();
    const outcome = bring(remote);
    calls[0]!.fail(failureOf('INTEGRITY_MISMATCH'));
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    calls[1]!.fail(failureOf('INTEGRITY_MISMATCH'));
    await expect(outcome).rejects.toMatchObject({ code: 'INTEGRITY_MISMATCH' });
    expect(calls).toHaveLength(2);
    expect(leave).toHaveBeenCalledTimes(1);
  });

  it('that are not there are not asked for twice', async () => {
    const { bring, calls, leave } = createStore();
    const outcome = bring(remote);
    calls[0]!.fail(failureOf('MODEL_NOT_FOUND'));
    await expect(outcome).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(calls).toHaveLength(1);
    expect(leave).toHaveBeenCalledTimes(1);
  });

  it('are not waited for after an abort', async () => {
    const { bring, calls, leave } = createStore();
    const aborting = new AbortController();
    const outcome = bring(remote, { signal: aborting.signal });
    aborting.abort('enough');
    await expect(outcome).rejects.toBe('enough');
    expect(calls[0]!.aborted).toBe(true);
    expect(leave).toHaveBeenCalledTimes(1);
  });
});

describe('the files of a model on the disk', () => {
  it('pass as they are', async () => {
    const { bring, join } = createStore();
    const location: ModelLocation = { kind: 'disk', reference: 'mine', files };
    expect(await bring(location)).toEqual(requestOf(location));
    expect(join).not.toHaveBeenCalled();
  });

  it('are taken out of their folder, which could not cross', async () => {
    const fileHandle = (text: string) => ({ kind: 'file', getFile: async () => new File([text], text) });
    const folder = (entries: Record<string, object>) => ({
      kind: 'directory',
      async *entries() {
        yield* Object.entries(entries);
      },
    });
    const root = folder({ 'config.json': fileHandle('config'), onnx: folder({ 'model.onnx': fileHandle('graph') }) });
    const { bring, join } = createStore();
    const brought = await bring({ kind: 'disk', reference: 'mine', files: root as never });
    const found = (brought.location as unknown as { files: DiskFile[] }).files.map(({ path, file }) => [
      path,
      file.name,
    ]);
    expect(found).toEqual([
      ['config.json', 'config'],
      ['onnx/model.onnx', 'graph'],
    ]);
    expect(join).not.toHaveBeenCalled();
  });
});
