import { describe, expect, it, vi } from 'vitest';
import type { WrittenByEngine } from '../../protocol/task-module.ts';
import type { Engine } from '../../runtime/runtime.ts';
import { createContext, createEngine } from '../fake-engine.conformance.ts';
import { cutTexts, writeText } from './written-text.ts';

const written: WrittenByEngine = {
  value: [{ generated_text: 'Once upon a time. END' }],
  text: 'upon a time. ',
  beyondStop: 3,
  promptTokens: 2,
  completionTokens: 5,
  finishReason: 'stop',
};

/** An engine that writes in two steps, a piece in each. */
function createWriter() {
  const write = vi.fn<Engine['write']>(async (_inputs, _options, { step, onText }) => {
    for (const piece of ['upon ', 'a time. ']) {
      await step(async () => {});
      onText?.(piece);
    }
    return written;
  });
  return { engine: createEngine({ write }), write };
}

describe('writeText', () => {
  it('gives the result, cut where it was to stop, for options as transformers.js spells them', async () => {
    const { engine, write } = createWriter();
    const result = await writeText(engine, ['Once'], { maxNewTokens: 5, stop: 'END' }, createContext(), cutTexts);
    expect(result).toEqual([{ generated_text: 'Once upon a time. ' }]);
    expect(write.mock.calls[0]!.slice(0, 2)).toEqual([['Once'], { max_new_tokens: 5, stop: 'END' }]);
  });

  it('tells the text to whoever reads it as it is written, and then what it took', async () => {
    const emit = vi.fn();
    const { engine } = createWriter();
    const context = createContext({ streaming: true, emit });
    expect(await writeText(engine, ['Once'], {}, context, cutTexts)).toEqual({
      output: [{ generated_text: 'Once upon a time. ' }],
      usage: { promptTokens: 2, completionTokens: 5 },
      finishReason: 'stop',
    });
    expect(emit.mock.calls).toEqual([['upon '], ['a time. ']]);
  });

  it('takes no turn before its reader has kept up', async () => {
    const order: string[] = [];
    const context = createContext({
      keptUp: async () => void order.push('kept up'),
      step: (work) => {
        order.push('step');
        return work();
      },
    });
    await writeText(createWriter().engine, ['Once'], {}, context, cutTexts);
    expect(order).toEqual(['kept up', 'step', 'kept up', 'step']);
  });

  it('ends with a reader that has left, between two tokens', async () => {
    let steps = 0;
    const keptUp = async () => {
      if (++steps === 2) throw new Error('enough');
    };
    const step = vi.fn((work: () => Promise<unknown>) => work());
    const context = createContext({ keptUp, step: step as ReturnType<typeof createContext>['step'] });
    await expect(writeText(createWriter().engine, ['Once'], {}, context, cutTexts)).rejects.toThrow('enough');
    expect(step).toHaveBeenCalledOnce();
  });
});

describe('cutTexts', () => {
  it.each<[string, unknown, unknown]>([
    ['a text', [{ generated_text: 'one END' }], [{ generated_text: 'one ' }]],
    ['a text of any name', [{ translation_text: 'eins END' }], [{ translation_text: 'eins ' }]],
    [
      'the last turn of a conversation',
      [
        {
          generated_text: [
            { role: 'user', content: 'the END' },
            { role: 'assistant', content: 'yes END' },
          ],
        },
      ],
      [
        {
          generated_text: [
            { role: 'user', content: 'the END' },
            { role: 'assistant', content: 'yes ' },
          ],
        },
      ],
    ],
  ])('shortens %s', (_, value, expected) => {
    expect(cutTexts(value, 3)).toEqual(expected);
  });

  it('leaves what did not stop early', () => {
    const value = [{ generated_text: 'all' }];
    expect(cutTexts(value, 0)).toBe(value);
  });
});
