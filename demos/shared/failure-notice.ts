import type { isInsituError as InsituErrorGuard } from 'insitu';
import { element } from './parts.ts';

/** A failure in the words a page shows. */
export interface Failure {
  code: string;
  message: string;
  hint: string;
}

/** Any thrown value in words. The guard is handed in: one page has insitu as a module, another as a global. */
export function describeFailure(thrown: unknown, isInsituError: typeof InsituErrorGuard): Failure {
  if (isInsituError(thrown)) return { code: thrown.code, message: thrown.message, hint: thrown.hint };
  return {
    code: 'UNEXPECTED',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hint: 'The console of the developer tools may say more.',
  };
}

/** Shows a failure with a button that tries again. */
export function showFailure(place: HTMLElement, { code, message, hint }: Failure, retry: () => void): void {
  const button = element('button', 'button', 'Retry');
  button.type = 'button';
  button.dataset.testid = 'retry';
  button.addEventListener('click', () => {
    hideFailure(place);
    retry();
  });

  const words = element('div', 'failure-words');
  words.append(
    element('code', 'failure-code', code),
    element('p', 'failure-message', message),
    element('p', 'failure-hint', hint),
  );
  place.replaceChildren(words, button);
  place.dataset.testid = 'failure';
  place.hidden = false;
}

export function hideFailure(place: HTMLElement): void {
  place.hidden = true;
  place.replaceChildren();
}
