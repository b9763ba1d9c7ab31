import { describe } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import type { LabelledExample } from '../classifier.ts';

/** Examples, with their labels as numbers. */
export interface CheckedExamples {
  inputs: unknown[];
  /** Which of the labels each one has. */
  classes: Uint32Array;
  labels: string[];
  /** Examples of each label. */
  counts: number[];
}

/** @throws InsituError `INPUT_INVALID` */
export function checkExamples(examples: unknown): CheckedExamples {
  const form = 'Pass an array of `{ input, label }`.';
  if (!Array.isArray(examples)) throw invalid(`The examples are ${describe(examples)}.`, form);
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const classes = Uint32Array.from(examples as readonly unknown[], (example, index) => {
    const { label } = (example ?? {}) as Partial<LabelledExample>;
    if (typeof label !== 'string') throw invalid(`The label of example ${index} is ${describe(label)}.`, form);
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    counts[number] = (counts[number] ?? 0) + 1;
    return number;
  });
  const labels = [...numbers.keys()];
  if (labels.length < 2) {
    const found = labels.length === 0 ? 'no label' : `one label, ${describe(labels[0])}`;
    throw invalid(`The examples have ${found}.`, 'A classifier tells two labels apart, or more.');
  }
  const single = counts.indexOf(1);
  if (single >= 0) {
    throw invalid(
      `There is one example of the label ${describe(labels[single])}.`,
      'Give two of each label, or better five.',
    );
  }
  return { inputs: (examples as LabelledExample[]).map(({ input }) => input), classes, labels, counts };
}

function invalid(message: string, hint: string): InsituError {
  return new InsituError('INPUT_INVALID', message, { hint });
}
