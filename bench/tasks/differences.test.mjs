// @ts-check
import { expect, test } from 'vitest';
import { BenchError } from '../bench-error.mjs';
import { checkDifferences } from './differences.mjs';

test('differences within their bounds are given back', () => {
  const differences = [{ what: 'scores', largest: 1e-5, most: 1e-4 }];
  expect(checkDifferences(differences)).toEqual(differences);
});

test.each([0.2, NaN, null])('a difference of %s ends the bench', (largest) => {
  const differences = [{ what: 'scores', largest: /** @type {number} */ (largest), most: 0.1 }];
  expect(() => checkDifferences(differences)).toThrow(BenchError);
  expect(() => checkDifferences(differences)).toThrow('scores');
});
