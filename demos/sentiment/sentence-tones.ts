import { element, part } from '../shared/parts.ts';
import { percentOf, polarityOf, type Tone } from './read-tone.ts';

export interface SentenceTones {
  /** Shows a text with the tones known so far. Must be called on every keystroke: the marks lie behind the text. */
  show(text: string, tones: readonly Tone[]): void;
}

/** How strong a mark is: 0 at a coin's toss, 1 when the model is sure. */
const strengthOf = (positive: number): string => Math.abs(positive * 2 - 1).toFixed(3);

function createMark({ text, positive }: Tone): HTMLElement {
  const mark = element('span', 'mark', text);
  if (positive !== undefined) {
    mark.dataset.polarity = polarityOf(positive);
    mark.style.setProperty('--strength', strengthOf(positive));
  }
  return mark;
}

function createRow({ text, positive }: Tone): HTMLElement {
  const row = element('li', 'sentence');
  row.dataset.testid = 'sentence';
  const bar = element('span', 'sentence-bar');
  bar.setAttribute('aria-hidden', 'true');
  const words = element('span', 'sentence-score', '…');
  if (positive !== undefined) {
    const polarity = polarityOf(positive);
    row.dataset.polarity = polarity;
    row.dataset.positive = positive.toFixed(4);
    const fill = element('span', 'sentence-fill');
    // The bar's origin is its middle: half the width is one whole direction.
    fill.style.transform = `scaleX(${positive * 2 - 1})`;
    bar.append(fill);
    words.textContent = `${percentOf(positive)}%`;
    words.append(element('span', 'sentence-polarity', ` ${polarity}`));
  }
  row.append(element('span', 'sentence-text', text), bar, words);
  return row;
}

/** Marks sentences in place and lists them; the pointer on one of the list finds it in the text. */
export function createSentenceTones(): SentenceTones {
  const marks = part(document, 'marks', HTMLElement);
  const list = part(document, 'sentences', HTMLOListElement);
  const empty = part(document, 'sentences-empty', HTMLElement);

  return {
    show(text, tones) {
      const pieces: (Node | string)[] = [];
      const rows: HTMLElement[] = [];
      let end = 0;
      for (const tone of tones) {
        const mark = createMark(tone);
        pieces.push(text.slice(end, tone.start), mark);
        end = tone.end;
        const row = createRow(tone);
        row.addEventListener('pointerenter', () => mark.classList.add('is-pointed'));
        row.addEventListener('pointerleave', () => mark.classList.remove('is-pointed'));
        rows.push(row);
      }
      // A block does not give room to a line break at its end, a textarea does.
      marks.replaceChildren(...pieces, `${text.slice(end)}\u200b`);
      list.replaceChildren(...rows);
      empty.hidden = rows.length > 0;
    },
  };
}
