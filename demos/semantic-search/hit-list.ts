import { countOf } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';
import type { Passage } from './passages.ts';
import { sharedWords } from './shared-words.ts';

/** Below this, sentences and queries of this model family have little to do with each other. */
const weakScore = 0.25;

export interface Hit {
  /** Index of the passage in the index. */
  index: number;
  passage: Passage;
  /** Cosine similarity. */
  score: number;
}

export interface HitList {
  show(hits: readonly Hit[], query: string, total: number): void;
  /** Marks the hit of a passage, if it is in the list. */
  highlight(index: number | undefined): void;
}

/** The passage text with the words it shares with the query marked. */
function markedText(text: string, words: readonly string[]): HTMLElement {
  const place = element('span', 'hit-text');
  const marked = new Set(words);
  for (const piece of text.split(/([\p{L}\p{N}]+)/u)) {
    place.append(marked.has(piece.toLowerCase()) ? element('mark', 'hit-shared', piece) : piece);
  }
  return place;
}

function summariseWords(hits: readonly Hit[], without: number): string {
  if (hits.length < 2) return '';
  if (without === 0) return 'all share a word with the query';
  if (without === hits.length) return 'none shares a word with the query';
  return `${without} ${without === 1 ? 'shares' : 'share'} no word with the query`;
}

/** A ranked list. `onPoint` is told which passage the pointer or the keyboard is on, `onLeaveTop` that Up was pressed on the first. */
export function createHitList(
  onPoint: (index: number | undefined) => void,
  onLeaveTop: () => void,
): HitList & { focusFirst(): void } {
  const list = part(document, 'hits', HTMLOListElement);
  const empty = part(document, 'hits-empty', HTMLElement);
  const count = part(document, 'hits-count', HTMLElement);
  const wordsNote = part(document, 'hits-words', HTMLElement);
  const rows = (): HTMLElement[] => [...list.children] as HTMLElement[];

  const focusRow = (position: number): void => {
    const all = rows();
    all.forEach((row, at) => (row.tabIndex = at === position ? 0 : -1));
    all[position]?.focus();
  };

  list.addEventListener('keydown', (event) => {
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const moves: Record<string, number> = {
      ArrowDown: Math.min(at + 1, all.length - 1),
      ArrowUp: at - 1,
      Home: 0,
      End: all.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0) onLeaveTop();
    else focusRow(to);
  });
  list.addEventListener('pointerleave', () => onPoint(undefined));
  list.addEventListener('focusout', () => onPoint(undefined));

  const createRow = ({ index, passage, score }: Hit, at: number, words: readonly string[]): HTMLElement => {
    const row = element('li', 'hit');
    row.dataset.testid = 'hit';
    row.dataset.index = String(index);
    row.dataset.score = score.toFixed(4);
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', 'false');
    row.tabIndex = at === 0 ? 0 : -1;
    const wordsFact = words.length === 0 ? 'no word shared' : `shares “${words.join('”, “')}”`;
    row.setAttribute(
      'aria-label',
      [passage.text, `Similarity ${score.toFixed(2)}`, passage.section, wordsFact].filter(Boolean).join(', '),
    );

    const bar = element('span', 'hit-bar');
    const fill = element('span', 'hit-fill');
    fill.style.transform = `scaleX(${Math.max(0, Math.min(1, score))})`;
    bar.append(fill);

    const facts = element('span', 'hit-facts');
    facts.append(bar, element('span', 'hit-score', score.toFixed(2)), element('span', 'hit-section', passage.section));
    facts.append(element('span', 'hit-words', wordsFact));
    row.append(element('span', 'hit-rank', String(at + 1)), markedText(passage.text, words), facts);

    row.addEventListener('pointerenter', () => onPoint(index));
    row.addEventListener('focus', () => onPoint(index));
    return row;
  };

  return {
    focusFirst: () => focusRow(0),

    show(hits, query, total) {
      const words = hits.map(({ passage }) => sharedWords(query, passage.text));
      list.replaceChildren(...hits.map((hit, at) => createRow(hit, at, words[at]!)));
      list.hidden = hits.length === 0;
      empty.hidden = hits.length > 0;
      const best = hits[0]?.score ?? 0;
      count.textContent = hits.length === 0 ? '' : `${hits.length} of ${countOf(total, 'sentence')}`;
      wordsNote.textContent =
        hits.length > 0 && best < weakScore
          ? 'nothing here is really close'
          : summariseWords(hits, words.filter((shared) => shared.length === 0).length);
    },

    highlight(index) {
      for (const row of rows()) {
        const isIt = index !== undefined && row.dataset.index === String(index);
        row.classList.toggle('is-pointed', isIt);
        row.setAttribute('aria-selected', String(isIt));
      }
    },
  };
}
