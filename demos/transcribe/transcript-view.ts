import { element, part } from '../shared/parts.ts';
import { formatTime, type Segment, segmentAt } from './timeline.ts';

export interface TranscriptView {
  readonly segments: readonly Segment[];
  clear(): void;
  /** What is being written at the end. */
  showPartial(text: string, start: number): void;
  add(segments: readonly Segment[]): void;
  /** Takes away what was being written. */
  endPartial(): void;
  /** Marks the segment that is heard at a moment. */
  showTime(seconds: number): void;
}

/** Segments with their times; choosing one plays the recording from there. */
export function createTranscriptView(onChoose: (seconds: number) => void): TranscriptView {
  const list = part(document, 'segments', HTMLOListElement);
  const empty = part(document, 'transcript-empty', HTMLElement);
  let segments: Segment[] = [];
  let rows: HTMLElement[] = [];
  let heard = -1;
  let partial: HTMLElement | undefined;

  const createRow = ({ text, start }: Pick<Segment, 'text' | 'start'>): HTMLElement => {
    const row = element('li', 'segment');
    const button = element('button', 'segment-play');
    button.type = 'button';
    button.append(element('span', 'segment-time', formatTime(start)), element('span', 'segment-text', text));
    button.addEventListener('click', () => onChoose(start));
    row.append(button);
    return row;
  };
  /** Scrolls the list alone: the page must not move under whoever reads elsewhere. */
  const keepInView = (row: HTMLElement): void => {
    const [top, bottom] = [row.offsetTop, row.offsetTop + row.offsetHeight];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  };
  const showEmpty = (): void => {
    empty.hidden = list.childElementCount > 0;
  };

  return {
    get segments() {
      return segments;
    },
    clear() {
      segments = [];
      rows = [];
      heard = -1;
      partial = undefined;
      list.replaceChildren();
      showEmpty();
    },
    showPartial(text, start) {
      if (!partial) {
        partial = createRow({ text: '', start });
        partial.classList.add('is-partial');
        partial.dataset.testid = 'partial';
        list.append(partial);
        showEmpty();
      }
      partial.querySelector('.segment-text')!.textContent = text;
      keepInView(partial);
    },
    endPartial() {
      partial?.remove();
      partial = undefined;
      showEmpty();
    },
    add(more) {
      partial?.remove();
      partial = undefined;
      const added = more.map((segment) => {
        const row = createRow(segment);
        row.dataset.testid = 'segment';
        row.dataset.start = String(segment.start);
        return row;
      });
      segments = [...segments, ...more];
      rows = [...rows, ...added];
      list.append(...added);
      showEmpty();
    },
    showTime(seconds) {
      const now = seconds > 0 ? segmentAt(segments, seconds) : -1;
      if (now === heard) return;
      rows[heard]?.removeAttribute('aria-current');
      heard = now;
      rows[heard]?.setAttribute('aria-current', 'true');
      const row = rows[heard];
      if (row) keepInView(row);
    },
  };
}
