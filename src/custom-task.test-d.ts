import { describe, expectTypeOf, it } from 'vitest';
import {
  type CustomPipeline,
  type ResultStream,
  type RunProgress,
  type TaskModule,
  createClient,
  defineTask,
  pipeline,
} from './index.ts';

interface Mood {
  emoji: string;
}

const mood = defineTask<string, { least?: number }, Mood, number>({ name: 'mood', module: '/mood-task.js' });
const ranked = defineTask<readonly string[], { by: string }, number[]>({
  name: 'ranked',
  module: new URL('https://app.example/ranked.js'),
});
declare const moodOf: CustomPipeline<string, { least?: number }, Mood, number>;
declare const rank: CustomPipeline<readonly string[], { by: string }, number[]>;
declare const signal: AbortSignal;

describe('a task of the application', () => {
  it('decides its pipeline, in a client as in the default one', () => {
    expectTypeOf(pipeline(mood, 'org/name')).resolves.toEqualTypeOf<typeof moodOf>();
    expectTypeOf(createClient().pipeline(mood, 'org/name', { dtype: 'q8', signal })).resolves.toEqualTypeOf<
      typeof moodOf
    >();
    expectTypeOf(pipeline(ranked, 'org/name')).resolves.toEqualTypeOf<typeof rank>();
    // @ts-expect-error there is no model that insitu could choose
    void pipeline(mood);
    // @ts-expect-error a task has a module
    defineTask<string>({ name: 'mood' });
    // @ts-expect-error no such option
    void pipeline(mood, 'org/name', { dtyp: 'q8' });
  });

  it('is called with its own input and options', () => {
    expectTypeOf(moodOf('text')).resolves.toEqualTypeOf<Mood>();
    expectTypeOf(moodOf('text', { least: 0.5, signal, priority: 'background' })).resolves.toEqualTypeOf<Mood>();
    void moodOf('text', { onProgress: (progress) => expectTypeOf(progress).toEqualTypeOf<RunProgress>() });
    expectTypeOf(rank(['one'], { by: 'length' })).resolves.toEqualTypeOf<number[]>();
    // @ts-expect-error a number is no text
    void moodOf(7);
    // @ts-expect-error a number is wanted
    void moodOf('text', { least: 'much' });
    // @ts-expect-error no such option
    void moodOf('text', { most: 1 });
    // @ts-expect-error one of its options is needed
    void rank(['one']);
    // @ts-expect-error one of its options is needed
    void rank(['one'], { signal });
  });

  it('streams what its module emits', () => {
    expectTypeOf(moodOf.stream('text', { signal })).toEqualTypeOf<ResultStream<number, Mood>>();
    expectTypeOf(rank.stream(['one'], { by: 'length' })).toEqualTypeOf<ResultStream<never, number[]>>();
  });

  it('is a pipeline like others', () => {
    expectTypeOf(moodOf.task).toBeString();
    expectTypeOf(moodOf.dispose).toEqualTypeOf<() => Promise<void>>();
    expectTypeOf(moodOf).toExtend<AsyncDisposable>();
  });
});

describe('its module', () => {
  it('is held to the same types', () => {
    const task = {
      engine: 'text-classification',
      options: { least: (value) => (typeof value === 'number' ? undefined : 'must be a number') },
      async run(engine, input, { least }, context) {
        expectTypeOf(input).toBeString();
        expectTypeOf(least).toEqualTypeOf<number | undefined>();
        context.emit(1);
        // @ts-expect-error a number is emitted
        context.emit('one');
        // @ts-expect-error the run's steps are needed
        await engine.run([input], {});
        await engine.run([input], {}, context);
        return { emoji: '😀' };
      },
    } satisfies TaskModule<string, { least?: number }, Mood, number>;
    expectTypeOf(task.engine).toExtend<string>();
    // @ts-expect-error each option has its check
    ({ engine: 'text-classification', options: {}, run: async () => 1 }) satisfies TaskModule<
      string,
      { least?: number }
    >;
    // @ts-expect-error no such engine: it is a helper of insitu
    ({ engine: 'reranking', run: async () => 1 }) satisfies TaskModule<string>;
    // @ts-expect-error it gives something else
    ({ engine: 'text-classification', run: async () => 1 }) satisfies TaskModule<string, object, Mood>;
  });
});
