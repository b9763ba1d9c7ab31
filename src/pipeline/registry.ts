import type { Task } from '../protocol/task-map.ts';
import type { TaskDefinition } from './task-definition.ts';
import { featureExtraction } from './tasks/feature-extraction.ts';
import { textClassification } from './tasks/text-classification.ts';

/** Every task. A new one is its file in `tasks/`, its test, and a line here and in `TaskMap`. */
export const registry: { [K in Task]: TaskDefinition<K> } = {
  'feature-extraction': featureExtraction,
  'text-classification': textClassification,
};
