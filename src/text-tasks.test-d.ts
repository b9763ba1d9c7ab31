import { describe, expectTypeOf, it } from 'vitest';
import type {
  Answer,
  BatchItem,
  Embeddings,
  LabelScore,
  MaskFilling,
  Pipeline,
  RankedDocument,
  ResultStream,
  RunProgress,
  TokenLabel,
  ZeroShotLabels,
} from './index.ts';

declare const embed: Pipeline<'feature-extraction'>;
declare const classify: Pipeline<'text-classification'>;
declare const label: Pipeline<'token-classification'>;
declare const answer: Pipeline<'question-answering'>;
declare const hold: Pipeline<'zero-shot-classification'>;
declare const fill: Pipeline<'fill-mask'>;
declare const compare: Pipeline<'sentence-similarity'>;
declare const rank: Pipeline<'reranking'>;
declare const signal: AbortSignal;
declare const texts: readonly string[];

describe('feature extraction', () => {
  it('takes texts and gives vectors', () => {
    expectTypeOf(embed('text')).resolves.toEqualTypeOf<Embeddings>();
    expectTypeOf(embed(['one', 'two'])).resolves.toEqualTypeOf<Embeddings>();
    expectTypeOf(embed(texts, { pooling: 'mean', normalize: true, signal })).resolves.toEqualTypeOf<Embeddings>();
    expectTypeOf<Embeddings['data']>().toExtend<Float32Array>();
    expectTypeOf<Embeddings['dims']>().toEqualTypeOf<number[]>();
  });

  it('takes nothing else', () => {
    // @ts-expect-error a number is no text
    void embed(42);
    // @ts-expect-error numbers are no texts
    void embed([1, 2]);
    // @ts-expect-error an input is needed
    void embed();
    // @ts-expect-error no such pooling
    void embed('text', { pooling: 'median' });
    // @ts-expect-error no such option
    void embed('text', { poolng: 'mean' });
    // @ts-expect-error an option of another task
    void embed('text', { topK: 1 });
    // @ts-expect-error an option of another task, spelt as in transformers.js
    void embed('text', { top_k: 1 });
    // @ts-expect-error a switch, not a word
    void embed('text', { normalize: 'yes' });
  });

  it('gives vectors in the kind of array that is asked for', () => {
    expectTypeOf(embed(texts, { pooling: 'mean', quantize: true })).resolves.toEqualTypeOf<Embeddings<Int8Array>>();
    expectTypeOf(embed(texts, { pooling: 'mean', quantize: true, precision: 'int8' })).resolves.toEqualTypeOf<
      Embeddings<Int8Array>
    >();
    expectTypeOf(embed(texts, { pooling: 'mean', quantize: true, precision: 'ubinary' })).resolves.toEqualTypeOf<
      Embeddings<Uint8Array>
    >();
    expectTypeOf(embed(texts, { quantize: false, dimensions: 64 })).resolves.toEqualTypeOf<Embeddings>();
    // @ts-expect-error no such precision
    void embed('text', { precision: 'uint8' });
  });

  it('streams the vectors of each text', () => {
    expectTypeOf(embed.stream(texts)).toEqualTypeOf<ResultStream<BatchItem<Embeddings>, Embeddings>>();
    expectTypeOf(embed.stream(texts, { quantize: true })).toEqualTypeOf<
      ResultStream<BatchItem<Embeddings<Int8Array>>, Embeddings<Int8Array>>
    >();
    expectTypeOf(embed.stream(texts).result).resolves.toEqualTypeOf<Embeddings>();
    expectTypeOf(embed.stream(texts)).toExtend<ReadableStream<BatchItem<Embeddings>>>();
    expectTypeOf(embed.stream(texts)).toExtend<AsyncIterable<BatchItem<Embeddings>>>();
    // @ts-expect-error numbers are no texts
    void embed.stream([1]);
    // @ts-expect-error no such option
    void embed.stream(texts, { poolng: 'mean' });
  });

  it('takes what every run takes', () => {
    const onProgress = (progress: RunProgress) => void progress.done;
    void embed(texts, { signal, priority: 'background', onProgress, batchSize: 8, max_tokens_per_batch: 512 });
    // @ts-expect-error no such priority
    void embed(texts, { priority: 'high' });
    // @ts-expect-error a listener is a function
    void embed(texts, { onProgress: true });
  });
});

