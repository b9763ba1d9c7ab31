import { describe, expect, it, vi } from 'vitest';
import { type LabelledToken, entitiesOf } from './entities-of.ts';

/** Tokens of one letter each, with these labels; those without are left out, as tokens that are labelled `O`. */
const tokens = (...labels: string[]): LabelledToken[] =>
  labels
    .map((entity, index) => ({ entity, index, score: 0.5, word: 'x', start: index * 2, end: index * 2 + 1 }))
    .filter(({ entity }) => entity !== 'O');

/** Kind and tokens of each entity: `PER 0-2`. */
const group = (...labels: string[]) =>
  entitiesOf(tokens(...labels), (indices) => indices.join(' ')).map(
    ({ entity_group, word }) => `${entity_group}: ${word}`,
  );

describe('labels of tokens', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [['B-PER'], ['PER: 0']],
    [['I-PER'], ['PER: 0']],
    [['E-PER'], ['PER: 0']],
    [['S-PER'], ['PER: 0']],
    [['PER', 'PER'], ['PER: 0 1']],
    [['B-PER', 'I-PER', 'I-PER'], ['PER: 0 1 2']],
    [['I-PER', 'I-PER'], ['PER: 0 1']],
    [
      ['B-PER', 'B-PER'],
      ['PER: 0', 'PER: 1'],
    ],
    [
      ['I-PER', 'B-PER'],
      ['PER: 0', 'PER: 1'],
    ],
    [
      ['B-PER', 'I-LOC'],
      ['PER: 0', 'LOC: 1'],
    ],
    [
      ['B-PER', 'E-PER', 'I-PER'],
      ['PER: 0 1', 'PER: 2'],
    ],
    [
      ['B-PER', 'E-PER', 'E-PER'],
      ['PER: 0 1', 'PER: 2'],
    ],
    [
      ['S-PER', 'I-PER'],
      ['PER: 0', 'PER: 1'],
    ],
    [
      ['S-PER', 'S-PER'],
      ['PER: 0', 'PER: 1'],
    ],
    [
      ['I-PER', 'S-PER'],
      ['PER: 0', 'PER: 1'],
    ],
    [
      ['B-PER', 'E-LOC'],
      ['PER: 0', 'LOC: 1'],
    ],
    // As in transformers.js, what was left out in between does not end an entity.
    [['B-PER', 'O', 'I-PER'], ['PER: 0 2']],
    [['B-B-1', 'I-B-1'], ['B-1: 0 1']],
    [['X-PER', 'X-PER'], ['X-PER: 0 1']],
  ])('%j are joined to %j', (labels, entities) => {
    expect(group(...labels)).toEqual(entities);
  });

  it('give entities with their place, their mean score and the text of all of their tokens', () => {
    const [first, second] = tokens('B-LOC', 'I-LOC');
    const wordOf = vi.fn(() => 'New York');
    expect(
      entitiesOf(
        [
          { ...first!, score: 0.9 },
          { ...second!, score: 0.6 },
        ],
        wordOf,
      ),
    ).toEqual([{ entity_group: 'LOC', score: 0.75, word: 'New York', start: 0, end: 3 }]);
    expect(wordOf).toHaveBeenCalledExactlyOnceWith([0, 1]);
  });
});
