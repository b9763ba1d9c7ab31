import { describe, expect, it, vi } from 'vitest';
import { createTextPieces } from './text-pieces.ts';

const encoder = new TextEncoder();
/** Decodes bytes, each a token; what is no whole character becomes U+FFFD, as in tokenizers of byte pairs. */
const decodeBytes = (tokens: readonly bigint[]) => new TextDecoder().decode(Uint8Array.from(tokens, Number));
const bytesOf = (text: string) => [...encoder.encode(text)].map(BigInt);

function write(tokens: readonly bigint[], decode: (tokens: readonly bigint[]) => string) {
  const pieces = createTextPieces(decode);
  const given = tokens.map((token) => pieces.push(token));
  given.push(pieces.end());
  return { given: given.filter((piece) => piece !== ''), text: pieces.text };
}

const graphemes = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

const texts: [string, string][] = [
  ['letters', 'The cat sat.'],
  ['characters of several bytes', 'ein schönes Café – naïve «Ça va?»'],
  ['characters of three bytes', '日本語のテキスト。'],
  ['surrogate pairs', 'a😀b𝒳c'],
  ['accents that stand by themselves', 'e\u0301a\u0308\u0323o\u0302\u0301'],
  ['skin tones', 'hi 👍🏽 and 👋🏿!'],
  ['families', 'a 👨‍👩‍👧‍👦 b 👩🏽‍💻'],
  ['flags', '🇩🇪🇫🇷🇯🇵🇧🇷'],
  ['many flags in a row', '🇩🇪🇫🇷🇯🇵🇧🇷🇨🇭🇦🇹🇮🇹🇪🇸🇵🇹🇳🇱🇧🇪🇸🇪🇳🇴🇫🇮'],
  ['Devanagari', 'नमस्ते दुनिया'],
  ['line breaks of two characters', 'one\r\ntwo\r\n\r\nthree'],
  ['nothing', ''],
];

describe.each(texts)('a text of %s', (_, text) => {
  it('is given out whole, in whole characters', () => {
    const { given, text: all } = write(bytesOf(text), decodeBytes);
    expect(given.join('')).toBe(text);
    expect(all).toBe(text);
    expect(given.flatMap(graphemes)).toEqual(graphemes(text));
    expect(given.join('')).not.toContain('\uFFFD');
  });

  it('is the same in tokens of other sizes', () => {
    const bytes = encoder.encode(text);
    for (const size of [2, 3, 5, 7]) {
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_each, index) =>
        bytes.slice(index * size, (index + 1) * size),
      );
      const decode = (tokens: readonly bigint[]) =>
        new TextDecoder().decode(Uint8Array.from(tokens.flatMap((token) => [...parts[Number(token)]!])));
      const { given } = write(
        parts.map((_part, index) => BigInt(index)),
        decode,
      );
      expect(given.join('')).toBe(text);
      expect(given.flatMap(graphemes)).toEqual(graphemes(text));
    }
  });
});

/** Words of a tokenizer that leaves out the space before the first one, as those with a `▁` do. */
const words = ['▁The', '▁cat', 's', '▁and', '▁dogs', '.'];
const decodeWords = (tokens: readonly bigint[]) =>
  tokens
    .map((token) => words[Number(token)]!)
    .join('')
    .replaceAll('▁', ' ')
    .replace(/^ /, '');

describe('the pieces of a text', () => {
  it('keep the spaces that a tokenizer leaves out at the beginning', () => {
    const tokens = [0n, 1n, 2n, 3n, 4n, 5n];
    expect(write(tokens, decodeWords).given.join('')).toBe(decodeWords(tokens));
    expect(decodeWords(tokens)).toBe('The cats and dogs.');
  });

  it('come as soon as they are certain: all but the last character', () => {
    const pieces = createTextPieces(decodeWords);
    expect(pieces.push(0n)).toBe('Th');
    expect(pieces.push(1n)).toBe('e ca');
    expect(pieces.text).toBe('The cat');
    expect(pieces.end()).toBe('t');
  });

  it('do not come from special tokens, which have no text', () => {
    const decode = (tokens: readonly bigint[]) => decodeWords(tokens.filter((token) => token < 100n));
    expect(write([100n, 0n, 100n, 1n, 100n], decode).given.join('')).toBe('The cat');
  });

  it('hold bytes back that never become a character until the end', () => {
    const broken = [...bytesOf('ab'), 0xe2n, 0x82n];
    const { given } = write(broken, decodeBytes);
    expect(given.join('')).toBe('ab\uFFFD');
  });

  it('cost the same for every token, however long the text is', () => {
    const decode = vi.fn(decodeBytes);
    const pieces = createTextPieces(decode);
    const costs = bytesOf('word '.repeat(400)).map((token) => {
      decode.mockClear();
      pieces.push(token);
      return decode.mock.calls.reduce((sum, [tokens]) => sum + tokens.length, 0);
    });
    expect(Math.max(...costs.slice(-1000))).toBe(Math.max(...costs.slice(0, 20)));
  });
});

it('never splits a pair of surrogates where the browser knows no graphemes', async () => {
  vi.stubGlobal('Intl', { ...Intl, Segmenter: undefined });
  vi.resetModules();
  const { createTextPieces: createPlain } = await import('./text-pieces.ts');
  vi.unstubAllGlobals();
  const pieces = createPlain(decodeBytes);
  const given = bytesOf('a😀b𝒳').map((token) => pieces.push(token));
  given.push(pieces.end());
  expect(given.filter((piece) => piece !== '')).toEqual(['a', '😀', 'b', '𝒳']);
});
