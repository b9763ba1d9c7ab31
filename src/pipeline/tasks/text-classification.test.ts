import { describe, expect, it, vi } from 'vitest';
import type { LabelScore } from '../../protocol/tasks/text-tasks.ts';
import type { Engine } from '../../runtime/runtime.ts';
import { createContext, createEngine as createFakeEngine, loadTask } from '../fake-engine.conformance.ts';
import type { RunContext } from '../task-definition.ts';
import { textClassification } from './text-classification.ts';

const label = (name: string, score: number): LabelScore => ({ label: name, score });

/** The scores of a text are told by its letters: one label each. */
const labelsOf = (text: string) => [...text].map((letter, index) => label(letter, (text.length - index) / 10));

/** Gives labels in the shapes of transformers.js: without inner arrays for one label a text. */
function createEngine(dynamicallyQuantised = false) {
  const run = vi.fn<Engine['run']>(([texts], { top_k: topK }, { step }) =>
    step(async () => {
      const labels = (texts as string[]).map(labelsOf);
      return topK === 1
        ? labels.map((own) => own[0]!)
        : labels.map((own) => own.slice(0, (topK as number | null) ?? undefined));
    }),
  );
  const engine = createFakeEngine({
    dynamicallyQuantised,
    tokenLengths: (texts) => texts.map((text) => text.length),
    run,
  });
  return { engine, run };
}

async function classify(engine: Engine, input: unknown, options: { topK?: number | null } = {}) {
  const { value, transfer } = await (await loadTask(textClassification, engine)).run([input], options, createContext());
  expect(transfer).toEqual([]);
  return value;
}

describe.each([true, false])('text classification (dynamically quantised: %s)', (quantised) => {
  const { engine } = createEngine(quantised);

  it.each<[string, unknown, { topK?: number | null }, unknown]>([
    ['a string', 'abc', {}, [label('a', 0.3)]],
    ['a string, topK 1', 'abc', { topK: 1 }, [label('a', 0.3)]],
    ['a string, topK 2', 'abc', { topK: 2 }, [label('a', 0.3), label('b', 0.2)]],
    ['a string, topK null', 'abc', { topK: null }, [label('a', 0.3), label('b', 0.2), label('c', 0.1)]],
    ['a string, more labels than there are', 'ab', { topK: 5 }, [label('a', 0.2), label('b', 0.1)]],
    ['an array', ['abc', 'de'], {}, [label('a', 0.3), label('d', 0.2)]],
    ['an array of one', ['abc'], {}, [label('a', 0.3)]],
    ['an array, topK 1', ['abc', 'de'], { topK: 1 }, [label('a', 0.3), label('d', 0.2)]],
    ['an array, topK 2', ['ab', 'c'], { topK: 2 }, [[label('a', 0.2), label('b', 0.1)], [label('c', 0.1)]]],
    ['an array, topK null', ['ab', 'c'], { topK: null }, [[label('a', 0.2), label('b', 0.1)], [label('c', 0.1)]]],
    ['an array of one, topK null', ['ab'], { topK: null }, [[label('a', 0.2), label('b', 0.1)]]],
    ['a model with one label, topK null', ['a', 'b'], { topK: null }, [[label('a', 0.1)], [label('b', 0.1)]]],
    ['an empty array', [], { topK: 3 }, []],
  ])('%s', async (_, input, options, expected) => {
    expect(await classify(engine, input, options)).toEqual(expected);
  });

  it('gives labels in the order of the input, though the batch ran by length', async () => {
    const texts = ['a', 'bbbbbbbbbbbb', 'cc', 'dddddddddddd', 'eeeeee'];
    expect(((await classify(engine, texts)) as LabelScore[]).map((best) => best.label).join('')).toBe('abcde');
    const all = (await classify(engine, texts, { topK: null })) as LabelScore[][];
    expect(all.map((labels) => labels.length)).toEqual(texts.map((text) => text.length));
  });
});

describe('the options of text classification', () => {
  it.each([null, 1, 2, 1000])('topK may be %s', (topK) => {
    expect(textClassification.options['topK']!(topK)).toBeUndefined();
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, '3', true, [3]])('topK may not be %o', (topK) => {
    expect(textClassification.options['topK']!(topK)).toMatch(/positive whole number/);
  });

  it('become those of transformers.js', async () => {
    const { engine, run } = createEngine();
    await classify(engine, 'abc', { topK: null });
    expect(run).toHaveBeenLastCalledWith([['abc']], { top_k: null }, expect.anything());
    await classify(engine, 'abc');
    expect(run).toHaveBeenLastCalledWith([['abc']], { top_k: 1 }, expect.anything());
  });
});

it('computes each of its steps in its turn, and stops with the one that does not come', async () => {
  const { engine, run } = createEngine(true);
  let turns = 2;
  const step: RunContext['step'] = (work) => (turns-- > 0 ? work() : Promise.reject(new Error('enough')));
  const texts = ['a', 'b', 'c', 'd'];
  const computed: unknown[] = [];
  const { run: classifyAll } = await loadTask(textClassification, engine);
  const counted: RunContext['step'] = (work) => step(work).then((result) => (computed.push(result), result));
  await expect(classifyAll([texts], {}, createContext({ step: counted }))).rejects.toThrow('enough');
  expect(computed).toEqual([[label('a', 0.1)], [label('b', 0.1)]]);
  expect(run).toHaveBeenCalledTimes(3);
});

it('refuses what is no text before the engine sees it', async () => {
  const { engine, run } = createEngine();
  await expect(classify(engine, ['fine', 7])).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('item 1 is the number 7'),
  });
  expect(run).not.toHaveBeenCalled();
});
