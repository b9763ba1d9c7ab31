import type { ModelChoice } from '../shared/model-picker.ts';

/** How answers are found; without a reference, by the vectors that the page has already. */
export const answerModels: readonly ModelChoice[] = [
  {
    name: 'The closest sentence',
    reference: '',
    note: 'Shows the sentence whose meaning is nearest to the question. Needs no other model.',
  },
  {
    name: 'DistilBERT, from the Hub (66 MB)',
    reference: 'Xenova/distilbert-base-cased-distilled-squad',
    note: 'Reads the best passages and marks the very words that answer. Fetched once from huggingface.co, then kept by this browser.',
  },
];
