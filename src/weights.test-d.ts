import { describe, expectTypeOf, it } from 'vitest';
import {
  type Client,
  type LoadOptions,
  type ModelManifest,
  type ModelReference,
  type PipelineOptions,
  type Revalidate,
  type StorageUsage,
  type StoredModel,
  type VerifyResult,
  type Weights,
  type WorkProgress,
  createClient,
  pipeline,
  weights,
} from './index.ts';

declare const signal: AbortSignal;
declare const manifest: ModelManifest;
declare const directory: FileSystemDirectoryHandle;
declare const files: File[];
declare const fileList: FileList;
declare const pack: Blob;

describe('where the files of a model come from', () => {
  it('is a text, files, or a folder of the disk', () => {
    expectTypeOf<ModelReference>().toEqualTypeOf<string | readonly File[] | FileSystemDirectoryHandle>();
    void pipeline('embeddings', 'npm:package@1.2.3/name');
    void pipeline('embeddings', files);
    void pipeline('embeddings', [...fileList]);
    void pipeline('embeddings', directory);
    // @ts-expect-error names are no files
    void pipeline('embeddings', ['config.json']);
    // @ts-expect-error one file is no list
    void pipeline('embeddings', files[0]);
    // @ts-expect-error a list is not an array; spread it
    void pipeline('embeddings', fileList);
  });

  it('is ruled by the options of a load, which are those of a pipeline too', () => {
    expectTypeOf<PipelineOptions>().toExtend<LoadOptions>();
    expectTypeOf<Revalidate>().toEqualTypeOf<'always' | 'background' | 'never'>();
    void pipeline('embeddings', 'org/name', { revalidate: 'never', localFilesOnly: true, manifest });
    void pipeline('embeddings', 'org/name', { local_files_only: true });
    // @ts-expect-error no such time
    void pipeline('embeddings', 'org/name', { revalidate: 'sometimes' });
    // @ts-expect-error a switch, not a word
    void pipeline('embeddings', 'org/name', { local_files_only: 'yes' });
    // @ts-expect-error the manifest itself, not its address
    void pipeline('embeddings', 'org/name', { manifest: '/manifest.json' });
    // @ts-expect-error a manifest has files
    void pipeline('embeddings', 'org/name', { manifest: { format: 'insitu-model-1', model: 'org/name' } });
  });

  it('is a hub with its own access', () => {
    createClient({ hub: { token: 'hf_secret', headers: { 'X-Tenant': 'shop' } } });
    createClient({ hub: { token: async () => 'hf_secret' } });
    createClient({ hub: { token: () => 'hf_secret', host: '/hub', pathTemplate: '{model}' } });
    // @ts-expect-error not a text
    createClient({ hub: { token: 42 } });
    // @ts-expect-error not texts
    createClient({ hub: { headers: { 'X-Tenant': 1 } } });
    // @ts-expect-error no such option
    createClient({ hub: { password: 'secret' } });
  });
});

describe('the models in the storage', () => {
  it('are those of the default client, or of one', () => {
    expectTypeOf(weights).toEqualTypeOf<Weights>();
    expectTypeOf<Client['weights']>().toEqualTypeOf<Weights>();
    // @ts-expect-error it is for reading
    createClient().weights = weights;
  });

  it('are told about', () => {
    expectTypeOf(weights.list()).resolves.toEqualTypeOf<StoredModel[]>();
    expectTypeOf(weights.usage()).resolves.toEqualTypeOf<StorageUsage>();
    expectTypeOf(weights.has('org/name')).resolves.toBeBoolean();
    expectTypeOf(weights.has('org/name', { dtype: 'q8', revision: 'v1' })).resolves.toBeBoolean();
    expectTypeOf(weights.persist()).resolves.toBeBoolean();
    expectTypeOf<StoredModel['usedAt']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<StoredModel['files'][number]['sha256']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<StorageUsage['storage']>().toEqualTypeOf<'indexeddb' | 'memory'>();
    // @ts-expect-error no such dtype
    void weights.has('org/name', { dtype: 'q9' });
  });

  it('come and go', () => {
    expectTypeOf(weights.prefetch('embeddings')).resolves.toBeVoid();
    void weights.prefetch('sentiment-analysis', 'org/name', { dtype: 'q8', on_progress: () => {}, signal });
    void weights.prefetch('embeddings', 'org/name', {
      onProgress: (event) => expectTypeOf(event.progress).toBeNumber(),
    });
    expectTypeOf(weights.remove('org/name', { revision: 'v1' })).resolves.toBeVoid();
    expectTypeOf(weights.clear()).resolves.toBeVoid();
    expectTypeOf(weights.pin('org/name')).resolves.toBeVoid();
    void weights.pin('org/name', false, { revision: 'v1' });
    // @ts-expect-error no such task
    void weights.prefetch('mind-reading');
    // @ts-expect-error files of the disk are here already
    void weights.prefetch('embeddings', files);
    // @ts-expect-error a device is a matter of running
    void weights.prefetch('embeddings', 'org/name', { device: 'wasm' });
    // @ts-expect-error a model is needed
    void weights.remove();
    // @ts-expect-error a switch
    void weights.pin('org/name', { revision: 'v1' });
  });

  it('are checked and carried about', () => {
    const onProgress = (progress: WorkProgress) => void progress.loaded;
    expectTypeOf(weights.verify('org/name', { onProgress, signal })).resolves.toEqualTypeOf<VerifyResult>();
    expectTypeOf<VerifyResult>().toEqualTypeOf<{ ok: boolean; damaged: string[] }>();
    expectTypeOf(weights.exportPack('org/name', { on_progress: onProgress })).resolves.toEqualTypeOf<Blob>();
    expectTypeOf(weights.importPack(pack, { as: 'org/name', onProgress, signal })).resolves.toBeString();
    void weights.importPack(files[0]!);
    // @ts-expect-error a pack is bytes, not an address
    void weights.importPack('/model.tar');
    // @ts-expect-error no such option
    void weights.verify('org/name', { dtype: 'q8' });
    // @ts-expect-error a signal, not its controller
    void weights.verify('org/name', { signal: new AbortController() });
  });
});
