import { InsituError } from '../../errors/insitu-error.ts';
import type { LearningPart } from '../classifier.ts';
import { type ClassifierHead, readClassifier } from './classifier-file.ts';
import { createClassifier } from './create-classifier.ts';
import { checkEmbedder, embedProbe } from './embed-inputs.ts';

/** The same model with other dtypes, or in another browser, gives vectors that are closer; another model's are farther apart. */
const leastLikeness = 0.9;

/** See `loadClassifier` of the public door. */
export const loadClassifier: LearningPart['loadClassifier'] = async (embedder, saved, itsOrigin) => {
  const { embed } = checkEmbedder(embedder, itsOrigin);
  const head = await readClassifier(saved);
  if (embed.task !== head.task) throw otherEmbedder(head, `${embed.model} is for ${embed.task}`);
  const { vectors, size } = await embedProbe(embed, head.embedding);
  if (size !== head.size)
    throw otherEmbedder(head, `${embed.model} gives vectors of ${size} numbers, not ${head.size}`);
  const likeness = vectors.reduce((sum, value, at) => sum + value * head.probe[at]!, 0);
  if (likeness < leastLikeness) throw otherEmbedder(head, `the vectors of ${embed.model} are others`);
  return createClassifier(embed, head);
};

function otherEmbedder({ model }: ClassifierHead, why: string): InsituError {
  return new InsituError('MODEL_UNSUPPORTED', `The classifier was trained with ${model}, and ${why}.`, {
    hint: 'Load the embedder that it was trained with.',
  });
}
