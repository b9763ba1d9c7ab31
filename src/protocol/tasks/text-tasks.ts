/** How a batch of texts is cut into runs of the model. */
export interface BatchOptions {
  /** Most texts in one run. Dynamically quantised models run texts one by one all the same. @default 32 */
  batchSize?: number;
  /** Most tokens in one run, padding included. @default 4096 */
  maxTokensPerBatch?: number;
}

/** How the token vectors of a text become its result. */
export type Pooling = 'none' | 'mean' | 'cls' | 'first_token' | 'eos' | 'last_token';

export interface FeatureExtractionOptions extends BatchOptions {
  /**
   * `none` keeps one vector a token; `mean` averages over the text's own tokens; `cls` (or `first_token`) and `eos` (or
   * `last_token`) take one of them.
   * @default 'none'
   */
  pooling?: Pooling;
  /** Scale each vector to length 1 (L2), so that a dot product is the cosine similarity. @default false */
  normalize?: boolean;
  /**
   * Keep only so many leading numbers of each vector, for models trained for that (matryoshka); with `normalize`, they are scaled
   * anew. @default all
   */
  dimensions?: number;
  /** Pack the vectors: see `precision`. Needs pooling. @default false */
  quantize?: boolean;
  /**
   * With `quantize`: `binary` and `ubinary` keep the sign, 8 numbers a byte (signed, unsigned); `int8` rounds -1..1 to -127..127, so it
   * wants `normalize`.
   * @default 'binary'
   */
  precision?: 'binary' | 'ubinary' | 'int8';
}

/** Vectors of one or more texts, in input order. */
export interface Embeddings<Data extends Float32Array | Int8Array | Uint8Array = Float32Array> {
  /** Row-major values. */
  data: Data;
  /** `[texts, size]`, or `[texts, tokens, size]` with `pooling: 'none'`, where rows past a text's own tokens are 0. */
  dims: number[];
}

export interface TextClassificationOptions extends BatchOptions {
  /** How many labels to return, best first; `null` for all. @default 1 */
  topK?: number | null;
}

/** A label of the model and its probability, 0..1. */
export interface LabelScore {
  label: string;
  score: number;
}

export interface TokenClassificationOptions extends BatchOptions {
  /** Labels to leave out. @default ['O'] */
  ignoreLabels?: readonly string[];
  /** `simple` joins the tokens of one entity. @default 'none' */
  aggregationStrategy?: 'none' | 'simple';
}

/** A token with a label, or, with `aggregationStrategy: 'simple'`, an entity of one or more tokens. */
export interface TokenLabel {
  /** Without grouping: the token's label, such as `B-PER`. */
  entity?: string;
  /** With grouping: the entity's kind, such as `PER`. */
  entity_group?: string;
  /** Probability, 0..1; of an entity, the mean of its tokens'. */
  score: number;
  /** Without grouping: which of the text's tokens, special tokens counted. */
  index?: number;
  /** As the tokenizer spells it. */
  word: string;
  /** Where it begins in the text, in UTF-16 units, so that `text.slice(start, end)` is it. */
  start: number;
  /** Where it ends in the text, exclusive. */
  end: number;
}

export interface QuestionAnsweringOptions extends BatchOptions {
  /** How many answers to return, best first. @default 1 */
  topK?: number;
}

export interface Answer {
  /** As the tokenizer spells it; `context.slice(start, end)` is the text's own spelling. */
  answer: string;
  /** Product of the probabilities of its first and its last token, 0..1. */
  score: number;
  /** Where it begins in the context, in UTF-16 units. */
  start: number;
  /** Where it ends in the context, exclusive. */
  end: number;
}

export interface ZeroShotClassificationOptions extends BatchOptions {
  /** The sentence whose truth is asked for; `{}` stands for a label. @default 'This example is {}.' */
  hypothesisTemplate?: string;
  /** More than one label may fit: each is scored by itself. @default false */
  multiLabel?: boolean;
}

/** Labels by descending score, with their probabilities. */
export interface ZeroShotLabels {
  sequence: string;
  labels: string[];
  scores: number[];
}

export interface FillMaskOptions extends BatchOptions {
  /** How many words to return, best first. @default 5 */
  topK?: number;
}

/** A word for the mask. */
export interface MaskFilling {
  score: number;
  /** Its id in the vocabulary. */
  token: number;
  token_str: string;
  /** The whole text with it. */
  sequence: string;
}

export interface SentenceSimilarityOptions extends BatchOptions {
  /** How token vectors become a text's vector. @default 'mean' */
  pooling?: Exclude<Pooling, 'none'>;
}

export interface RerankingOptions extends BatchOptions {
  /** How many documents to return, best first; `null` for all. @default null */
  topK?: number | null;
}

export interface RankedDocument {
  /** Which of the documents. */
  index: number;
  /** Relevance, 0..1: sigmoid of the cross-encoder's logit. */
  score: number;
  document: string;
}

/** Options of the tasks that read text and give data. */
export interface TextTaskOptions {
  'feature-extraction': FeatureExtractionOptions;
  'text-classification': TextClassificationOptions;
  'token-classification': TokenClassificationOptions;
  'question-answering': QuestionAnsweringOptions;
  'zero-shot-classification': ZeroShotClassificationOptions;
  'fill-mask': FillMaskOptions;
  'sentence-similarity': SentenceSimilarityOptions;
  reranking: RerankingOptions;
}
