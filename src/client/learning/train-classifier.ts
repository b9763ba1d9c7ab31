import { type OptionCheck, abortSignal, checkOptions, ofType, oneOf } from '../../errors/check-options.ts';
import type { FitRequest, FitResult } from '../../protocol/learning.ts';
import { priorities } from '../../protocol/priority.ts';
import type { LearningPart, TrainingOptions, TrainingProgress } from '../classifier.ts';
import { fetchJob } from './fetch-job.ts';
import { createClassifier } from './create-classifier.ts';
import { checkEmbedder, embedAll, embedProbe, readsText } from './embed-inputs.ts';
import { checkExamples } from './labelled-examples.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const checks = {
  validation: (value) =>
    isNumber(value) && value >= 0 && value < 1 ? undefined : 'must be a number from 0 to less than 1',
  seed: (value) => (Number.isInteger(value) ? undefined : 'must be a whole number'),
  regularization: (value) => (isNumber(value) && value > 0 ? undefined : 'must be a number above 0'),
  embedding: (value) => (typeof value === 'object' && value !== null ? undefined : 'must be an object'),
  onProgress: ofType('function'),
  signal: abortSignal,
  priority: oneOf(...priorities),
} satisfies Record<keyof TrainingOptions, OptionCheck>;

/** Of fewer examples of a label, none are spared. */
const enough = 5;
const usualValidation = 0.2;

/** See `trainClassifier` of the public door. */
export const trainClassifier: LearningPart['trainClassifier'] = async (embedder, examples, given, itsOrigin, job) => {
  const { embed, origin } = checkEmbedder(embedder, itsOrigin);
  const { inputs, classes, labels, counts } = checkExamples(examples);
  const options: TrainingOptions = checkOptions({ ...given }, checks);
  const { seed = 0, regularization, onProgress, signal, priority = origin.priority } = options;
  const { validation = Math.min(...counts) < enough ? 0 : usualValidation } = options;
  const embedding = { ...(readsText(embed) && { pooling: 'mean' }), ...options.embedding };
  signal?.throwIfAborted();

  const run = { ...embedding, priority, ...(signal && { signal }) };
  const tell = (stage: TrainingProgress['stage']) =>
    onProgress && ((now: Omit<TrainingProgress, 'stage'>) => onProgress({ stage, ...now }));
  const embedProgress = tell('embed');
  const embeddings = await embedAll(embed, inputs, { ...run, ...(embedProgress && { onProgress: embedProgress }) });
  const { vectors: probe, size } = await embedProbe(embed, run);

  const request: FitRequest = { embeddings, classes, count: labels.length, validation, regularization, seed };
  const result = (await origin.handle.run({
    job: origin.isolate ? await fetchJob(job, signal) : job,
    inputs: [request],
    options: {},
    priority,
    signal,
    onProgress: tell('fit'),
  })) as FitResult;
  const { task, model } = embed;
  return createClassifier(embed, { task, model, embedding, labels, counts, size, probe, ...result });
};
