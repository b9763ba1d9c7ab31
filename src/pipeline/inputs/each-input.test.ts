import { describe, expect, it, vi } from 'vitest';
import { eachInput } from './each-input.ts';
import { createContext } from '../fake-engine.conformance.ts';
import { writeEach } from '../writing/write-each.ts';

describe('eachInput', () => {
  it('gives one result for one input, and tells that it is done', async () => {
    const progress = vi.fn();
    expect(await eachInput('a', createContext({ progress }), async (input, index) => [input, index])).toEqual(['a', 0]);
    expect(progress.mock.calls).toEqual([[1, 1]]);
  });

  it('gives a list for a list, one after the other and in order', async () => {
    const progress = vi.fn();
    let running = 0;
    const results = await eachInput(['a', 'b', 'c'], createContext({ progress }), async (input, index) => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve));
      running--;
      return `${String(input)}${index}`;
    });
    expect(results).toEqual(['a0', 'b1', 'c2']);
    expect(progress.mock.calls).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it('gives an empty list for an empty one', async () => {
    const run = vi.fn();
    expect(await eachInput([], createContext(), run)).toEqual([]);
    expect(run).not.toHaveBeenCalled();
  });

  it.each([
    ['one input', 'a', [{ index: 0, value: 'A' }], 'A'],
    [
      'several',
      ['a', 'b'],
      [
        { index: 0, value: 'A' },
        { index: 1, value: 'B' },
      ],
      ['A', 'B'],
    ],
  ])('tells each result of %s to whoever reads piece by piece, and gives all', async (_, input, told, all) => {
    const emit = vi.fn();
    const result = await eachInput(input, createContext({ streaming: true, emit }), async (each) =>
      String(each).toUpperCase(),
    );
    expect(emit.mock.calls).toEqual(told.map((chunk) => [chunk]));
    expect(result).toEqual(all);
  });

  it('begins no other input before its reader has kept up', async () => {
    const reads: (() => void)[] = [];
    const run = vi.fn(async (input: unknown) => input);
    const keptUp = () => new Promise<void>((resolve) => reads.push(resolve));
    const running = eachInput(['a', 'b'], createContext({ streaming: true, emit: () => {}, keptUp }), run);
    expect(run).not.toHaveBeenCalled();
    reads.shift()!();
    await vi.waitFor(() => expect(reads).toHaveLength(1), { interval: 1 });
    expect(run).toHaveBeenCalledOnce();
    reads.shift()!();
    expect(await running).toEqual(['a', 'b']);
  });

  it('ends with the input that fails', async () => {
    const run = vi.fn(() => Promise.reject(new Error('out of luck')));
    await expect(eachInput(['a', 'b'], createContext(), run)).rejects.toThrow('out of luck');
    expect(run).toHaveBeenCalledOnce();
  });
});

describe('writeEach', () => {
  const write = vi.fn(async (input: unknown) => String(input).toUpperCase());

  it('writes for each input in turn', async () => {
    expect(await writeEach('a', createContext(), write)).toBe('A');
    expect(await writeEach(['a', 'b'], createContext(), write)).toEqual(['A', 'B']);
  });

  it('streams the text of one input, which the writing itself tells', async () => {
    const emit = vi.fn();
    const context = createContext({ streaming: true, emit });
    expect(await writeEach('a', context, write)).toBe('A');
    expect(write).toHaveBeenLastCalledWith('a', context);
    expect(emit).not.toHaveBeenCalled();
  });

  it.each([[['a', 'b']], [['a']], [[]]])('streams no list: %j', (input) => {
    expect(() => writeEach(input, createContext({ streaming: true }), write)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', hint: expect.stringContaining('stream()') }),
    );
  });
});
