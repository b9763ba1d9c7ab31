import { countOf, formatDuration } from './format.ts';
import { part } from './parts.ts';

/** What the heading of the texts tells: how far the model has read. */
export interface ReadingView {
  waiting(count: number): void;
  reading(done: number, count: number): void;
  done(count: number, total: number, milliseconds: number): void;
  stopped(count: number, wanted: number): void;
  failed(): void;
}

/** @param noun What is read. */
export function createReadingView(onStop: () => void, noun = 'sentence'): ReadingView {
  const note = part(document, 'reading', HTMLElement);
  const fill = part(document, 'reading-fill', HTMLElement);
  const stop = part(document, 'stop', HTMLButtonElement);
  stop.addEventListener('click', onStop);

  const show = (state: string, text: string, share: number): void => {
    note.dataset.state = state;
    note.textContent = text;
    fill.style.transform = `scaleX(${share})`;
    stop.hidden = state !== 'reading';
  };

  return {
    waiting: (count) => show('waiting', count === 0 ? '' : `${countOf(count, noun)}, waiting for the model`, 0),
    reading: (done, count) =>
      show('reading', `Reading ${done} of ${countOf(count, noun)}`, count === 0 ? 0 : done / count),
    done(count, total, milliseconds) {
      const taken = milliseconds < 1 ? '' : ` in ${formatDuration(milliseconds)}`;
      if (total > count)
        show('done', `The first ${count.toLocaleString('en')} of ${countOf(total, noun)} read${taken}`, 1);
      else show('done', count === 0 ? 'No text yet' : `${countOf(count, noun)} read${taken}`, count === 0 ? 0 : 1);
    },
    stopped: (count, wanted) =>
      show('stopped', `Stopped: ${count} of ${countOf(wanted, noun)} can be found`, wanted === 0 ? 0 : count / wanted),
    failed: () => show('failed', 'Not read', 0),
  };
}
