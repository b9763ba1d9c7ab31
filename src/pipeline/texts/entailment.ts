import type { ZeroShotLabels } from '../../protocol/tasks/text-tasks.ts';
import type { ModelFacts } from '../../runtime/runtime.ts';

/** What a model of entailment says of a text and a sentence: numbers, or where they stand among its logits. */
export interface Entailment {
  /** The sentence follows from the text. */
  entailment: number;
  /** The text says the opposite. */
  contradiction: number;
}

/** Where a model of entailment gives what. Those that name no labels are taken as transformers.js takes them. */
export function entailmentIds({ id2label }: ModelFacts['config']): Entailment {
  const labels = Object.entries((id2label as Record<string, string>) ?? {});
  const ids = new Map(labels.map(([id, label]) => [label.toLowerCase(), Number(id)]));
  return {
    entailment: ids.get('entailment') ?? 2,
    contradiction: ids.get('contradiction') ?? ids.get('not_entailment') ?? 0,
  };
}

/**
 * Orders labels by how likely their sentences follow from a text.
 *
 * @param logits For each label.
 * @param apart Each label by itself, against its opposite, instead of against the others.
 */
export function rankLabels(
  labels: readonly string[],
  logits: readonly Entailment[],
  apart: boolean,
): Pick<ZeroShotLabels, 'labels' | 'scores'> {
  const scores = apart
    ? logits.map(({ contradiction, entailment }) => softmax([contradiction, entailment])[1]!)
    : softmax(logits.map(({ entailment }) => entailment));
  const order = scores.map((score, index) => ({ score, label: labels[index]! })).sort((a, b) => b.score - a.score);
  return { labels: order.map(({ label }) => label), scores: order.map(({ score }) => score) };
}

/** @returns Probabilities, which sum to 1. */
function softmax(logits: readonly number[]): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
