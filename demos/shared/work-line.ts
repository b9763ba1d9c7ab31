import { isInsituError } from 'insitu';
import { describeFailure, hideFailure, showFailure } from './failure-notice.ts';
import { element } from './parts.ts';

export interface WorkTools {
  signal: AbortSignal;
  /** How far it is, 0..1, and in words. */
  show(progress: number, text: string): void;
}

export type WorkEnd<T> = { state: 'done'; value: T } | { state: 'cancelled' } | { state: 'failed' };

/** One line that shows a piece of work: its progress with a Cancel, then what came of it or why it failed. */
export interface WorkLine {
  readonly busy: boolean;
  /**
   * Runs one piece of work; while one runs, another is not begun. Never rejects: a failure is shown, with `retry` to try again.
   *
   * @param name What is done, for the progress bar and while nothing is known of its progress.
   */
  run<T>(name: string, work: (tools: WorkTools) => Promise<T>, retry: () => void): Promise<WorkEnd<T>>;
  /** Shows what came of it, with something to do about it if that is given. */
  say(text: string, tone?: 'good' | 'bad' | 'plain', action?: { name: string; testId: string; run(): void }): void;
  clear(): void;
  /** Stops what runs. */
  cancel(): void;
}

/** @param onBusy Hears when work begins and ends. */
export function createWorkLine(place: HTMLElement, onBusy: (busy: boolean) => void = () => {}): WorkLine {
  const line = element('div', 'work');
  const track = element('div', 'work-track');
  const fill = element('div', 'work-fill');
  const words = element('p', 'work-words');
  const cancel = element('button', 'button work-cancel', 'Cancel');
  const outcome = element('div', 'outcome');
  const failure = element('div', 'failure');
  track.setAttribute('role', 'progressbar');
  track.setAttribute('aria-valuemin', '0');
  track.setAttribute('aria-valuemax', '100');
  track.append(fill);
  cancel.type = 'button';
  cancel.dataset.testid = 'cancel';
  line.append(track, words, cancel);
  line.hidden = true;
  outcome.setAttribute('role', 'status');
  outcome.tabIndex = -1;
  outcome.dataset.testid = 'outcome';
  failure.setAttribute('role', 'alert');
  failure.hidden = true;
  place.append(line, outcome, failure);

  let current: AbortController | undefined;
  cancel.addEventListener('click', () => current?.abort());

  const show = (progress: number, text: string): void => {
    fill.style.transform = `scaleX(${progress})`;
    track.setAttribute('aria-valuenow', String(Math.round(progress * 100)));
    track.setAttribute('aria-valuetext', text);
    words.textContent = text;
  };
  const clear = (): void => {
    hideFailure(failure);
    outcome.replaceChildren();
    delete outcome.dataset.tone;
  };

  return {
    get busy() {
      return current !== undefined;
    },
    clear,
    cancel: () => current?.abort(),

    async run(name, work, retry) {
      if (current) return { state: 'cancelled' };
      const controller = new AbortController();
      const { signal } = controller;
      current = controller;
      const began = document.activeElement;
      // A Retry or a Repair goes away with what it stood in, and the focus must not fall off the page with it.
      const orphaned = began === document.body || place.contains(began);
      clear();
      track.setAttribute('aria-label', name);
      show(0, `${name} …`);
      line.hidden = false;
      onBusy(true);
      if (orphaned) cancel.focus({ preventScroll: true });
      try {
        return {
          state: 'done',
          value: await work({ signal, show: (progress, text) => current === controller && show(progress, text) }),
        };
      } catch (thrown) {
        if (signal.aborted) return { state: 'cancelled' };
        showFailure(failure, describeFailure(thrown, isInsituError), retry);
        return { state: 'failed' };
      } finally {
        current = undefined;
        onBusy(false);
        if (document.activeElement === cancel) {
          const before = !orphaned && began instanceof HTMLElement && began.isConnected ? began : outcome;
          before.focus({ preventScroll: true });
        }
        line.hidden = true;
      }
    },

    say(text, tone = 'plain', action) {
      clear();
      outcome.dataset.tone = tone;
      outcome.append(element('p', 'outcome-words', text));
      if (!action) return;
      const button = element('button', 'button', action.name);
      button.type = 'button';
      button.dataset.testid = action.testId;
      button.addEventListener('click', () => action.run());
      outcome.append(button);
    },
  };
}

/** Says that a button does nothing for now, without taking the focus from it. */
export function setIdle(button: HTMLButtonElement, idle: boolean): void {
  if (idle) button.setAttribute('aria-disabled', 'true');
  else button.removeAttribute('aria-disabled');
}

/** Runs an action on click, unless the button says that it does nothing for now. */
export function onPress(button: HTMLButtonElement, act: () => void): void {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') act();
  });
}
