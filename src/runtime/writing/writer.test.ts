import { Tensor } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { createWriter } from './writer.ts';

/** What of `generate()` of transformers.js a writer sees. */
interface GenerateOptions {
  streamer: { put(tokens: bigint[][]): void; end(): void };
  stopping_criteria(inputs: bigint[][]): boolean[];
  logits_processor?: (inputs: bigint[][], logits: Tensor) => Tensor;
  [name: string]: unknown;
}

const end = 0n;
const decode = (tokens: readonly bigint[]) =>
  tokens
    .filter((token) => token !== end)
    .map((token) => String.fromCodePoint(Number(token)))
    .join('');
const tokensOf = (text: string) => [...text].map((character) => BigInt(character.codePointAt(0)!));

const defaults = { do_sample: false, temperature: null, top_k: 50, top_p: null, eos_token_id: Number(end) };
const model = { _prepare_generation_config: (_: null, options: object) => ({ ...defaults, ...options }) };

/** Writes as `generate()` does: the prompt first, then token by token, until a criterion says so. */
function write(text: string | bigint[], options: Record<string, unknown> = {}) {
  const pieces: string[] = [];
  const writer = createWriter(model, decode, options, (piece) => void pieces.push(piece));
  const { streamer, stopping_criteria: stop } = writer.options as unknown as GenerateOptions;
  const tokens = typeof text === 'string' ? tokensOf(text) : text;
  let computed = 0;
  streamer.put([tokensOf('prompt')]);
  for (const token of tokens) {
    computed++;
    streamer.put([[token]]);
    if (stop([[token]]).every(Boolean)) break;
  }
  streamer.end();
  return { ...writer.end(), pieces, computed };
}

describe('what is written', () => {
  it('is told without the prompt, in pieces that add up to it', () => {
    const { text, pieces, completionTokens, finishReason } = write('Hello!');
    expect(text).toBe('Hello!');
    expect(pieces.join('')).toBe('Hello!');
    expect(pieces.length).toBeGreaterThan(1);
    expect(completionTokens).toBe(6);
    expect(finishReason, 'it was cut off').toBe('length');
  });

  it('ends by itself with the token that the model has for it, which counts', () => {
    expect(write([...tokensOf('Hi'), end])).toMatchObject({
      text: 'Hi',
      beyondStop: 0,
      completionTokens: 3,
      finishReason: 'stop',
    });
  });

  it('knows every token that ends it', () => {
    expect(write('Hi.', { eos_token_id: [0, '.'.codePointAt(0)!] }).finishReason).toBe('stop');
    expect(write('Hi.', { eos_token_id: null }).finishReason).toBe('length');
  });

  it('may be nothing', () => {
    expect(write([])).toMatchObject({ text: '', pieces: [], completionTokens: 0, finishReason: 'length' });
  });

  it('in several goes, as of a long recording, has a prompt in each that is not told', () => {
    const pieces: string[] = [];
    const writer = createWriter(model, decode, {}, (piece) => void pieces.push(piece));
    const { streamer } = writer.options as unknown as GenerateOptions;
    for (const part of ['one ', 'two']) {
      streamer.put([tokensOf('prompt')]);
      for (const token of tokensOf(part)) streamer.put([[token]]);
      streamer.end();
    }
    expect(writer.end()).toMatchObject({ text: 'one two', completionTokens: 7 });
    expect(pieces.join('')).toBe('one two');
  });
});

describe('a stop sequence', () => {
  it('ends the text before it, and the computation with it', () => {
    const { text, pieces, computed, finishReason, beyondStop } = write('One. END and more', { stop: 'END' });
    expect(text).toBe('One. ');
    expect(pieces.join('')).toBe('One. ');
    expect(computed).toBe('One. END'.length);
    expect(finishReason).toBe('stop');
    expect(beyondStop).toBe('END'.length);
  });

  it('that had only begun is text', () => {
    const { text, pieces } = write('One. ENOUGH', { stop: ['END'] });
    expect(text).toBe('One. ENOUGH');
    expect(pieces.join('')).toBe(text);
  });

  it('is never told, not even a part of it', () => {
    for (const stop of ['END', 'ENDING', 'xEND']) {
      const whole = `axE${stop}`;
      expect(write(whole, { stop }).pieces.join('')).toBe('axE');
    }
  });

  it('is the first of several', () => {
    expect(write('Q: a\nA: b', { stop: ['A:', '\n'] })).toMatchObject({ text: 'Q: a', beyondStop: 1 });
  });

  it('that is the last character is found at once, though that character could still grow', () => {
    expect(write('a.b', { stop: '.' })).toMatchObject({ text: 'a', computed: 2 });
  });

  it('that ends the text with the last token ends it by itself', () => {
    expect(write('One.', { stop: '.' })).toMatchObject({ text: 'One', finishReason: 'stop', completionTokens: 4 });
  });
});

describe('sampling', () => {
  const logits = (...rows: number[][]) =>
    new Tensor('float32', Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);
  const processorOf = (options: Record<string, unknown>) =>
    (createWriter(model, decode, options).options as unknown as GenerateOptions).logits_processor;
  /** Tokens that are left to the greedy search, for these options. */
  const draw = (options: Record<string, unknown>, times = 100) => {
    const processor = processorOf(options)!;
    return Array.from({ length: times }, () => {
      const { data } = processor([], logits([1, 3, 2, 2.9]));
      const left = [...(data as Float32Array).entries()].filter(([, logit]) => logit > -Infinity);
      expect(left).toHaveLength(1);
      return left[0]![0];
    });
  };

  it.each([
    ['nobody asked for it', {}],
    ['the temperature is 0', { do_sample: true, temperature: 0 }],
    ['it was turned off', { do_sample: false, temperature: 2 }],
  ])('is left out where %s', (_, options) => {
    expect(processorOf(options)).toBeUndefined();
  });

  it('draws the same for the same seed, and else for another', () => {
    const seeded = (seed: number) => draw({ do_sample: true, seed });
    expect(seeded(1)).toEqual(seeded(1));
    expect(seeded(1)).not.toEqual(seeded(2));
    expect(new Set(seeded(1)).size).toBe(4);
  });

  it('keeps to topK and topP', () => {
    expect(new Set(draw({ do_sample: true, seed: 1, top_k: 2 }))).toEqual(new Set([1, 3]));
    expect(new Set(draw({ do_sample: true, seed: 1, top_p: 0.1 }))).toEqual(new Set([1]));
  });

  it('is for every row of a batch', () => {
    const processor = processorOf({ do_sample: true, top_k: 1 })!;
    const { data } = processor([], logits([1, 2], [2, 1]));
    expect([...(data as Float32Array)]).toEqual([-Infinity, 0, 0, -Infinity]);
  });

  it('leaves the search that follows no choice of its own', () => {
    const { options } = createWriter(model, decode, { do_sample: true, seed: 1, stop: 'END', max_new_tokens: 3 });
    expect(options).toMatchObject({ do_sample: false, max_new_tokens: 3 });
    expect(options).not.toHaveProperty('stop');
    expect(options).not.toHaveProperty('seed');
  });
});
