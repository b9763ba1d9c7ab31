import { describe, expect, it } from 'vitest';
import { answerSpan } from './answer-span.ts';

describe('the place of an answer', () => {
  it.each([
    ['as it is written', 'Paris', 'She lives in Paris.', 'Paris'],
    ['in another case', 'the eiffel tower', 'It is The Eiffel Tower!', 'The Eiffel Tower'],
    ['with spaces that the text has not', "rock ' n ' roll", "I like Rock'n'Roll.", "Rock'n'Roll"],
    ['without accents', 'sao paulo', 'In São Paulo it rains.', 'São Paulo'],
  ])('%s', (_, answer, context, expected) => {
    const { start, end } = answerSpan(answer, context);
    expect(context.slice(start, end)).toBe(expected);
  });

  it('of nothing is empty', () => {
    expect(answerSpan('', 'any text')).toEqual({ start: 0, end: 0 });
  });
});
