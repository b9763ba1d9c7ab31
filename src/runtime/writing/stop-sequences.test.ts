import { describe, expect, it } from 'vitest';
import { createStopSequences } from './stop-sequences.ts';

describe('the end of a text', () => {
  it.each([
    ['none is asked for', undefined, 'any text', -1],
    ['an empty one ends nothing', '', 'any text', -1],
    ['one', '\n\n', 'first\n\nsecond\n\n', 5],
    ['the first of several', ['Q:', '\n'], 'A: yes\nQ: no', 6],
    ['it is all there is', ['stop'], 'stop', 0],
    ['it is not there', ['stop'], 'sto p', -1],
  ])('%s', (_, given, text, at) => {
    expect(createStopSequences(given).find(text)).toBe(at);
  });
});

describe('what is certain of a text', () => {
  it.each([
    ['all without sequences', undefined, 'text', 4],
    ['all that begins none', ['###'], 'text', 4],
    ['all before one that has begun', ['###'], 'text ##', 5],
    ['the longest beginning counts', ['abab'], 'xaba', 1],
    ['a beginning that was broken off is text', ['###'], '##a', 3],
    ['any of several', ['Q:', '\n\n'], 'text\n', 4],
    ['nothing where it is the beginning of one', ['stop'], 'sto', 0],
  ])('%s', (_, given, text, length) => {
    expect(createStopSequences(given).certain(text)).toBe(length);
  });

  it('never grows beyond a sequence that comes later', () => {
    const text = 'aab aabaabaac';
    const sequences = createStopSequences('aabaac');
    const at = sequences.find(text);
    expect(at).toBe(7);
    for (let length = 0; length < at + 6; length++) {
      expect(sequences.certain(text.slice(0, length))).toBeLessThanOrEqual(at);
    }
  });
});
