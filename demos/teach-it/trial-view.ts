import type { LabelScore } from 'insitu';
import { element, part } from '../shared/parts.ts';

export interface TrialView {
  readonly text: string;
  set(text: string): void;
  show(scores: readonly LabelScore[]): void;
  clear(): void;
}

/**
 * A text to try what was learned on.
 *
 * @param onAdd The visitor says what label the text has.
 */
export function createTrialView(onText: () => void, onAdd: (label: string, text: string) => void): TrialView {
  const input = part(document, 'trial', HTMLTextAreaElement);
  const list = part(document, 'scores', HTMLUListElement);
  const empty = part(document, 'scores-empty', HTMLElement);
  input.addEventListener('input', onText);

  const createRow = ({ label, score }: LabelScore, isBest: boolean): HTMLElement => {
    const row = element('li', 'score');
    row.dataset.testid = 'score';
    row.dataset.label = label;
    row.classList.toggle('is-best', isBest);
    const bar = element('span', 'score-bar');
    const fill = element('span', 'score-fill');
    fill.style.transform = `scaleX(${score})`;
    bar.append(fill);
    const add = element('button', 'text-button', 'Teach');
    add.type = 'button';
    add.dataset.testid = 'teach';
    add.setAttribute('aria-label', `Teach that this is ${label}`);
    add.addEventListener('click', () => onAdd(label, input.value.trim()));
    row.append(
      element('span', 'score-label', label),
      bar,
      element('span', 'score-number', `${Math.min(99, Math.round(score * 100))}%`),
      add,
    );
    return row;
  };

  return {
    get text() {
      return input.value.trim();
    },
    set(text) {
      input.value = text;
    },
    show(scores) {
      const best = [...scores].sort((one, other) => other.score - one.score)[0];
      list.replaceChildren(...scores.map((score) => createRow(score, score === best)));
      empty.hidden = true;
    },
    clear() {
      list.replaceChildren();
      empty.hidden = false;
    },
  };
}
