import type { BatchItem } from '../../protocol/tasks/run-options.ts';
import type {
  Answer,
  BatchOptions,
  Embeddings,
  FeatureExtractionOptions,
  FillMaskOptions,
  LabelScore,
  MaskFilling,
  QuestionAnsweringOptions,
  RankedDocument,
  RerankingOptions,
  SentenceSimilarityOptions,
  TextClassificationOptions,
  TokenClassificationOptions,
  TokenLabel,
  ZeroShotClassificationOptions,
  ZeroShotLabels,
} from '../../protocol/tasks/text-tasks.ts';
import type { EachCall, EachWithCall, ResultStream, TaskOptions } from './task-calls.ts';

/** Vectors in the kind of array that the options ask for. */
export type EmbeddingsFor<O> = O extends { quantize: true }
  ? O extends { precision: 'ubinary' }
    ? Embeddings<Uint8Array>
    : Embeddings<Int8Array>
  : Embeddings;

interface FeatureExtractionCall {
  /** Vectors of the texts, in their order. */
  <const O extends TaskOptions<FeatureExtractionOptions>>(
    input: string | readonly string[],
    options?: O & TaskOptions<FeatureExtractionOptions>,
  ): Promise<EmbeddingsFor<O>>;
  /** Gives each text's vectors as soon as they are there. */
  stream<const O extends TaskOptions<FeatureExtractionOptions>>(
    input: string | readonly string[],
    options?: O & TaskOptions<FeatureExtractionOptions>,
  ): ResultStream<BatchItem<EmbeddingsFor<O>>, EmbeddingsFor<O>>;
}

interface TextClassificationCall {
  /** The labels of one text, best first; the best label of each text; or, with another `topK` than 1, the labels of each. */
  <I extends string | readonly string[], K extends number | null = 1>(
    input: I,
    options?: TaskOptions<BatchOptions & { topK?: K }>,
  ): Promise<LabelsOf<I, K>>;
  /** Gives each text's labels as soon as they are there. */
  stream(
    input: string | readonly string[],
    options?: TaskOptions<TextClassificationOptions>,
  ): ResultStream<BatchItem<LabelScore[]>, LabelScore[] | LabelScore[][]>;
}

/** Lists of lists only where there are several texts and more than one label for each. */
type LabelsOf<I, K> = I extends string
  ? LabelScore[]
  : number extends K
    ? LabelScore[] | LabelScore[][]
    : K extends 1
      ? LabelScore[]
      : LabelScore[][];

interface QuestionAnsweringCall {
  /** The best answer that stands in the context; with another `topK` than 1, a list of them. */
  <K extends number = 1>(
    question: string,
    context: string,
    options?: TaskOptions<{ topK?: K }>,
  ): Promise<K extends 1 ? Answer : Answer[]>;
  /** One context for each question. */
  <K extends number = 1>(
    questions: readonly string[],
    contexts: readonly string[],
    options?: TaskOptions<{ topK?: K }>,
  ): Promise<(K extends 1 ? Answer : Answer[])[]>;
  stream(
    questions: string | readonly string[],
    contexts: string | readonly string[],
    options?: TaskOptions<QuestionAnsweringOptions>,
  ): ResultStream<BatchItem<Answer | Answer[]>, Answer | Answer[] | (Answer | Answer[])[]>;
}

interface SentenceSimilarityCall {
  /** Cosine similarity, -1..1, of a text to each of others, in their order. */
  (source: string, others: readonly string[], options?: TaskOptions<SentenceSimilarityOptions>): Promise<number[]>;
  stream(
    source: string,
    others: readonly string[],
    options?: TaskOptions<SentenceSimilarityOptions>,
  ): ResultStream<BatchItem<number>, number[]>;
}

interface RerankingCall {
  /** Documents by descending relevance to a query. */
  (query: string, documents: readonly string[], options?: TaskOptions<RerankingOptions>): Promise<RankedDocument[]>;
  stream(
    query: string,
    documents: readonly string[],
    options?: TaskOptions<RerankingOptions>,
  ): ResultStream<BatchItem<number>, RankedDocument[]>;
}

/** How the pipelines are called that read text and give data. */
export interface TextCalls {
  'feature-extraction': FeatureExtractionCall;
  'text-classification': TextClassificationCall;
  'token-classification': EachCall<string, TokenClassificationOptions, TokenLabel[]>;
  'question-answering': QuestionAnsweringCall;
  'zero-shot-classification': EachWithCall<
    string,
    string | readonly string[],
    ZeroShotClassificationOptions,
    ZeroShotLabels
  >;
  'fill-mask': EachCall<string, FillMaskOptions, MaskFilling[]>;
  'sentence-similarity': SentenceSimilarityCall;
  reranking: RerankingCall;
}
