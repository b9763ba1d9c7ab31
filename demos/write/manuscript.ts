import { element, part } from '../shared/parts.ts';
import { moveSpans, type Span } from './spans.ts';

/** So close to the end, in pixels, the view follows the text. */
const nearEnd = 48;

export interface Manuscript {
  /** All of it: what the visitor wrote and what the model did. */
  readonly text: string;
  /** Whether it ends with what the model wrote last. */
  readonly canTakeBack: boolean;
  replace(text: string): void;
  /** The visitor's hand is off the paper from here to `end()`. */
  begin(): void;
  append(piece: string): void;
  end(): void;
  /** Takes away what the model wrote last. */
  takeBack(): void;
}

/** Paper for two: what the model wrote is marked, wherever it moves when the visitor edits around it. */
export function createManuscript(onEdit: () => void): Manuscript {
  const paper = part(document, 'paper', HTMLElement);
  const marks = part(paper, 'marks', HTMLElement);
  const input = part(paper, 'text', HTMLTextAreaElement);
  let text = '';
  let spans: Span[] = [];

  const follow = (): void => {
    paper.scrollTop = paper.scrollHeight;
  };
  const draw = (): void => {
    const pieces: (Node | string)[] = [];
    let end = 0;
    for (const span of spans) {
      pieces.push(text.slice(end, span.start), element('span', 'written', text.slice(span.start, span.end)));
      end = span.end;
    }
    // A block does not give room to a line break at its end, a textarea does.
    marks.replaceChildren(...pieces, `${text.slice(end)}\u200b`);
  };
  const set = (next: string, nextSpans: Span[]): void => {
    const follows = paper.scrollHeight - paper.scrollTop - paper.clientHeight < nearEnd;
    text = next;
    spans = nextSpans;
    if (input.value !== text) input.value = text;
    draw();
    if (follows) follow();
  };

  input.addEventListener('input', () => {
    set(input.value, moveSpans(spans, text, input.value));
    onEdit();
  });

  return {
    get text() {
      return text;
    },
    get canTakeBack() {
      return spans.length > 0 && spans.at(-1)?.end === text.length;
    },
    replace(next) {
      set(next, []);
      paper.scrollTop = 0;
    },
    begin() {
      input.readOnly = true;
      paper.classList.add('is-writing');
      spans = [...spans, { start: text.length, end: text.length }];
      follow();
    },
    append(piece) {
      const last = spans.at(-1)!;
      set(text + piece, [...spans.slice(0, -1), { start: last.start, end: last.end + piece.length }]);
    },
    end() {
      input.readOnly = false;
      paper.classList.remove('is-writing');
      set(
        text,
        spans.filter(({ start, end }) => start < end),
      );
      input.setSelectionRange(text.length, text.length);
    },
    takeBack() {
      const last = spans.at(-1);
      if (last) set(text.slice(0, last.start), spans.slice(0, -1));
    },
  };
}
