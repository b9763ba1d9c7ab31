import { describe, expectTypeOf, it } from 'vitest';
import {
  type ByteSource,
  type Client,
  type ErrorCode,
  type FileLoadEvent,
  type LoadEvent,
  type NotStoredLoadEvent,
  type Pipeline,
  type PipelineOptions,
  type ReadyLoadEvent,
  type ResolveTask,
  type StoredLoadEvent,
  type Task,
  type TaskName,
  createClient,
  isInsituError,
  pipeline,
} from './index.ts';

declare const embed: Pipeline<'feature-extraction'>;
declare const signal: AbortSignal;

describe('the task decides the pipeline', () => {
  it('by its name and by its aliases', () => {
    expectTypeOf(pipeline('feature-extraction')).resolves.toEqualTypeOf<Pipeline<'feature-extraction'>>();
    expectTypeOf(pipeline('embeddings')).resolves.toEqualTypeOf<Pipeline<'feature-extraction'>>();
    expectTypeOf(pipeline('text-classification', 'org/name')).resolves.toEqualTypeOf<Pipeline<'text-classification'>>();
    expectTypeOf(pipeline('sentiment-analysis')).resolves.toEqualTypeOf<Pipeline<'text-classification'>>();
    expectTypeOf<ResolveTask<'sentiment-analysis'>>().toEqualTypeOf<'text-classification'>();
  });

  it('in a client as in the default one', () => {
    const client = createClient({ threads: 'auto', storage: 'memory', assetBase: new URL('https://cdn.example/') });
    expectTypeOf(client).toEqualTypeOf<Client>();
    expectTypeOf(client.pipeline('embeddings')).resolves.toEqualTypeOf<Pipeline<'feature-extraction'>>();
    expectTypeOf(client.pipeline).toEqualTypeOf<typeof pipeline>();
    // @ts-expect-error no such place
    createClient({ storage: 'disk' });
    // @ts-expect-error not a number of threads
    createClient({ threads: 'many' });
    // @ts-expect-error no such option
    createClient({ asetBase: '/assets/' });
  });

  it('and is one of those there are', () => {
    expectTypeOf<TaskName>().toEqualTypeOf<
      Task | 'embeddings' | 'sentiment-analysis' | 'ner' | 'asr' | 'text-to-speech'
    >();
    // @ts-expect-error no such task
    void pipeline('mind-reading');
    // @ts-expect-error a task is not any string
    void pipeline('feature-extraction' as string);
    // @ts-expect-error a task is needed
    void pipeline();
  });

  it('and a name is told by its pipeline', () => {
    expectTypeOf(embed.task).toEqualTypeOf<'feature-extraction'>();
    expectTypeOf(embed.model).toBeString();
    expectTypeOf(embed.plan.threads).toBeNumber();
    // @ts-expect-error it is for reading
    embed.task = 'feature-extraction';
  });
});

describe('the options of a load', () => {
  it('compile in both spellings', () => {
    const onProgress = (event: LoadEvent) => void event;
    void pipeline('embeddings', 'org/name', { dtype: 'q8', device: 'auto', revision: 'v1', onProgress, signal });
    void pipeline('embeddings', undefined, { on_progress: onProgress });
    void pipeline('embeddings', 'org/name', {});
    void pipeline('embeddings', 'org/name', { onProgress: ({ progress }) => expectTypeOf(progress).toBeNumber() });
  });

  it('compile only with values there are', () => {
    // @ts-expect-error no such dtype
    void pipeline('embeddings', 'org/name', { dtype: 'q9' });
    // @ts-expect-error no such device
    void pipeline('embeddings', 'org/name', { device: 'tpu' });
    // @ts-expect-error no such option
    void pipeline('embeddings', 'org/name', { dtyp: 'q8' });
    // @ts-expect-error a listener is a function
    void pipeline('embeddings', 'org/name', { on_progress: true });
    // @ts-expect-error a number is no reference
    void pipeline('embeddings', 42);
    expectTypeOf<PipelineOptions['dtype']>().not.toEqualTypeOf<string | undefined>();
  });
});

describe('the end of a pipeline', () => {
  it('is a promise, also by the language', () => {
    expectTypeOf(embed.dispose).toEqualTypeOf<() => Promise<void>>();
    expectTypeOf(embed[Symbol.asyncDispose]).toEqualTypeOf<() => Promise<void>>();
    expectTypeOf(embed).toExtend<AsyncDisposable>();
    expectTypeOf(createClient().close).returns.resolves.toBeVoid();
  });
});

describe('what an application tells apart', () => {
  it('load events by their status', () => {
    const listen = (event: LoadEvent) => {
      expectTypeOf(event.progress).toBeNumber();
      if (event.status === 'ready') {
        expectTypeOf(event).toEqualTypeOf<ReadyLoadEvent>();
        expectTypeOf(event.plan.reasons).toEqualTypeOf<string[]>();
        // @ts-expect-error it is of no file
        void event.file;
      } else if (event.status === 'stored') {
        expectTypeOf(event).toEqualTypeOf<StoredLoadEvent>();
        // @ts-expect-error nothing went wrong
        void event.code;
      } else if (event.status === 'not-stored') {
        expectTypeOf(event).toEqualTypeOf<NotStoredLoadEvent>();
        expectTypeOf(event.code).toEqualTypeOf<ErrorCode>();
        expectTypeOf(event.hint).toBeString();
        // @ts-expect-error it is of no file
        void event.file;
      } else {
        expectTypeOf(event).toEqualTypeOf<FileLoadEvent>();
        expectTypeOf(event.file).toBeString();
        expectTypeOf(event.source).toEqualTypeOf<ByteSource>();
        // @ts-expect-error the plan comes with the model's readiness
        void event.plan;
      }
    };
    expectTypeOf(listen).toExtend<NonNullable<PipelineOptions['onProgress']>>();
    expectTypeOf<LoadEvent['status']>().toEqualTypeOf<
      'initiate' | 'download' | 'progress' | 'done' | 'ready' | 'stored' | 'not-stored'
    >();
    expectTypeOf<ByteSource>().toEqualTypeOf<'network' | 'store' | 'memory' | 'disk'>();
    // @ts-expect-error no such status
    void ((event: LoadEvent) => event.status === 'finished');
  });

  it('errors by their code', () => {
    const caught: unknown = undefined;
    if (isInsituError(caught)) {
      expectTypeOf(caught.code).toEqualTypeOf<ErrorCode>();
      expectTypeOf(caught.hint).toBeString();
      expectTypeOf(caught.retryable).toBeBoolean();
      // @ts-expect-error no such code
      void (caught.code === 'TOO_TIRED');
    }
  });
});
