import type { AudioTaskOptions } from './tasks/audio-tasks.ts';
import type { TextTaskOptions } from './tasks/text-tasks.ts';
import type { VisionTaskOptions } from './tasks/vision-tasks.ts';
import type { WritingTaskOptions } from './tasks/writing-tasks.ts';

/** The options of a run of each task. */
export interface TaskMap extends TextTaskOptions, WritingTaskOptions, VisionTaskOptions, AudioTaskOptions {}

/** A task by its own name. */
export type Task = keyof TaskMap;

/** Other names of tasks, as transformers.js has them. */
export interface TaskAliases {
  embeddings: 'feature-extraction';
  'sentiment-analysis': 'text-classification';
  ner: 'token-classification';
  asr: 'automatic-speech-recognition';
  'text-to-speech': 'text-to-audio';
}

/** A task by any of its names. */
export type TaskName = Task | keyof TaskAliases;

/** The task behind a name. */
export type ResolveTask<N extends TaskName> = N extends keyof TaskAliases ? TaskAliases[N] : N & Task;

export const taskAliases: { [A in keyof TaskAliases]: TaskAliases[A] } = {
  embeddings: 'feature-extraction',
  'sentiment-analysis': 'text-classification',
  ner: 'token-classification',
  asr: 'automatic-speech-recognition',
  'text-to-speech': 'text-to-audio',
};
