import { countOf } from '../shared/format.ts';
import { part } from '../shared/parts.ts';

/** How the next text is to be written. */
export interface WritingOptions {
  maxNewTokens: number;
  doSample: boolean;
  temperature: number;
  seed: number;
  stop?: string;
}

export interface OptionsForm {
  /** What is chosen, with a seed drawn where none is. */
  read(): WritingOptions;
}

const largestSeed = 100_000;

/** `\n` is how people write a line break into a field of one line. */
const unescapeBreaks = (text: string): string => text.replaceAll('\\n', '\n').replaceAll('\\t', '\t');

export function createOptionsForm(): OptionsForm {
  const form = part(document, 'options', HTMLFormElement);
  const length = part(form, 'length', HTMLInputElement);
  const temperature = part(form, 'temperature', HTMLInputElement);
  const seed = part(form, 'seed', HTMLInputElement);
  const stop = part(form, 'stop-sequence', HTMLInputElement);
  const lengthValue = part(form, 'length-value', HTMLOutputElement);
  const temperatureValue = part(form, 'temperature-value', HTMLOutputElement);
  const lastSeed = part(form, 'last-seed', HTMLElement);
  const keep = part(form, 'keep-seed', HTMLButtonElement);
  let drawn: number | undefined;

  const show = (): void => {
    lengthValue.textContent = `at most ${countOf(length.valueAsNumber, 'token')}`;
    const heat = temperature.valueAsNumber;
    temperatureValue.textContent = heat === 0 ? 'always the likeliest' : heat.toFixed(1);
    seed.disabled = heat === 0;
    lastSeed.textContent =
      heat === 0
        ? 'Without chance there is no seed.'
        : drawn === undefined
          ? 'The same seed gives the same text.'
          : `The last one was ${drawn}.`;
    keep.hidden = drawn === undefined || heat === 0 || seed.value === String(drawn);
  };

  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => queueMicrotask(show));
  keep.addEventListener('click', () => {
    seed.value = String(drawn ?? '');
    show();
    seed.focus();
  });
  show();

  return {
    read() {
      const given = seed.value.trim();
      drawn = /^\d+$/.test(given) ? Number(given) : Math.floor(Math.random() * largestSeed);
      show();
      const heat = temperature.valueAsNumber;
      return {
        maxNewTokens: length.valueAsNumber,
        doSample: heat > 0,
        temperature: heat,
        seed: drawn,
        ...(stop.value !== '' && { stop: unescapeBreaks(stop.value) }),
      };
    },
  };
}
