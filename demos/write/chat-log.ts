import type { ChatMessage } from 'insitu';
import { element, part } from '../shared/parts.ts';

const nearEnd = 48;

export interface ChatLog {
  readonly messages: readonly ChatMessage[];
  /** Takes a question of the visitor; the answer begins. */
  begin(question: string): void;
  append(piece: string): void;
  /** What was answered so far stays in the conversation. Gives back the question where nothing was. */
  end(): string;
  clear(): void;
}

/** A conversation, the model's turns set off from the visitor's. */
export function createChatLog(): ChatLog {
  const log = part(document, 'chat-log', HTMLElement);
  const empty = part(document, 'chat-empty', HTMLElement);
  let messages: ChatMessage[] = [];
  let answer: HTMLElement | undefined;

  const addTurn = (role: 'user' | 'assistant', content: string): HTMLElement => {
    const turn = element('div', 'turn');
    turn.dataset.role = role;
    turn.dataset.testid = 'turn';
    const words = element('p', 'turn-words', content);
    turn.append(element('p', 'turn-name', role === 'user' ? 'You' : 'Model'), words);
    log.append(turn);
    empty.hidden = true;
    log.scrollTop = log.scrollHeight;
    return words;
  };

  return {
    get messages() {
      return messages;
    },
    begin(question) {
      messages = [...messages, { role: 'user', content: question }];
      addTurn('user', question);
      // Read out as a whole, not in pieces.
      log.setAttribute('aria-busy', 'true');
      answer = addTurn('assistant', '');
      answer.classList.add('is-writing');
    },
    append(piece) {
      const follows = log.scrollHeight - log.scrollTop - log.clientHeight < nearEnd;
      answer?.append(piece);
      if (follows) log.scrollTop = log.scrollHeight;
    },
    end() {
      const content = answer?.textContent ?? '';
      const question = messages.at(-1)?.content ?? '';
      answer?.classList.remove('is-writing');
      log.setAttribute('aria-busy', 'false');
      if (content !== '') {
        messages = [...messages, { role: 'assistant', content }];
        answer = undefined;
        return '';
      }
      messages = messages.slice(0, -1);
      answer = undefined;
      log.lastElementChild?.remove();
      log.lastElementChild?.remove();
      empty.hidden = messages.length > 0;
      return question;
    },
    clear() {
      messages = [];
      log.replaceChildren();
      empty.hidden = false;
    },
  };
}