describe('text classification', () => {
  it('gives labels in the shape of what it is asked', () => {
    expectTypeOf(classify('text')).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify('text', { topK: 1 })).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify('text', { topK: 3 })).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify('text', { topK: null, signal })).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify(texts)).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify(texts, { signal })).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify(texts, { topK: 1 })).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify(texts, { topK: 3 })).resolves.toEqualTypeOf<LabelScore[][]>();
    expectTypeOf(classify(texts, { topK: null })).resolves.toEqualTypeOf<LabelScore[][]>();
    expectTypeOf<LabelScore>().toEqualTypeOf<{ label: string; score: number }>();
  });

  it('takes the spelling of transformers.js for the same', () => {
    expectTypeOf(classify('text', { top_k: 3 })).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify(texts, { top_k: 1 })).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify(texts, { top_k: 3 })).resolves.toEqualTypeOf<LabelScore[][]>();
  });

  it('gives both shapes for a number that only the run knows: it may be 1', () => {
    const count: number = texts.length;
    expectTypeOf(classify(texts, { topK: count })).resolves.toEqualTypeOf<LabelScore[] | LabelScore[][]>();
  });

  it('takes nothing else', () => {
    // @ts-expect-error a number is no text
    void classify(42);
    // @ts-expect-error a number, not a text
    void classify('text', { topK: '3' });
    // @ts-expect-error an option of another task
    void classify('text', { pooling: 'mean' });
    // @ts-expect-error a signal, not its controller
    void classify('text', { signal: new AbortController() });
  });

  it('streams the labels of each text, always as a list', () => {
    expectTypeOf(classify.stream(texts)).toEqualTypeOf<
      ResultStream<BatchItem<LabelScore[]>, LabelScore[] | LabelScore[][]>
    >();
    void classify.stream('text', { top_k: 3, signal });
    // @ts-expect-error an option of another task
    void classify.stream('text', { pooling: 'mean' });
  });
});

describe('token classification', () => {
  it('gives the labels of each text', () => {
    expectTypeOf(label('text')).resolves.toEqualTypeOf<TokenLabel[]>();
    expectTypeOf(label(texts, { aggregationStrategy: 'simple' })).resolves.toEqualTypeOf<TokenLabel[][]>();
    expectTypeOf(label('text', { ignore_labels: ['O'], aggregation_strategy: 'none' })).resolves.toEqualTypeOf<
      TokenLabel[]
    >();
    expectTypeOf<TokenLabel['start']>().toBeNumber();
    expectTypeOf(label.stream(texts)).toEqualTypeOf<
      ResultStream<BatchItem<TokenLabel[]>, TokenLabel[] | TokenLabel[][]>
    >();
  });

  it('takes nothing else', () => {
    // @ts-expect-error no such way of grouping
    void label('text', { aggregationStrategy: 'max' });
    // @ts-expect-error a list
    void label('text', { ignoreLabels: 'O' });
    // @ts-expect-error a number is no text
    void label(42);
  });
});

describe('question answering', () => {
  it('gives one answer, or a list where more are asked for', () => {
    expectTypeOf(answer('q', 'context')).resolves.toEqualTypeOf<Answer>();
    expectTypeOf(answer('q', 'context', { topK: 1 })).resolves.toEqualTypeOf<Answer>();
    expectTypeOf(answer('q', 'context', { top_k: 3, signal })).resolves.toEqualTypeOf<Answer[]>();
    expectTypeOf(answer(texts, texts)).resolves.toEqualTypeOf<Answer[]>();
    expectTypeOf(answer(texts, texts, { topK: 2 })).resolves.toEqualTypeOf<Answer[][]>();
    expectTypeOf<Answer>().toEqualTypeOf<{ answer: string; score: number; start: number; end: number }>();
    expectTypeOf(answer.stream('q', 'context')).toExtend<AsyncIterable<BatchItem<Answer | Answer[]>>>();
  });

  it('takes nothing else', () => {
    // @ts-expect-error a context is needed
    void answer('q');
    // @ts-expect-error one context for each question
    void answer(texts, 'context');
    // @ts-expect-error as transformers.js, not as Python has it
    void answer({ question: 'q', context: 'context' });
    // @ts-expect-error all answers cannot be had
    void answer('q', 'context', { topK: null });
  });
});

