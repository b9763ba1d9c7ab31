import type { FitRequest, FitResult } from '../../protocol/learning.ts';
import { unitVectors } from '../../protocol/unit-vectors.ts';
import type { RunContext } from '../task-definition.ts';
import { type Labelled, fitSoftmax, judge } from './softmax-regression.ts';
import { foldsOf, holdOut, shuffledByClass } from './split-examples.ts';

/** What cross-validation chooses among, the strongest first: each fit begins at the one before. */
const candidates = [0.01, 0.003, 0.001, 0.0003];
/** Where there are too few examples to choose. */
const usual = 0.003;
/** What is only compared need not be exact. */
const rough = 1e-4;
/** Of more examples, fewer folds say as much. */
const foldsFor = (examples: number) => (examples > 400 ? 3 : 5);

/**
 * Fits a linear head to embeddings. What is held out says how good it is; the head that is returned has learned from all examples.
 *
 * @throws InsituError `MODEL_UNSUPPORTED` for what is no vectors; the signal's reason.
 */
export async function fitClassifier(
  { embeddings, classes, count, validation, regularization: given, seed }: FitRequest,
  { step, progress }: Pick<RunContext, 'step' | 'progress'>,
): Promise<FitResult> {
  const examples: Labelled = { ...unitVectors(embeddings), classes, count };
  const groups = shuffledByClass(classes, count, seed);
  const { trained, heldOut } = holdOut(groups, validation);
  const spared = new Set(heldOut);
  const learning = groups.map((group) => group.filter((index) => !spared.has(index)));
  const folds = Math.min(foldsFor(trained.length), ...learning.map((group) => group.length));
  const choosing = given === undefined && folds > 1;

  const total = (choosing ? folds * candidates.length : 0) + (heldOut.length > 0 ? 1 : 0) + 1;
  let done = 0;
  /** Each fit is a step. */
  const fit = async (rows: readonly number[], weight: number, options: Parameters<typeof fitSoftmax>[3]) => {
    const weights = await step(async () => fitSoftmax(examples, rows, weight, options));
    progress(++done, total);
    return weights;
  };

  let regularization = given ?? usual;
  if (choosing) {
    const losses = candidates.map(() => 0);
    for (const fold of foldsOf(learning, folds)) {
      let start: Float64Array | undefined;
      for (const [index, candidate] of candidates.entries()) {
        start = await fit(fold.trained, candidate, { start, tolerance: rough });
        losses[index]! += judge(examples, fold.heldOut, start).loss;
      }
    }
    regularization = candidates[losses.indexOf(Math.min(...losses))]!;
  }

  const tried = heldOut.length > 0 ? await fit(trained, regularization, {}) : undefined;
  const weights = await fit(groups.flat(), regularization, { start: tried });
  return {
    weights: Float32Array.from(weights),
    regularization,
    ...(tried && { confusion: judge(examples, heldOut, tried).confusion }),
  };
}
