import { describe, expectTypeOf, it } from 'vitest';
import type { Chat, GeneratedChat, GeneratedText, Pipeline, ResultStream, TokenUsage, Written } from './index.ts';

declare const generate: Pipeline<'text-generation'>;
declare const rewrite: Pipeline<'text2text-generation'>;
declare const shorten: Pipeline<'summarization'>;
declare const translate: Pipeline<'translation'>;
declare const signal: AbortSignal;
declare const texts: readonly string[];
declare const chat: Chat;

describe('text generation', () => {
  it('goes on with texts, and answers in conversations', () => {
    expectTypeOf(generate('text')).resolves.toEqualTypeOf<GeneratedText>();
    expectTypeOf(generate(texts)).resolves.toEqualTypeOf<GeneratedText[]>();
    expectTypeOf(generate(chat)).resolves.toEqualTypeOf<GeneratedChat>();
    expectTypeOf(generate([{ role: 'user', content: 'Who?' }])).resolves.toEqualTypeOf<GeneratedChat>();
    expectTypeOf(generate([chat, chat])).resolves.toEqualTypeOf<GeneratedChat[]>();
    expectTypeOf<GeneratedText>().toEqualTypeOf<{ generated_text: string }[]>();
    expectTypeOf<GeneratedChat[number]['generated_text'][number]['content']>().toBeString();
  });

  it('takes its options in both spellings', () => {
    void generate('text', { maxNewTokens: 5, doSample: true, topP: 0.9, topK: 0, temperature: 0.7, seed: 1, signal });
    void generate('text', { max_new_tokens: 5, do_sample: true, top_p: 0.9, repetition_penalty: 1.1 });
    void generate(chat, { tools: [{}], documents: [{}], chat_template: '{{ messages }}', returnFullText: false });
    void generate('text', { stop: 'END' });
    void generate('text', { stop: ['END', 'Q:'] });
  });

  it('streams text, and tells at the end what it took', () => {
    expectTypeOf(generate.stream('text')).toEqualTypeOf<ResultStream<string, Written<GeneratedText>>>();
    expectTypeOf(generate.stream(chat, { stop: 'END' })).toEqualTypeOf<ResultStream<string, Written<GeneratedChat>>>();
    expectTypeOf<Written<GeneratedText>>().toEqualTypeOf<{
      output: GeneratedText;
      usage: TokenUsage;
      finishReason: 'stop' | 'length';
    }>();
    expectTypeOf<TokenUsage>().toEqualTypeOf<{ promptTokens: number; completionTokens: number }>();
    const loop = async () => {
      for await (const piece of generate.stream('text')) expectTypeOf(piece).toBeString();
    };
    expectTypeOf(loop).returns.resolves.toBeVoid();
  });

  it('takes nothing else', () => {
    // @ts-expect-error a number is no prompt
    void generate(42);
    // @ts-expect-error a turn has a role
    void generate([{ content: 'Who?' }]);
    // @ts-expect-error a stream is of one prompt
    void generate.stream(texts);
    // @ts-expect-error a stream is of one conversation
    void generate.stream([chat, chat]);
    // @ts-expect-error a number
    void generate('text', { maxNewTokens: '5' });
    // @ts-expect-error what is drawn has no beams
    void generate('text', { numBeams: 4 });
    // @ts-expect-error texts end texts
    void generate('text', { stop: /END/ });
    // @ts-expect-error pieces come from stream()
    void generate('text', { streamer: {} });
  });
});

describe('tasks that turn a text into another', () => {
  it('give a list, whether of one text or several', () => {
    expectTypeOf(rewrite('text')).resolves.toEqualTypeOf<{ generated_text: string }[]>();
    expectTypeOf(rewrite(texts)).resolves.toEqualTypeOf<{ generated_text: string }[]>();
    expectTypeOf(shorten('text')).resolves.toEqualTypeOf<{ summary_text: string }[]>();
    expectTypeOf(shorten(texts)).resolves.toEqualTypeOf<{ summary_text: string }[]>();
    expectTypeOf(translate('text')).resolves.toEqualTypeOf<{ translation_text: string }[]>();
    expectTypeOf(translate(texts)).resolves.toEqualTypeOf<{ translation_text: string }[]>();
  });

  it('take their options in both spellings', () => {
    void rewrite('text', { maxNewTokens: 5, no_repeat_ngram_size: 2, signal });
    void shorten('text', { minLength: 5, max_length: 50 });
    void translate('text', { srcLang: 'en', tgt_lang: 'fr', priority: 'interactive' });
  });

  it('stream text', () => {
    expectTypeOf(rewrite.stream('text')).toEqualTypeOf<ResultStream<string, Written<{ generated_text: string }[]>>>();
    expectTypeOf(shorten.stream('text')).toEqualTypeOf<ResultStream<string, Written<{ summary_text: string }[]>>>();
    expectTypeOf(translate.stream('text')).toEqualTypeOf<
      ResultStream<string, Written<{ translation_text: string }[]>>
    >();
    // @ts-expect-error a stream is of one text
    void translate.stream(texts);
  });

  it('take nothing else', () => {
    // @ts-expect-error a conversation is no text
    void rewrite(chat);
    // @ts-expect-error languages are those of a translation
    void shorten('text', { tgtLang: 'fr' });
    // @ts-expect-error a language is a code
    void translate('text', { tgtLang: 1 });
    // @ts-expect-error a text is needed
    void translate();
  });
});
