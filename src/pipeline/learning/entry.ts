import type { FitRequest } from '../../protocol/learning.ts';
import type { RunContext, TaskResult } from '../task-definition.ts';
import { fitClassifier } from './fit-classifier.ts';

/** A file of its own, loaded by a model's worker with the first classifier that is trained: see `performJob`. */
export async function perform(input: FitRequest, context: RunContext): Promise<TaskResult> {
  const value = await fitClassifier(input, context);
  return { value, transfer: [value.weights.buffer] };
}
