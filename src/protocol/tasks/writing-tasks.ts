/** How a model chooses its next tokens. What is not given is as the model's `generation_config.json` has it. */
export interface DecodingOptions {
  /** Most tokens to write. @default 256 */
  maxNewTokens?: number;
  /** Most tokens of prompt and answer together; `maxNewTokens` goes before it. */
  maxLength?: number;
  /** Fewest tokens to write. */
  minNewTokens?: number;
  minLength?: number;
  /** Draw the next token by its probability instead of taking the likeliest. @default false */
  doSample?: boolean;
  /** Below 1 the likely gets likelier, above 1 less so; 0 takes the likeliest. @default 1 */
  temperature?: number;
  /** Draw among so many likeliest tokens; 0 among all. @default 50 */
  topK?: number;
  /** Draw among the likeliest tokens that have this probability together, 0..1 (nucleus sampling). @default 1 */
  topP?: number;
  /** Start of the random numbers of sampling: the same seed gives the same text. @default another one each time */
  seed?: number;
  /** Above 1, tokens that were used get less likely. @default 1 */
  repetitionPenalty?: number;
  /** No sequence of so many tokens comes twice. @default 0 */
  noRepeatNgramSize?: number;
}

export interface GenerationOptions extends DecodingOptions {
  /** Ends where one of these is written, which is not part of the result. */
  stop?: string | readonly string[];
}

/** One turn of a conversation. */
export interface ChatMessage {
  /** `system`, `user`, `assistant`, or what else the model's template knows. */
  role: string;
  content: string;
}

export type Chat = readonly ChatMessage[];

export interface TextGenerationOptions extends GenerationOptions {
  /** Give the prompt too. Chats never do. @default true */
  returnFullText?: boolean;
  /** Surround the prompt with the model's special tokens. @default as the tokenizer says */
  addSpecialTokens?: boolean;
  /** Functions that the model may call, as its chat template takes them. */
  tools?: readonly object[];
  /** Texts that the model may draw on, as its chat template takes them. */
  documents?: readonly object[];
  /** A chat template instead of the model's own (Jinja). */
  chatTemplate?: string;
}

/** What was written to a prompt. A list, as in transformers.js, where several could be asked for. */
export type GeneratedText = { generated_text: string }[];

/** A conversation with the model's answer as its last message. */
export type GeneratedChat = { generated_text: ChatMessage[] }[];

export interface TranslationOptions extends GenerationOptions {
  /** Language of the input, by the model's own codes. Models for one pair of languages need none. */
  srcLang?: string;
  /** Language of the output. */
  tgtLang?: string;
}

/** Options of the tasks that write text. */
export interface WritingTaskOptions {
  'text-generation': TextGenerationOptions;
  'text2text-generation': GenerationOptions;
  summarization: GenerationOptions;
  translation: TranslationOptions;
}
