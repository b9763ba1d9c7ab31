/** Text that grows token by token, given out in pieces that later tokens do not change any more. */
export interface TextPieces {
  /** All text so far, also what may still change. */
  readonly text: string;
  /** Takes the next token. Returns what has become certain. */
  push(token: bigint): string;
  /** Returns the rest. */
  end(): string;
}

/** Bytes of a character that is not complete yet. */
const incomplete = /\uFFFD+$/;

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter() : undefined;

/**
 * Decodes tokens as they come. A token can be part of a character, and what looks like a character can be continued by the next one (an
 * accent, a skin tone): so the last character is kept back until another follows. Each piece is decoded with the piece before it,
 * because tokenizers treat the beginning of a text differently; this keeps the work for a token the same however long the text gets.
 *
 * @param decodeTokens Text of tokens, special tokens left out.
 */
export function createTextPieces(decodeTokens: (tokens: readonly bigint[]) => string): TextPieces {
  // Tokenizers refuse to decode nothing.
  const decode = (some: readonly bigint[]) => (some.length > 0 ? decodeTokens(some) : '');
  const tokens: bigint[] = [];
  /** Where the piece before the present one begins, and where it ends. */
  let before = 0;
  let read = 0;
  let decoded = '';
  let given = 0;

  const take = (end: number): string => {
    const piece = decoded.slice(given, end);
    given = Math.max(given, end);
    return piece;
  };

  return {
    get text() {
      return decoded;
    },
    push(token) {
      tokens.push(token);
      const known = decode(tokens.slice(before, read));
      const now = decode(tokens.slice(before));
      if (incomplete.test(now) || now.length <= known.length) return '';
      decoded += now.slice(known.length);
      before = read;
      read = tokens.length;
      return take(given + startOfLastCharacter(decoded.slice(given)));
    },
    end() {
      const known = decode(tokens.slice(before, read));
      decoded += decode(tokens.slice(before)).slice(known.length);
      return take(decoded.length);
    },
  };
}

/** @param text Begins with a character: within one, where the next begins cannot be told (flags are pairs of letters). */
function startOfLastCharacter(text: string): number {
  if (!segmenter) return text.length - 1 - (/[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text) ? 1 : 0);
  let last = 0;
  for (const { index } of segmenter.segment(text)) last = index;
  return last;
}
