/** How the next token is drawn. */
export interface SamplingOptions {
  /** Divides the logits. */
  temperature: number;
  /** Only so many likeliest tokens; 0 for all. */
  topK: number;
  /** Only the likeliest tokens that have this probability together. */
  topP: number;
  /** A number of 0..1, 1 excluded. */
  random(): number;
}

/**
 * Draws a token by its probability: temperature, then the `topK` likeliest, then those of them that make up `topP` (nucleus sampling,
 * Holtzman et al. 2020).
 *
 * @returns Its index.
 */
export function sampleToken(logits: ArrayLike<number>, { temperature, topK, topP, random }: SamplingOptions): number {
  const candidates = topK > 0 ? likeliest(logits, topK) : byLikelihood(logits);
  const highest = logits[candidates[0]!]!;
  const weights = candidates.map((index) => Math.exp((logits[index]! - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  let kept = 0;
  while (kept < weights.length && (kept === 0 || sum < topP * total)) sum += weights[kept++]!;
  let left = random() * sum;
  for (let place = 0; place < kept; place++) {
    left -= weights[place]!;
    if (left < 0) return candidates[place]!;
  }
  return candidates[Math.max(0, kept - 1)]!;
}

/** The `count` largest, largest first: one pass with a short sorted list, for vocabularies of hundreds of thousands. */
function likeliest(logits: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  for (let index = 0; index < logits.length; index++) {
    const logit = logits[index]!;
    if (logit === -Infinity || (best.length === count && logit <= logits[best[count - 1]!]!)) continue;
    let place = best.length;
    while (place > 0 && logit > logits[best[place - 1]!]!) place--;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
  }
  return best;
}

function byLikelihood(logits: ArrayLike<number>): number[] {
  return Array.from({ length: logits.length }, (_, index) => index)
    .filter((index) => logits[index]! > -Infinity)
    .sort((a, b) => logits[b]! - logits[a]! || a - b);
}

/** Random numbers that a seed repeats: mulberry32 (Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
