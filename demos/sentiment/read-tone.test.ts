import { describe, expect, it, vi } from 'vitest';
import { type Classify, createToneReader, percentOf, polarityOf } from './read-tone.ts';

/** Positive where a text says “good”. */
function createFakeClassify() {
  return vi.fn<Classify>(async (texts) =>
    texts.map((text) => {
      const score = text.includes('good') ? 0.9 : 0.2;
      return [
        { label: 'NEGATIVE', score: 1 - score },
        { label: 'POSITIVE', score },
      ];
    }),
  );
}

const { signal } = new AbortController();

describe('createToneReader', () => {
  it('reads the whole and its sentences in one call', async () => {
    const classify = createFakeClassify();
    const reading = await createToneReader(classify).read('So good. So bad.', signal);
    expect(classify).toHaveBeenCalledTimes(1);
    expect(classify.mock.calls[0]![0]).toEqual(['So good. So bad.', 'So good.', 'So bad.']);
    expect(reading).toMatchObject({
      positive: 0.9,
      read: 3,
      sentences: [
        { positive: 0.9, start: 0 },
        { positive: 0.2, start: 9 },
      ],
    });
  });

  it('asks for a sentence once', async () => {
    const classify = createFakeClassify();
    const reader = createToneReader(classify);
    await reader.read('So good.', signal);
    await reader.read('So good. New', signal);
    expect(classify.mock.calls[1]![0]).toEqual(['So good. New', 'New']);
    expect(await reader.read('So good.', signal)).toMatchObject({ read: 0 });
  });

  it('recalls what it knows', async () => {
    const reader = createToneReader(createFakeClassify());
    await reader.read('So good.', signal);
    expect(reader.recall('So good. What?').map(({ positive }) => positive)).toEqual([0.9, undefined]);
  });

  it('remembers nothing of a call that failed', async () => {
    const classify = createFakeClassify();
    const reader = createToneReader(classify);
    classify.mockRejectedValueOnce(new Error('gone'));
    await expect(reader.read('So good.', signal)).rejects.toThrow('gone');
    expect(await reader.read('So good.', signal)).toMatchObject({ positive: 0.9, read: 1 });
  });
});

it('names polarities and how sure they are', () => {
  expect([0.95, 0.6, 0.5, 0.4, 0.02].map(polarityOf)).toEqual([
    'positive',
    'positive',
    'undecided',
    'negative',
    'negative',
  ]);
  expect([0.95, 0.5, 0.02].map(percentOf)).toEqual([95, 50, 98]);
});
