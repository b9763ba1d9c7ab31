import { expect, it } from 'vitest';
import { createSameAnswer } from './same-answer.ts';

it('compares each answer with the first of its text', () => {
  const answers = createSameAnswer();
  answers.take('a', [1, 2]);
  answers.take('b', [3, 4]);
  expect([answers.compared, answers.wrong]).toEqual([0, 0]);
  answers.take('a', new Float32Array([1, 2]));
  answers.take('b', [3, 4]);
  expect([answers.compared, answers.wrong]).toEqual([2, 0]);
});

it.each([
  ['another value', [1, 3]],
  ['another zero', [-0, 2]],
  ['a longer answer', [0, 2, 3]],
  ['a shorter answer', [0]],
])('calls wrong %s', (_, answer) => {
  const answers = createSameAnswer();
  answers.take('a', [0, 2]);
  answers.take('a', answer);
  expect([answers.compared, answers.wrong]).toEqual([1, 1]);
});

it('takes what is no number for the same each time', () => {
  const answers = createSameAnswer();
  answers.take('a', [Number.NaN]);
  answers.take('a', [Number.NaN]);
  expect(answers.wrong).toBe(0);
});
