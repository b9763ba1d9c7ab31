import type { Priority } from '../protocol/priority.ts';
import type { FeatureExtractionOptions } from '../protocol/tasks/text-tasks.ts';
import type { ImageFeatureExtractionOptions } from '../protocol/tasks/vision-tasks.ts';
import { askedUrl, loadPart } from './optional-part.ts';
import { origins } from './pipeline-origin.ts';
import type { PipelineOrigin } from './pipeline-origin.ts';
import type { Pipeline } from './pipeline.ts';
import type { ImageInput } from './tasks/vision-calls.ts';

/** What a classifier learns from. */
export interface LabelledExample<Input = string | ImageInput> {
  input: Input;
  label: string;
}

/** How far a training is. */
export interface TrainingProgress {
  /** Examples are embedded first, then the classifier is fitted. */
  stage: 'embed' | 'fit';
  /** Examples, or fits. */
  done: number;
  total: number;
}

/** Options of `trainClassifier()`. */
export interface TrainingOptions<Embedding = FeatureExtractionOptions | ImageFeatureExtractionOptions> {
  /**
   * Part of the examples of each label, 0..1, that the classifier is tried on before it learns from them too.
   * @default 0.2 where each label has five examples or more, else 0
   */
  validation?: number;
  /** Another one holds out other examples. @default 0 */
  seed?: number;
  /**
   * Weight of the penalty on large weights: the more, the less the classifier trusts single examples. The mean cross-entropy has half of
   * it, times the sum of the squared weights, added.
   * @default 0.01, 0.003, 0.001 or 0.0003, whichever does best in cross-validation; 0.003 where there are too few examples for it
   */
  regularization?: number;
  /** How inputs are embedded. @default `{ pooling: 'mean' }` for texts, the embedder's own defaults for images */
  embedding?: Embedding;
  onProgress?: (progress: TrainingProgress) => void;
  signal?: AbortSignal;
  /** Of its calls to the embedder, and of the fit. @default that of the embedder */
  priority?: Priority;
}

/** What a classifier is beside a pipeline. */
export interface LearnedHead {
  /** In the order of the examples that have them first. */
  readonly labels: readonly string[];
  /** Examples of each label. */
  readonly counts: Readonly<Record<string, number>>;
  /** Part of the examples held out that it got right, 0..1, before it learned from them too; `undefined` where none were. */
  readonly accuracy: number | undefined;
  /** Of the examples held out: `confusion[i][j]` have label i and were given label j. */
  readonly confusion: readonly (readonly number[])[] | undefined;
  /** See {@link TrainingOptions}. */
  readonly regularization: number;
  /** What `loadClassifier()` reads: some kilobytes for each label, without the examples. */
  save(): Blob;
}

/**
 * A classifier that was trained in the page: called like a pipeline of its task. `dispose()` ends the classifier; the embedder is not its
 * own and stays.
 */
export type TrainedClassifier<T extends 'text-classification' | 'image-classification'> = Pipeline<T> & LearnedHead;

/** A pipeline whose vectors a classifier can learn from. */
export type Embedder = Pipeline<'feature-extraction'> | Pipeline<'image-feature-extraction'>;

type Untyped = TrainedClassifier<'text-classification'> | TrainedClassifier<'image-classification'>;

/** What `dist/learning.js` exports. */
export interface LearningPart {
  trainClassifier(
    embedder: Embedder,
    examples: readonly LabelledExample[],
    options: TrainingOptions | undefined,
    origin: PipelineOrigin | undefined,
    job: string,
  ): Promise<Untyped>;
  loadClassifier(embedder: Embedder, saved: Blob, origin: PipelineOrigin | undefined): Promise<Untyped>;
}

/**
 * Trains a classifier from a few labelled examples: a linear head on the embedder's vectors, fitted in its worker. The result is itself
 * a pipeline for texts or images. The same examples and options give the same classifier.
 *
 * @param embedder A loaded `feature-extraction` or `image-feature-extraction` pipeline. It stays usable, and has to stay loaded.
 * @param examples Two labels or more, with two examples or more each.
 * @throws InsituError `INPUT_INVALID`, `OPTION_INVALID`, `MODEL_UNSUPPORTED`, what the embedder's calls throw; the signal's reason.
 *
 * @example
 * const classify = await trainClassifier(embed, [
 *   { input: 'Where is my parcel?', label: 'question' },
 *   { input: 'It came broken.', label: 'complaint' }, // and more of each
 * ]);
 * const [{ label, score }] = await classify('Nobody answers the phone.');
 */
export async function trainClassifier(
  embedder: Pipeline<'feature-extraction'>,
  examples: readonly LabelledExample<string>[],
  options?: TrainingOptions<FeatureExtractionOptions>,
): Promise<TrainedClassifier<'text-classification'>>;
export async function trainClassifier(
  embedder: Pipeline<'image-feature-extraction'>,
  examples: readonly LabelledExample<ImageInput>[],
  options?: TrainingOptions<ImageFeatureExtractionOptions>,
): Promise<TrainedClassifier<'image-classification'>>;
export async function trainClassifier(
  embedder: Embedder,
  examples: readonly LabelledExample[],
  options?: TrainingOptions,
): Promise<Untyped> {
  const { part, origin } = await loadLearning(embedder);
  const usual = new URL('./learning-worker.js', import.meta.url);
  const job = (origin && askedUrl('learning-worker.js', origin.options)) ?? usual;
  return part.trainClassifier(embedder, examples, options, origin, job.href);
}

/**
 * Makes a classifier that was saved usable again, with the embedder that it was trained with.
 *
 * @throws InsituError `INPUT_INVALID` for what is no saved classifier, `MODEL_UNSUPPORTED` for another embedder.
 */
export async function loadClassifier(
  embedder: Pipeline<'feature-extraction'>,
  saved: Blob,
): Promise<TrainedClassifier<'text-classification'>>;
export async function loadClassifier(
  embedder: Pipeline<'image-feature-extraction'>,
  saved: Blob,
): Promise<TrainedClassifier<'image-classification'>>;
export async function loadClassifier(embedder: Embedder, saved: Blob): Promise<Untyped> {
  const { part, origin } = await loadLearning(embedder);
  return part.loadClassifier(embedder, saved, origin);
}

async function loadLearning(embedder: object): Promise<{ part: LearningPart; origin: PipelineOrigin | undefined }> {
  const origin = origins.get(embedder);
  const usual = new URL('./learning.js', import.meta.url);
  return { part: await loadPart<LearningPart>('learning.js', usual, origin?.options ?? {}), origin };
}
