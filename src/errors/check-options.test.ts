import { describe, expect, it } from 'vitest';
import { abortSignal, anything, checkOptions, describe as inWords, ofType, oneOf } from './check-options.ts';

const checks = {
  topK: ofType('boolean'),
  maxNewTokens: anything,
  pooling: oneOf('mean', 'cls'),
};

describe('checkOptions', () => {
  it('takes both spellings and gives camelCase back', () => {
    expect(checkOptions({ topK: true, max_new_tokens: 3 }, checks)).toEqual({ topK: true, maxNewTokens: 3 });
    expect(checkOptions({ top_k: false }, checks)).toEqual({ topK: false });
  });

  it('refuses an unknown name as it was written, and lists the known ones', () => {
    expect(() => checkOptions({ top_kk: 1 }, checks)).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: 'Unknown option "top_kk".',
        hint: expect.stringContaining('topK, maxNewTokens, pooling'),
      }),
    );
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf', 'has_own_property'])(
    'knows no option %s, though every object has such a property',
    (name) => {
      // JSON.parse makes __proto__ a property like any other, as does the structured clone.
      const given = JSON.parse(`{${JSON.stringify(name)}: "mean"}`) as Record<string, unknown>;
      expect(Object.keys(given)).toEqual([name]);
      expect(() => checkOptions(given, checks)).toThrow(`Unknown option "${name}".`);
    },
  );

  it('takes undefined for not given, also under an unknown name', () => {
    expect(checkOptions({ pooling: undefined, unheardOf: undefined }, checks)).toEqual({});
    expect(Object.keys(checkOptions({ pooling: undefined }, checks))).toEqual([]);
  });

  it.each([null, false, 0, ''])('does not take %s for not given', (value) => {
    expect(() => checkOptions({ pooling: value }, checks)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('pooling') }),
    );
  });

  it('says what a value must be, what it is, and names the option as it was written', () => {
    expect(() => checkOptions({ top_k: 'yes' }, checks)).toThrow('The option top_k must be a boolean, not "yes".');
    expect(() => checkOptions({ pooling: ['mean'] }, checks)).toThrow(
      'The option pooling must be one of "mean", "cls", not an object of type Array.',
    );
  });
});

describe('abortSignal', () => {
  it('takes signals of any realm and nothing else', () => {
    expect(abortSignal(new AbortController().signal)).toBeUndefined();
    for (const value of [new AbortController(), null, 'abort', () => {}, {}]) expect(abortSignal(value)).toBeDefined();
  });
});

describe('describe', () => {
  it.each([
    [null, 'null'],
    ['text', '"text"'],
    ['a "quoted"\nline', String.raw`"a \"quoted\"\nline"`],
    ['x'.repeat(41), `"${'x'.repeat(40)}…"`],
    [42, 'the number 42'],
    [Number.NaN, 'the number NaN'],
    [7n, 'the bigint 7'],
    [true, 'the boolean true'],
    [Symbol('mark'), 'the symbol Symbol(mark)'],
    [[1, 2], 'an object of type Array'],
    [new Map(), 'an object of type Map'],
    [Object.create(null), 'an object of type Object'],
    [{ constructor: undefined }, 'an object of type Object'],
  ])('%o', (value, words) => {
    expect(inWords(value)).toBe(words);
  });

  it('says undefined once', () => {
    expect(inWords(undefined)).toBe('undefined');
  });

  it('finds a word for an object of a class without a name', () => {
    expect(inWords(new (class {})())).toBe('an object of type Object');
  });

  it('does not print the source of a function', () => {
    expect(inWords(() => 'a whole body of code, which may be a component of a framework').length).toBeLessThan(60);
  });
});
