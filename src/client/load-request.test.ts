import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from './client.ts';
import { type FakePort, FakeWorker, ok, stubPage, workers } from './fake-worker.conformance.ts';

const plan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] };

beforeEach(() => stubPage({ start: () => ok(null), load: () => ok({ modelId: 1, takes: 'text', plan }) }));
afterEach(() => vi.unstubAllGlobals());

describe('what a load asks its worker for', () => {
  const requestOf = async (...given: unknown[]) => {
    const client = createClient({ hub: { token: () => 'hf_secret' } });
    await client.pipeline(...(given as ['feature-extraction']));
    return workers().at(-1)!.given[1];
  };

  it('is the default model of the task, to be checked in the background', async () => {
    expect(await requestOf('embeddings')).toEqual({
      task: 'feature-extraction',
      location: expect.objectContaining({ kind: 'remote', reference: 'Xenova/all-MiniLM-L6-v2' }),
      dtype: undefined,
      rules: expect.objectContaining({ revalidate: 'background', localFilesOnly: false }),
    });
  });

  it('is what its options say', async () => {
    const manifest = {
      format: 'insitu-model-1',
      model: 'org/name',
      files: [{ path: 'config.json', size: 2, sha256: '0'.repeat(64) }],
    };
    const options = { dtype: 'fp16', revision: 'v2', revalidate: 'always', local_files_only: true, manifest };
    expect(await requestOf('sentiment-analysis', 'org/name', options)).toEqual({
      task: 'text-classification',
      location: {
        kind: 'remote',
        reference: 'org/name',
        baseUrl: 'https://huggingface.co/org/name/resolve/v2/',
        revision: 'v2',
        hub: true,
        immutable: false,
        headers: { Authorization: 'Bearer hf_secret' },
      },
      dtype: 'fp16',
      rules: { revalidate: 'always', localFilesOnly: true, manifest, session: expect.any(String) },
    });
  });

  it('is files of the disk, as they are', async () => {
    const file = new File(['{}'], 'config.json');
    expect(await requestOf('embeddings', [file])).toMatchObject({
      location: { kind: 'disk', files: [{ path: 'config.json', file }] },
    });
  });

  it('tells its events to the listener, also after it has resolved', async () => {
    let port!: FakePort;
    let end = () => {};
    FakeWorker.answers['load'] = (_request: unknown, given) => {
      port = given;
      port.notify({ status: 'ready' });
      port.lasts(new Promise<void>((resolve) => (end = resolve)));
      return ok({ modelId: 1, takes: 'text', plan });
    };
    const heard: string[] = [];
    await createClient().pipeline('embeddings', 'org/name', { onProgress: ({ status }) => void heard.push(status) });
    expect(heard).toEqual(['ready']);
    port.notify({ status: 'stored' });
    expect(heard).toEqual(['ready', 'stored']);
    end();
    await new Promise((resolve) => setImmediate(resolve));
    port.notify({ status: 'stored' });
    expect(heard, 'nothing after the end').toEqual(['ready', 'stored']);
  });
});