describe('zero-shot classification', () => {
  it('holds texts against labels', () => {
    expectTypeOf(hold('text', ['a', 'b'])).resolves.toEqualTypeOf<ZeroShotLabels>();
    expectTypeOf(hold('text', 'a, b')).resolves.toEqualTypeOf<ZeroShotLabels>();
    expectTypeOf(hold(texts, texts, { multiLabel: true, hypothesis_template: 'It is {}.' })).resolves.toEqualTypeOf<
      ZeroShotLabels[]
    >();
    expectTypeOf<ZeroShotLabels>().toEqualTypeOf<{ sequence: string; labels: string[]; scores: number[] }>();
    expectTypeOf(hold.stream(texts, ['a'])).toEqualTypeOf<
      ResultStream<BatchItem<ZeroShotLabels>, ZeroShotLabels | ZeroShotLabels[]>
    >();
  });

  it('takes nothing else', () => {
    // @ts-expect-error labels are needed
    void hold('text');
    // @ts-expect-error options are no labels
    void hold('text', { multiLabel: true });
    // @ts-expect-error a switch
    void hold('text', ['a'], { multiLabel: 1 });
  });
});

describe('fill-mask', () => {
  it('gives words', () => {
    expectTypeOf(fill('a [MASK]')).resolves.toEqualTypeOf<MaskFilling[]>();
    expectTypeOf(fill(texts, { topK: 2 })).resolves.toEqualTypeOf<MaskFilling[][]>();
    expectTypeOf(fill('a [MASK]', { top_k: 2 })).resolves.toEqualTypeOf<MaskFilling[]>();
    expectTypeOf<MaskFilling['token_str']>().toBeString();
    expectTypeOf(fill.stream(texts)).toExtend<AsyncIterable<BatchItem<MaskFilling[]>>>();
    // @ts-expect-error a number
    void fill('a [MASK]', { topK: null });
    // @ts-expect-error a number is no text
    void fill(1);
  });
});

describe('sentence similarity', () => {
  it('compares a text with others', () => {
    expectTypeOf(compare('text', texts)).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(compare('text', texts, { pooling: 'cls', batch_size: 4 })).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(compare.stream('text', texts)).toEqualTypeOf<ResultStream<BatchItem<number>, number[]>>();
    // @ts-expect-error one text comes first
    void compare(texts, texts);
    // @ts-expect-error others are needed
    void compare('text');
    // @ts-expect-error one vector of each text is needed
    void compare('text', texts, { pooling: 'none' });
  });
});

describe('reranking', () => {
  it('orders documents', () => {
    expectTypeOf(rank('query', texts)).resolves.toEqualTypeOf<RankedDocument[]>();
    expectTypeOf(rank('query', texts, { top_k: 3 })).resolves.toEqualTypeOf<RankedDocument[]>();
    expectTypeOf(rank('query', texts, { topK: null })).resolves.toEqualTypeOf<RankedDocument[]>();
    expectTypeOf<RankedDocument>().toEqualTypeOf<{ index: number; score: number; document: string }>();
    expectTypeOf(rank.stream('query', texts)).toEqualTypeOf<ResultStream<BatchItem<number>, RankedDocument[]>>();
    // @ts-expect-error documents are a list
    void rank('query', 'document');
    // @ts-expect-error an option of another task
    void rank('query', texts, { pooling: 'mean' });
  });
});
