import { expect, it } from 'vitest';
import { createModelColours } from './model-colours.ts';

it('gives each model a colour that it keeps, and those that are known the first', () => {
  const colourOf = createModelColours(['a', 'b']);
  expect(colourOf('new')).toBe('var(--model-2)');
  expect(colourOf('b')).toBe('var(--model-1)');
  expect(colourOf('another')).toBe('var(--model-3)');
  expect(colourOf('new')).toBe('var(--model-2)');
});

it('begins anew when it runs out of colours', () => {
  const colourOf = createModelColours(['a', 'b', 'c', 'd', 'e']);
  expect(colourOf('f')).toBe('var(--model-0)');
});
