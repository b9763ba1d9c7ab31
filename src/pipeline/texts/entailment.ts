import type { ModelFacts } from '../../runtime/runtime.ts';

/** Places among a model's logits. */
export interface EntailmentIds {
  /** The sentence follows from the text. */
  entailment: number;
  /** The text says the opposite. */
  contradiction: number;
}

/** Where a model of entailment gives what. Those that name no labels are taken as transformers.js takes them. */
export function entailmentIds({ id2label }: ModelFacts['config']): EntailmentIds {
  const labels = Object.entries((id2label as Record<string, string>) ?? {});
  const idOf = (...names: string[]) => {
    const found = names.flatMap((name) => labels.filter(([, label]) => label.toLowerCase() === name))[0];
    return found && Number(found[0]);
  };
  return { entailment: idOf('entailment') ?? 2, contradiction: idOf('contradiction', 'not_entailment') ?? 0 };
}

/** @returns Probabilities, which sum to 1. */
export function softmax(logits: readonly number[]): number[] {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
