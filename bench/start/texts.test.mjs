// @ts-check
import { expect, test } from 'vitest';
import { median } from '../statistics.mjs';
import { mixedTexts } from './texts.mjs';

const wordCount = (/** @type {string} */ text) => text.split(' ').length;

test('the batch is the same each time, and no text is twice in it', () => {
  expect(mixedTexts()).toEqual(mixedTexts());
  expect(new Set(mixedTexts()).size).toBe(64);
});

test('its lengths are those of real text: many short ones, few long ones', () => {
  const lengths = mixedTexts().map(wordCount);
  expect(Math.min(...lengths)).toBe(3);
  expect(Math.max(...lengths)).toBeGreaterThan(90);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(120);
  expect(median(lengths)).toBeCloseTo(15, 0);
});

test('it is not sorted by length', () => {
  const lengths = mixedTexts().map(wordCount);
  const rises = lengths.filter((length, index) => index > 0 && length > Number(lengths[index - 1]));
  expect(rises.length).toBeGreaterThan(16);
  expect(rises.length).toBeLessThan(48);
});
