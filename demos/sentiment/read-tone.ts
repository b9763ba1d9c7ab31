import type { LabelScore } from 'insitu';
import { type Sentence, splitSentences } from '../shared/sentences.ts';

/** Texts to the scores of all labels: a `text-classification` pipeline. */
export type Classify = (
  texts: readonly string[],
  options: { topK: null; signal: AbortSignal },
) => Promise<LabelScore[][]>;

export interface Tone extends Sentence {
  /** Probability that the sentence is positive, 0..1; `undefined` before it was read. */
  positive: number | undefined;
}

export interface ToneReading {
  /** Of the text as a whole. */
  positive: number;
  sentences: Tone[];
  /** Texts that the model read for this, the whole one included; the others were known. */
  read: number;
}

export interface ToneReader {
  /** What is known of a text without asking the model. */
  recall(text: string): Tone[];
  /** Reads a text and those of its sentences that are new, in one call. */
  read(text: string, signal: AbortSignal): Promise<ToneReading>;
}

/** Enough for a long afternoon of typing. */
const mostRemembered = 4000;

export function createToneReader(classify: Classify): ToneReader {
  const known = new Map<string, number>();
  const recall = (text: string): Tone[] =>
    splitSentences(text).map((sentence) => ({ ...sentence, positive: known.get(sentence.text) }));

  return {
    recall,
    async read(text, signal) {
      const whole = text.trim();
      const unread = [...new Set([whole, ...splitSentences(text).map((sentence) => sentence.text)])].filter(
        (one) => !known.has(one),
      );
      if (unread.length > 0) {
        const results = await classify(unread, { topK: null, signal });
        if (known.size > mostRemembered) known.clear();
        unread.forEach((one, at) =>
          known.set(one, results[at]?.find(({ label }) => label === 'POSITIVE')?.score ?? 0.5),
        );
      }
      return { positive: known.get(whole) ?? 0.5, sentences: recall(text), read: unread.length };
    },
  };
}

export type Polarity = 'positive' | 'negative' | 'undecided';

/** The model is hardly surer than a coin between 0.4 and 0.6. */
export function polarityOf(positive: number): Polarity {
  if (positive >= 0.6) return 'positive';
  return positive <= 0.4 ? 'negative' : 'undecided';
}

/** How sure the model is of the likelier label, in percent. Never 100: no model knows that. */
export function percentOf(positive: number): number {
  return Math.min(99, Math.round(Math.max(positive, 1 - positive) * 100));
}
