import { type Sentence, splitSentences } from '../shared/sentences.ts';

/** A stretch of a document that stands for itself. */
export interface Passage {
  text: string;
  /** The heading it stands under; empty before the first. */
  section: string;
  /** Where its sentences stand in its text. */
  sentences: Sentence[];
}

/** With more, reading takes long on a phone. */
export const mostPassages = 400;
/** A passage of more words says too many things for one vector. */
const mostWords = 70;

const countWords = (text: string): number => text.split(/\s+/).length;
/** A line of its own that is short and does not end like a sentence. */
const isTitle = (block: string): boolean =>
  !block.includes('\n') && countWords(block) <= 10 && !/[.!?…:;"”’)]$/.test(block);

/**
 * Splits a document into passages: whole sentences of one paragraph, up to some seventy words. Headings, with or without the marks of
 * Markdown, name the passages below them.
 *
 * @returns The first {@link mostPassages}, and how many there are in all.
 */
export function splitDocument(text: string): { passages: Passage[]; total: number } {
  const passages: Passage[] = [];
  let section = '';
  // A heading of Markdown needs no empty line around it.
  for (const raw of text.replace(/^(#{1,6} .*)$/gm, '\n\n$1\n\n').split(/\r?\n\s*\r?\n/)) {
    const block = raw.trim();
    if (block === '') continue;
    const heading = /^#{1,6} (.*)$/.exec(block)?.[1];
    if (heading !== undefined || isTitle(block)) section = heading ?? block;
    else passages.push(...groupSentences(joinWrappedLines(block), section));
  }
  return { passages: passages.slice(0, mostPassages), total: passages.length };
}

/** Plain text is often wrapped: a line break in a paragraph is a space, unless a list goes on. */
function joinWrappedLines(block: string): string {
  return block.replace(/[ \t]*\r?\n(?![ \t]*(?:[-*+]|\d+[.)])[ \t])[ \t]*/g, ' ');
}

function groupSentences(paragraph: string, section: string): Passage[] {
  const groups: Sentence[][] = [];
  let words = Infinity;
  for (const sentence of splitSentences(paragraph)) {
    const more = countWords(sentence.text);
    if (words + more > mostWords) {
      groups.push([]);
      words = 0;
    }
    groups.at(-1)!.push(sentence);
    words += more;
  }
  return groups.map((group) => {
    const start = group[0]!.start;
    return {
      text: paragraph.slice(start, group.at(-1)!.end),
      section,
      sentences: group.map((each) => ({ ...each, start: each.start - start, end: each.end - start })),
    };
  });
}
