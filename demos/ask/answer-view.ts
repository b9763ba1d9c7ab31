import { element, part } from '../shared/parts.ts';
import type { FoundAnswer } from './find-answers.ts';
import { showMarked } from './marked-text.ts';
import type { Passage } from './split-document.ts';

/** Below this, texts of this model family have little to do with each other. */
const weakScore = 0.3;

export interface AnswerView {
  show(question: string, answers: readonly FoundAnswer[], passages: readonly Passage[], sureness?: number): void;
  clear(): void;
}

/** The answer, and the other places that may hold one. */
export function createAnswerView(onPoint: (answer: FoundAnswer) => void): AnswerView {
  const answerPlace = part(document, 'answer', HTMLElement);
  const facts = part(document, 'answer-facts', HTMLElement);
  const list = part(document, 'others', HTMLOListElement);
  const empty = part(document, 'answer-empty', HTMLElement);
  const found = part(document, 'answer-found', HTMLElement);

  const describe = ({ score }: FoundAnswer, { section }: Passage): string =>
    [section, `similarity ${score.toFixed(2)}`].filter(Boolean).join(' · ');

  const createRow = (answer: FoundAnswer, passage: Passage, isFirst: boolean): HTMLElement => {
    const row = element('li', 'other');
    const button = element('button', 'other-button');
    button.type = 'button';
    button.dataset.testid = 'passage';
    button.setAttribute('aria-pressed', String(isFirst));
    const words = element('span', 'other-text');
    showMarked(words, passage.text, answer);
    button.append(words, element('span', 'other-facts', describe(answer, passage)));
    button.addEventListener('click', () => {
      for (const each of list.querySelectorAll('button')) each.setAttribute('aria-pressed', String(each === button));
      onPoint(answer);
    });
    row.append(button);
    return row;
  };

  return {
    clear() {
      found.hidden = true;
      empty.hidden = false;
    },
    show(question, answers, passages, sureness) {
      const [best] = answers;
      if (!best) return this.clear();
      found.hidden = false;
      empty.hidden = true;
      const passage = passages[best.passage]!;
      answerPlace.textContent = passage.text.slice(best.start, best.end);
      answerPlace.dataset.question = question;
      const sure = sureness === undefined ? '' : ` · ${Math.round(sureness * 100)}% sure of these words`;
      const weak = best.score < weakScore ? ' · the text may not say' : '';
      facts.textContent = `${describe(best, passage)}${sure}${weak}`;
      list.replaceChildren(...answers.map((answer, at) => createRow(answer, passages[answer.passage]!, at === 0)));
      onPoint(best);
    },
  };
}
