/** A sentence and where it stands in its text. */
export interface Sentence {
  text: string;
  /** Index of its first character. */
  start: number;
  /** Index after its last character. */
  end: number;
}

/** For browsers without a segmenter: a sentence ends at a stop, closing quotes included, that is followed by a space. */
function cutAtStops(line: string): { segment: string; index: number }[] {
  const pieces = line.matchAll(/\S.*?(?:[.!?…]+["'”’)\]]*(?=\s|$)|$)/g);
  return Array.from(pieces, ({ 0: segment, index }) => ({ segment, index }));
}

/**
 * Splits a text into sentences, in order, without the white space around them. A line break always ends a sentence.
 *
 * @param locale Language of the text for `Intl.Segmenter`; without the segmenter, stops followed by a space decide.
 */
export function splitSentences(text: string, locale = 'en'): Sentence[] {
  const segmenter =
    typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(locale, { granularity: 'sentence' }) : undefined;
  const sentences: Sentence[] = [];
  for (const line of text.matchAll(/[^\r\n]+/g)) {
    for (const { segment, index } of segmenter ? segmenter.segment(line[0]) : cutAtStops(line[0])) {
      const trimmed = segment.trim();
      if (!/[\p{L}\p{N}]/u.test(trimmed)) continue;
      const start = line.index + index + segment.indexOf(trimmed);
      sentences.push({ text: trimmed, start, end: start + trimmed.length });
    }
  }
  return sentences;
}
