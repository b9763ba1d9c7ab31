import type { Written } from '../../protocol/tasks/run-options.ts';
import type {
  Chat,
  GeneratedChat,
  GeneratedText,
  GenerationOptions,
  TextGenerationOptions,
  TranslationOptions,
} from '../../protocol/tasks/writing-tasks.ts';
import type { ResultStream, TaskOptions } from './task-calls.ts';

interface TextGenerationCall {
  (prompt: string, options?: TaskOptions<TextGenerationOptions>): Promise<GeneratedText>;
  (prompts: readonly string[], options?: TaskOptions<TextGenerationOptions>): Promise<GeneratedText[]>;
  (chat: Chat, options?: TaskOptions<TextGenerationOptions>): Promise<GeneratedChat>;
  (chats: readonly Chat[], options?: TaskOptions<TextGenerationOptions>): Promise<GeneratedChat[]>;
  /** Gives the text as it is written, without the prompt, in pieces of whole characters. */
  stream(prompt: string, options?: TaskOptions<TextGenerationOptions>): ResultStream<string, Written<GeneratedText>>;
  stream(chat: Chat, options?: TaskOptions<TextGenerationOptions>): ResultStream<string, Written<GeneratedChat>>;
}

/** A result of one or more texts: always a list, as in transformers.js. */
interface ListWritingCall<Options, Result> {
  (input: string | readonly string[], options?: TaskOptions<Options>): Promise<Result[]>;
  /** Gives the text as it is written, in pieces of whole characters. */
  stream(input: string, options?: TaskOptions<Options>): ResultStream<string, Written<Result[]>>;
}

/** How the pipelines are called that write text. */
export interface WritingCalls {
  'text-generation': TextGenerationCall;
  'text2text-generation': ListWritingCall<GenerationOptions, { generated_text: string }>;
  summarization: ListWritingCall<GenerationOptions, { summary_text: string }>;
  translation: ListWritingCall<TranslationOptions, { translation_text: string }>;
}
