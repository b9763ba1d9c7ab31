// @ts-check

/**
 * `added_tokens` of `tokenizer.json` for tokens that stand for no text.
 *
 * @param {readonly string[]} tokens
 * @param {readonly string[]} [vocabulary] The place of a token is its id. By default they begin with these.
 */
export const describeSpecialTokens = (tokens, vocabulary = tokens) =>
  tokens.map((content) => ({
    id: vocabulary.indexOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
