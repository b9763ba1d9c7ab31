// @ts-check

/**
 * `added_tokens` of `tokenizer.json` for tokens that stand for no text.
 *
 * @param {readonly string[]} tokens
 * @param {(token: string) => number} idOf
 */
export const describeSpecialTokens = (tokens, idOf) =>
  tokens.map((content) => ({
    id: idOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
