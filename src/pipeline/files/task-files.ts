import { describe } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import { type Task, taskAliases } from '../../protocol/task-map.ts';

/** What `config.json` tells. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** The files of a model that a task needs. They are fetched together. */
export interface TaskFiles {
  /** Files that every model of this task has, beside its graphs. */
  needed: readonly string[];
  /** Files that some have. */
  optional: readonly string[];
  /** Names of the graphs, without dtype suffix and ending; a function where they depend on the kind of model. */
  graphs: readonly string[] | ((config: ModelConfig) => readonly string[]);
}

const tokenizer = ['tokenizer.json', 'tokenizer_config.json'];
const processor = ['preprocessor_config.json'];
const generation = ['generation_config.json'];
const encoderDecoder = ['encoder_model', 'decoder_model_merged'];

const config = 'config.json';
const text: TaskFiles = { needed: [config, ...tokenizer], optional: [], graphs: ['model'] };
const writing: TaskFiles = { needed: [config, ...tokenizer], optional: generation, graphs: ['model'] };
const rewriting: TaskFiles = { ...writing, graphs: encoderDecoder };
const seeing: TaskFiles = { needed: [config, ...processor], optional: [], graphs: ['model'] };
const seeingAndReading: TaskFiles = { ...seeing, needed: [config, ...processor, ...tokenizer] };
const describing: TaskFiles = { ...seeingAndReading, optional: generation, graphs: encoderDecoder };

/** Kinds of models that hear with one graph: the others have an encoder and a decoder. */
const connectionist = new Set(['wav2vec2', 'wav2vec2-bert', 'unispeech', 'unispeech-sat', 'hubert', 'parakeet_ctc']);

/** By task, as transformers.js 4.3 loads them (its `models/session_config.js`), where it has the task. */
export const taskFiles: Record<Task, TaskFiles> = {
  'feature-extraction': text,
  'text-classification': text,
  'token-classification': text,
  'question-answering': text,
  'zero-shot-classification': text,
  'fill-mask': text,
  'sentence-similarity': text,
  reranking: text,
  'text-generation': writing,
  'text2text-generation': rewriting,
  summarization: rewriting,
  translation: rewriting,
  'image-classification': seeing,
  'zero-shot-image-classification': seeingAndReading,
  'object-detection': seeing,
  'zero-shot-object-detection': seeingAndReading,
  'image-segmentation': seeing,
  'background-removal': seeing,
  'depth-estimation': seeing,
  'image-to-image': seeing,
  'image-to-text': describing,
  'image-feature-extraction': seeing,
  'document-question-answering': describing,
  'automatic-speech-recognition': {
    ...describing,
    graphs: ({ model_type }) => (connectionist.has(String(model_type)) ? ['model'] : encoderDecoder),
  },
  'audio-classification': seeing,
  'zero-shot-audio-classification': seeingAndReading,
  'text-to-audio': {
    needed: [config, ...tokenizer],
    optional: [],
    graphs: ({ model_type }) =>
      model_type === 'supertonic' ? ['text_encoder', 'latent_denoiser', 'voice_decoder'] : ['model'],
  },
  'voice-activity-detection': { needed: [config], optional: [], graphs: ['model'] },
};

/** @throws InsituError `TASK_UNKNOWN` */
export function requireTask(name: string): Task {
  if (Object.hasOwn(taskFiles, name)) return name as Task;
  throw new InsituError('TASK_UNKNOWN', `There is no task ${describe(name)}.`, {
    hint: `Tasks: ${[...Object.keys(taskFiles), ...Object.keys(taskAliases)].join(', ')}.`,
  });
}
