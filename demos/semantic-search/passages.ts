import { splitSentences } from '../shared/sentences.ts';

/** A sentence to search and the heading it stands under. */
export interface Passage {
  text: string;
  /** Empty before the first heading. */
  section: string;
}

/** With more, a map is a cloud and reading takes long on a phone. */
export const mostPassages = 600;

/**
 * Splits a text into passages. A Markdown heading names the passages that follow it; list markers and emphasis are left out.
 *
 * @returns The first {@link mostPassages} passages, and how many there are in all.
 */
export function splitPassages(text: string): { passages: Passage[]; total: number } {
  const passages: Passage[] = [];
  let section = '';
  for (const block of text.split(/^(?=#{1,6} )/m)) {
    const heading = /^#{1,6} (.*)$/m.exec(block);
    if (block.startsWith('#') && heading) section = (heading[1] ?? '').trim();
    const body = block
      .replace(/^#{1,6} .*$/m, '')
      .replace(/^[ \t]*(?:[-*+>]|\d+[.)])[ \t]+/gm, '\n')
      .replace(/[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}/g, '');
    passages.push(
      ...joinWrappedLines(body).flatMap((paragraph) =>
        splitSentences(paragraph).map((sentence) => ({ text: sentence.text, section })),
      ),
    );
  }
  return { passages: passages.slice(0, mostPassages), total: passages.length };
}

/** Paragraphs of a text. A line that ends without a stop goes on in the next one: mail and plain text files are often wrapped. */
function joinWrappedLines(body: string): string[] {
  return body
    .split(/\r?\n\s*\r?\n/)
    .map((paragraph) => paragraph.replace(/([^\s.!?…:;"”’)])[ \t]*\r?\n(?=\S)/g, '$1 '));
}
