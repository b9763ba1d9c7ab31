import { describe, expect, it } from 'vitest';
import { tokenOffsets } from './token-offsets.ts';

/** What stands where the tokens were found. */
const found = (text: string, ...pieces: string[]) =>
  tokenOffsets(text, pieces).map(({ start, end }) => text.slice(start, end));

describe('tokens', () => {
  it.each<[string, string, string[], string[]]>([
    ['words', 'Ada met Bob.', ['Ada', 'met', 'Bob', '.'], ['Ada', 'met', 'Bob', '.']],
    ['parts of words', 'Wolfgang sings', ['Wolf', '##gang', 'sings'], ['Wolf', 'gang', 'sings']],
    ['words with a mark for the space', 'Ada met Bob', ['▁Ada', 'Ġmet', ' Bob'], ['Ada', 'met', 'Bob']],
    ['another case', 'ADA Met bob', ['ada', 'met', 'bob'], ['ADA', 'Met', 'bob']],
    ['no accents', 'Zoë in São Paulo', ['zoe', 'in', 'sao', 'paulo'], ['Zoë', 'in', 'São', 'Paulo']],
    ['accents that stand by themselves', 'Zoe\u0308 met', ['zoe', 'met'], ['Zoe\u0308', 'met']],
    ['ligatures', 'ﬁne', ['fine'], ['ﬁne']],
    ['a part of a ligature', 'ﬁne', ['f', '##ine'], ['ﬁ', 'ﬁne']],
    ['Chinese', '我在北京', ['我', '在', '北', '京'], ['我', '在', '北', '京']],
    ['pairs of surrogates', 'a 😀 b', ['a', '😀', 'b'], ['a', '😀', 'b']],
    ['the same word again', 'no no no', ['no', 'no', 'no'], ['no', 'no', 'no']],
    ['spaces of any width', 'New \n\n York', ['New', 'York'], ['New', 'York']],
    ['spaces within a token', 'New  York', ['▁New▁York'.replace('▁Y', ' Y')], ['New  York']],
    ['special ones, which have no text', 'Ada', ['', 'Ada', ''], ['', 'Ada', '']],
  ])('are found: %s', (_, text, pieces, expected) => {
    expect(found(text, ...pieces)).toEqual(expected);
  });

  it('of the same spelling have places of their own', () => {
    expect(tokenOffsets('no no', ['no', 'no'])).toEqual([
      { start: 0, end: 2 },
      { start: 3, end: 5 },
    ]);
  });

  it('that are unknown get the place between their neighbours', () => {
    expect(found('Ada ♞♞♞ Bob', 'Ada', '', 'Bob')).toEqual(['Ada', '♞♞♞', 'Bob']);
    expect(found('♞ Bob', '', 'Bob')).toEqual(['♞', 'Bob']);
    expect(found('Bob ♞', 'Bob', '')).toEqual(['Bob', '♞']);
  });

  it('that are parts of a character get the place between their neighbours', () => {
    expect(found('a €b', 'a', '\uFFFD\uFFFD', '\uFFFD', 'b')).toEqual(['a', '€', '€', 'b']);
  });

  it('are found after many spaces', () => {
    expect(found(`Ada${' '.repeat(500)}met${'\n'.repeat(500)}Bob`, 'Ada', 'met', 'Bob')).toEqual(['Ada', 'met', 'Bob']);
  });

  it('are found after a long unknown word', () => {
    expect(found(`Ada ${'♞'.repeat(500)} met Bob`, '', 'Ada', '', 'met', 'Bob', '')).toEqual([
      '',
      'Ada',
      '♞'.repeat(500),
      'met',
      'Bob',
      '',
    ]);
  });

  it('that the text does not have do not lose those after them', () => {
    const filler = ' and'.repeat(100);
    const text = `Ada met Bob${filler} xyz`;
    // The tokenizer writes a word otherwise than the text, and the same letters come much later.
    expect(found(text, 'Ada', 'xyz', 'Bob')).toEqual(['Ada', 'met', 'Bob']);
  });

  it('are inside of the text, and in order, whatever they are', () => {
    const text = 'Äpfel, Ñandú & 北京!';
    const spans = tokenOffsets(text, ['', 'a', '##pfel', ',', '?', 'nandu', '', '京', 'zzz', '!', '']);
    let last = 0;
    for (const { start, end } of spans) {
      expect(start).toBeGreaterThanOrEqual(last);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(text.length);
      last = start;
    }
  });

  it('of a long text are found in a time that grows with it', () => {
    const words = Array.from({ length: 20_000 }, (_, index) => `word${index % 7}`);
    const spans = tokenOffsets(words.join(' '), words);
    expect(spans.at(-1)).toEqual({ start: words.join(' ').length - words.at(-1)!.length, end: words.join(' ').length });
  });
});
