import { part } from './parts.ts';

/** A model that a page offers. */
export interface ModelChoice {
  name: string;
  /** As `pipeline()` takes it. */
  reference: string;
  /** What it is, what it costs, what to expect of it. */
  note: string;
}

const otherNote =
  'Any model of this task: from the Hub, or from a folder in the Hub’s layout. What this page reads stays on this device.';

/** The model that the address of the page asks for, as `?model=…`. */
const askedFor = (): string => new URLSearchParams(location.search).get('model') ?? '';

/**
 * A list of models, and a field for any other.
 *
 * @param onChoose Hears of each choice after the first.
 * @returns What is chosen now.
 */
export function createModelPicker<Choice extends ModelChoice>(
  choices: readonly Choice[],
  toChoice: (other: ModelChoice) => Choice,
  onChoose: () => void,
): { readonly chosen: Choice } {
  const select = part(document, 'model-choice', HTMLSelectElement);
  const other = part(document, 'model-other', HTMLFormElement);
  const reference = part(other, 'model-reference', HTMLInputElement);
  const note = part(document, 'model-note', HTMLElement);

  reference.value = askedFor();
  select.append(...choices.map(({ name }) => new Option(name, name)), new Option('Another model …', ''));

  const otherChoice = (): Choice | undefined => {
    const given = reference.value.trim();
    return given === '' ? undefined : toChoice({ name: given, reference: given, note: otherNote });
  };
  let chosen = otherChoice() ?? choices[0]!;
  select.value = choices.includes(chosen) ? chosen.name : '';

  const show = (): void => {
    other.hidden = select.value !== '';
    note.textContent = select.value === '' ? otherNote : chosen.note;
  };
  const choose = (choice: Choice | undefined): void => {
    show();
    if (!choice || choice.reference === chosen.reference) return;
    chosen = choice;
    show();
    onChoose();
  };

  select.addEventListener('change', () => {
    choose(choices.find(({ name }) => name === select.value));
    if (!other.hidden) reference.focus();
  });
  other.addEventListener('submit', (event) => {
    event.preventDefault();
    choose(otherChoice());
  });
  show();

  return {
    get chosen() {
      return chosen;
    },
  };
}
