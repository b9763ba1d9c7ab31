import type { Calls } from './calls.ts';
import type { SameAnswer } from './same-answer.ts';
import type { Target } from './target.ts';

/** Milliseconds between two calls. */
const interval = 500;

/** Words of the model's own, a few milliseconds each. */
const texts = ['hello world', 'the model and the page', 'there is a time for all', 'how good is the new day'];

/** Two calls a second, as long as it runs and the page is looked at. */
export interface SteadyStream {
  readonly isRunning: boolean;
  start(): void;
  stop(): void;
}

export function createSteadyStream(
  { embed }: Pick<Target, 'embed'>,
  { calls, answers, isOpen }: { calls: Calls; answers: SameAnswer; isOpen(): boolean },
): SteadyStream {
  let timer: ReturnType<typeof setInterval> | undefined;
  let made = 0;

  const callOnce = async (): Promise<void> => {
    if (!isOpen() || document.visibilityState === 'hidden') return;
    const text = texts[made++ % texts.length]!;
    const answer = await calls.make({ kind: 'steady', what: `“${text}”` }, () => embed(text)).value;
    if (answer) answers.take(text, answer.data);
  };

  return {
    get isRunning() {
      return timer !== undefined;
    },
    start() {
      timer ??= setInterval(() => void callOnce(), interval);
      void callOnce();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
