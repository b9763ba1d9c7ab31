import { abortable } from '../../errors/abort.ts';
import { type OptionCheck, anything, checkOptions } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import type { Embeddings, LabelScore } from '../../protocol/tasks/text-tasks.ts';
import { unitVectors } from '../../protocol/unit-vectors.ts';
import type { LearnedHead, TrainedClassifier } from '../classifier.ts';
import { createPipeline } from '../pipeline.ts';
import { type ClassifierHead, writeClassifier } from './classifier-file.ts';
import { type EmbedAny, readsText } from './embed-inputs.ts';

const topKCheck: OptionCheck = (value) =>
  value === null || (Number.isInteger(value) && Number(value) > 0)
    ? undefined
    : 'must be a positive whole number, or null for all';
/** The embedder checks what is for it. */
const textChecks = { topK: topKCheck, batchSize: anything, maxTokensPerBatch: anything };
const imageChecks = { topK: topKCheck };

type Classifier = TrainedClassifier<'text-classification'> | TrainedClassifier<'image-classification'>;

/** A head and its embedder, called like a pipeline for texts or images. */
export function createClassifier(embed: EmbedAny, head: ClassifierHead): Classifier {
  const ofText = readsText(embed);
  const { labels, counts, confusion, regularization } = head;
  let ended: InsituError | undefined;

  const made = createPipeline(
    async ([input], { signal, priority, onProgress, ...given }, onChunk) => {
      if (ended) throw ended;
      const { topK = ofText ? 1 : 5, ...batches } = checkOptions(given, ofText ? textChecks : imageChecks);
      const most = (topK ?? labels.length) as number;
      const common = { ...(signal && { signal }), ...(priority && { priority }), ...(onProgress && { onProgress }) };
      const options = { ...head.embedding, ...batches, ...common };
      const results: LabelScore[][] = [];
      if (onChunk) {
        const stream = embed.stream(input, options);
        for await (const { index, value } of stream) {
          const [found] = scoresOf(head, value, most);
          results[index] = found!;
          const taken = new Promise<void>((resolve) => onChunk({ index, value: found }, resolve));
          await abortable(taken, signal);
        }
        await stream.result;
      } else {
        results.push(...scoresOf(head, await embed(input, options), most));
      }
      if (!Array.isArray(input)) return results[0];
      return ofText && topK === 1 ? results.flat() : results;
    },
    {
      task: ofText ? 'text-classification' : 'image-classification',
      model: embed.model,
      plan: embed.plan,
      stats: () => embed.stats(),
      async dispose() {
        ended = new InsituError('DISPOSED', 'This classifier was disposed of.', {
          hint: 'Load what `save()` gave with `loadClassifier()`, or train anew.',
        });
      },
    },
  );
  const learned: LearnedHead = {
    labels,
    counts: Object.fromEntries(labels.map((label, index) => [label, counts[index]!])),
    accuracy: confusion && accuracyOf(confusion),
    confusion,
    regularization,
    save: () => writeClassifier(head),
  };
  return Object.assign(made, learned) as Classifier;
}

/** Labels of each vector with their probabilities, best first. */
function scoresOf({ labels, weights, size }: ClassifierHead, embeddings: Embeddings, most: number): LabelScore[][] {
  const { vectors, size: own } = unitVectors(embeddings);
  const width = size + 1;
  return Array.from({ length: vectors.length / own }, (_, index) => {
    const scores = labels.map((_label, each) => {
      let score = weights[each * width + size]!;
      for (let at = 0; at < size; at++) score += weights[each * width + at]! * vectors[index * size + at]!;
      return score;
    });
    const best = Math.max(...scores);
    const parts = scores.map((score) => Math.exp(score - best));
    const sum = parts.reduce((total, part) => total + part, 0);
    return labels
      .map((label, each) => ({ label, score: parts[each]! / sum }))
      .sort((a, b) => b.score - a.score)
      .slice(0, most);
  });
}

function accuracyOf(confusion: readonly (readonly number[])[]): number {
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  return confusion.reduce((sum, row, at) => sum + row[at]!, 0) / all;
}
