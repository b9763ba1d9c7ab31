/** Where something stands in a text, in UTF-16 units; `end` is exclusive. */
export interface TextSpan {
  start: number;
  end: number;
}

/** A text without case, accents and spaces, which tokenizers treat in many ways, and where each of its units comes from. */
interface FoldedText {
  text: string;
  /** For each unit of `text`: where its character begins and ends in the original. */
  origins: TextSpan[];
}

/** How far ahead a token is looked for: between it and the one before there may be what the tokenizer left out. */
const searchedUnits = 64;

/**
 * Finds tokens in the text that they were made from. Tokenizers of transformers.js tell what their tokens are, not where they were.
 *
 * @param pieces Each token as text; empty for special ones. What cannot be found (unknown words, parts of characters) gets the place
 * between its neighbours.
 */
export function tokenOffsets(original: string, pieces: readonly string[]): TextSpan[] {
  const { text, origins } = fold(original);
  const spans: (TextSpan | undefined)[] = [];
  let cursor = 0;
  // An unknown word may be of any length; what is special at the beginning stands for none.
  let unknown = false;
  for (const [index, piece] of pieces.entries()) {
    const word = fold(piece.replace(/^(##|▁|Ġ)/, '').trim()).text;
    const found =
      word === '' || word.includes('\uFFFD')
        ? -1
        : text.slice(0, unknown ? undefined : cursor + searchedUnits + word.length).indexOf(word, cursor);
    if (found < 0) {
      spans.push(undefined);
      unknown ||= word === '' && index > 0;
      continue;
    }
    unknown = false;
    cursor = found + word.length;
    spans.push({ start: origins[found]!.start, end: origins[cursor - 1]!.end });
  }
  return spans.map((span, index) => span ?? between(spans, index, original));
}

function fold(original: string): FoldedText {
  let text = '';
  const origins: TextSpan[] = [];
  let start = 0;
  for (const character of original) {
    const end = start + character.length;
    const folded = character
      .normalize('NFKD')
      .replace(/[\p{M}\s]/gu, '')
      .toLowerCase();
    text += folded;
    for (let unit = 0; unit < folded.length; unit++) origins.push({ start, end });
    // An accent that stands by itself belongs to the letter before.
    if (folded === '' && character.trim() !== '' && origins.length > 0)
      origins[origins.length - 1] = { ...origins.at(-1)!, end };
    start = end;
  }
  return { text, origins };
}

function between(spans: readonly (TextSpan | undefined)[], index: number, text: string): TextSpan {
  const start = spans.slice(0, index).reduce((end, span) => span?.end ?? end, 0);
  const next = spans.slice(index + 1).find((span) => span !== undefined)?.start ?? text.length;
  const gap = text.slice(start, Math.max(start, next));
  const [space = ''] = /^\s*/.exec(gap) ?? [];
  return { start: start + space.length, end: start + Math.max(space.length, gap.trimEnd().length) };
}
