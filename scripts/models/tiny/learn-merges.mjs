// @ts-check

/**
 * The merges of a BPE tokenizer (https://arxiv.org/abs/1508.07909): joins the most frequent pair of neighbours, again and again.
 *
 * @param {string[][]} words Each as its symbols.
 * @param {number} [count] Without it, until every word is one symbol.
 * @returns {[left: string, right: string][]}
 */
export function learnMerges(words, count = Infinity) {
  /** @type {[string, string][]} */
  const merges = [];
  let current = words;
  while (merges.length < count) {
    const pair = mostFrequentPair(current);
    if (pair === undefined) break;
    current = current.map((word) => joinPair(word, pair));
    merges.push(pair);
  }
  return merges;
}

/**
 * @param {string[][]} words
 * @returns {[string, string] | undefined} The first of those that are as frequent.
 */
function mostFrequentPair(words) {
  /** @type {Map<string, { pair: [string, string], count: number }>} */
  const counts = new Map();
  for (const word of words) {
    for (const [index, left] of word.slice(0, -1).entries()) {
      const right = word[index + 1] ?? '';
      const key = `${left} ${right}`;
      const entry = counts.get(key) ?? { pair: [left, right], count: 0 };
      entry.count++;
      counts.set(key, entry);
    }
  }
  let best = undefined;
  for (const entry of counts.values()) if (best === undefined || entry.count > best.count) best = entry;
  return best?.pair;
}

/**
 * @param {string[]} word
 * @param {[string, string]} pair
 */
function joinPair(word, [left, right]) {
  const joined = [];
  for (let index = 0; index < word.length; index++) {
    const symbol = word[index] ?? '';
    const meets = symbol === left && word[index + 1] === right;
    joined.push(meets ? left + right : symbol);
    if (meets) index++;
  }
  return joined;
}
