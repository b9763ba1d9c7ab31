import { element, part } from '../shared/parts.ts';
import type { FoundAnswer } from './find-answers.ts';
import { showMarked } from './marked-text.ts';
import type { Passage } from './split-document.ts';

export interface DocumentView {
  show(passages: readonly Passage[]): void;
  /** Marks an answer where it stands, and scrolls there; nothing without one. */
  point(answer: FoundAnswer | undefined): void;
}

/** The document to read, in a window of its own. */
export function createDocumentView(): DocumentView {
  const sheet = part(document, 'document', HTMLElement);
  const empty = part(document, 'document-empty', HTMLElement);
  let shown: readonly Passage[] = [];
  let paragraphs: HTMLElement[] = [];
  let pointed: number | undefined;

  return {
    show(passages) {
      shown = passages;
      pointed = undefined;
      let section = '';
      const pieces: HTMLElement[] = [];
      paragraphs = passages.map((passage) => {
        if (passage.section !== section) pieces.push(element('h3', 'document-heading', passage.section));
        section = passage.section;
        const paragraph = element('p', 'passage', passage.text);
        pieces.push(paragraph);
        return paragraph;
      });
      sheet.replaceChildren(...pieces);
      sheet.scrollTop = 0;
      empty.hidden = passages.length > 0;
    },
    point(answer) {
      const before = pointed === undefined ? undefined : paragraphs[pointed];
      if (before) showMarked(before, shown[pointed!]!.text, undefined);
      before?.classList.remove('is-pointed');
      pointed = answer?.passage;
      const paragraph = answer && paragraphs[answer.passage];
      if (!paragraph) return;
      showMarked(paragraph, shown[answer.passage]!.text, answer);
      paragraph.classList.add('is-pointed');
      const mark = paragraph.querySelector('mark') ?? paragraph;
      sheet.scrollTop = mark.offsetTop - sheet.clientHeight / 3;
    },
  };
}
