import { describe, expect, it } from 'vitest';
import { mostPassages, splitPassages } from './passages.ts';

describe('splitPassages', () => {
  it('names passages after the heading above them', () => {
    const { passages } = splitPassages('Before.\n\n# Bread\nFlour. Water.\n\n## Sea\nSalt.');
    expect(passages).toEqual([
      { text: 'Before.', section: '' },
      { text: 'Flour.', section: 'Bread' },
      { text: 'Water.', section: 'Bread' },
      { text: 'Salt.', section: 'Sea' },
    ]);
  });

  it('joins wrapped lines, not list items or lines that end with a stop', () => {
    const texts = (text: string) => splitPassages(text).passages.map((passage) => passage.text);
    expect(texts('A line that is\nwrapped here.\nAnother one.')).toEqual([
      'A line that is wrapped here.',
      'Another one.',
    ]);
    expect(texts('A title\n\nA sentence.')).toEqual(['A title', 'A sentence.']);
    expect(texts('- milk\n- bread')).toEqual(['milk', 'bread']);
  });

  it('reads Markdown without its marks', () => {
    expect(splitPassages('- A **bold** claim with `code`.\n> A quotation.').passages.map(({ text }) => text)).toEqual([
      'A bold claim with code.',
      'A quotation.',
    ]);
  });

  it('stops at the limit and tells the number of all', () => {
    const { passages, total } = splitPassages('One. '.repeat(mostPassages + 5));
    expect(passages).toHaveLength(mostPassages);
    expect(total).toBe(mostPassages + 5);
  });
});
