/** What a question is compared with. */
export const sentences = [
  'The moon pulls at the water, and the coast runs into the bulge.',
  'A sourdough starter has to be fed every day, like a small pet.',
  'A bee that has found a meadow dances to tell the others where it lies.',
  'You go to bed in Paris and have breakfast in Vienna.',
  'Snow that survives the summer is pressed, layer by layer, into ice.',
  'Gut strings go out of tune when the concert hall fills with breath.',
] as const;

export interface Hit {
  text: string;
  /** Cosine similarity. */
  score: number;
}

/**
 * Texts by their similarity to a question, the nearest first.
 *
 * @param vector Of the question, of length 1.
 * @param known Vectors of the texts, row-major, each of length 1.
 */
export function rankTexts(vector: Float32Array, known: Float32Array, texts: readonly string[]): Hit[] {
  return texts
    .map((text, row) => ({
      text,
      score: vector.reduce((sum, value, at) => sum + value * known[row * vector.length + at]!, 0),
    }))
    .sort((a, b) => b.score - a.score);
}
