import { type TextSpan, tokenOffsets } from './token-offsets.ts';

/** Where an answer, as a tokenizer spells it, stands in its context: word by word, because the spelling differs between words. */
export function answerSpan(answer: string, context: string): TextSpan {
  const exact = context.indexOf(answer);
  if (answer !== '' && exact >= 0) return { start: exact, end: exact + answer.length };
  const words = answer.split(/\s+/).filter((word) => word !== '');
  const spans = tokenOffsets(context, words);
  return { start: spans[0]?.start ?? 0, end: spans.at(-1)?.end ?? 0 };
}
