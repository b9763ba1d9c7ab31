import { expect, it } from 'vitest';
import { moveSpans } from './spans.ts';

const textOf = (text: string, before = text) =>
  moveSpans([{ start: before.indexOf('['), end: before.indexOf(']') + 1 }], before, text).map(({ start, end }) =>
    text.slice(start, end),
  );

it.each([
  ['is the same where nothing changed', 'one [two] three', ['[two]']],
  ['moves with what is typed before it', 'one more [two] three', ['[two]']],
  ['stays when something is typed after it', 'one [two] three four', ['[two]']],
  ['falls in two where something is typed into it', 'one [twHELLOo] three', ['[tw', 'o]']],
  ['shrinks by what is deleted at its end', 'one [twthree', ['[tw']],
  ['shrinks by what is deleted at its beginning', 'on] three', [']']],
  ['is gone with its text', 'one  three', []],
  ['is gone with all text', '', []],
])('%s', (_, after, expected) => expect(textOf(after, 'one [two] three')).toEqual(expected));

it('keeps apart what lies side by side', () => {
  expect(
    moveSpans(
      [
        { start: 0, end: 3 },
        { start: 3, end: 6 },
      ],
      'abcdef',
      'abcxdef',
    ),
  ).toEqual([
    { start: 0, end: 3 },
    { start: 4, end: 7 },
  ]);
});
