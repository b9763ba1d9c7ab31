import type { Passage } from './split-document.ts';

/** A passage that may answer, and what in it does. */
export interface FoundAnswer {
  /** Which of the passages. */
  passage: number;
  /** Of the passage and its best sentence to the question, about -1..1. */
  score: number;
  /** The answer in the passage's text. */
  start: number;
  end: number;
}

/** What of a passage's score its best sentence has; the rest is the passage's own. */
const sentenceShare = 0.6;

/** Similarity of a text to the question. */
export type Similarity = (text: string) => number;

/** Passages by how well they and their best sentence fit a question, best first. */
export function findAnswers(passages: readonly Passage[], similarity: Similarity, most: number): FoundAnswer[] {
  return passages
    .map(({ text, sentences }, passage) => {
      const best = sentences.reduce((one, other) => (similarity(other.text) > similarity(one.text) ? other : one));
      const score = sentenceShare * similarity(best.text) + (1 - sentenceShare) * similarity(text);
      return { passage, score, start: best.start, end: best.end };
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, most);
}
