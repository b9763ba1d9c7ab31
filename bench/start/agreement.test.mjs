// @ts-check
import { describe, expect, test } from 'vitest';
import { checkAgreement, cosineDistance } from './agreement.mjs';

describe('cosineDistance', () => {
  test('is 0 for one direction, 1 for right angles, 2 for opposites', () => {
    expect(cosineDistance([1, 2], [2, 4])).toBeCloseTo(0);
    expect(cosineDistance([1, 0], [0, 3])).toBeCloseTo(1);
    expect(cosineDistance([1, 0], [-1, 0])).toBeCloseTo(2);
  });

  test('is no number for what cannot be compared', () => {
    expect(cosineDistance([1, 2], [1])).toBeNaN();
    expect(cosineDistance([0, 0], [1, 1])).toBeNaN();
  });
});

describe('checkAgreement', () => {
  const rows = [
    [1, 0],
    [0, 1],
  ];
  const good = { sentence: [1, 1], oneByOne: rows, batch: rows };

  test('lets equal results pass', () => {
    expect(checkAgreement(good, good)).toEqual({
      sentence: expect.closeTo(0),
      oneByOne: 0,
      ourBatch: 0,
      theirBatch: 0,
    });
  });

  test('names what is off', () => {
    expect(() => checkAgreement({ ...good, sentence: [1, 0] }, good)).toThrow('the embedding of the one sentence');
    expect(() => checkAgreement({ ...good, batch: [...rows].reverse() }, good)).toThrow("insitu's batch");
  });

  test('rows that are missing or empty are off too', () => {
    expect(() => checkAgreement({ ...good, oneByOne: rows.slice(1) }, good)).toThrow('one at a time');
    expect(() => checkAgreement({ ...good, sentence: [] }, { ...good, sentence: [] })).toThrow('the one sentence');
  });
});
