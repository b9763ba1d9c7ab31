export { type Client, type ClientOptions, createClient } from './client/client.ts';
export { pipeline } from './client/default-client.ts';
export type { HubOptions } from './client/model-reference.ts';
export type { Pipeline, PipelineHandle, PipelineOptions } from './client/pipeline.ts';
export { type ErrorCode, InsituError, type InsituErrorOptions, isInsituError } from './errors/insitu-error.ts';
export type { DevicePlan } from './protocol/device-plan.ts';
export type { ByteSource, FileLoadEvent, LoadEvent, ReadyLoadEvent } from './protocol/load-event.ts';
export type { WithSnakeCase } from './protocol/snake-case.ts';
export type {
  Embeddings,
  FeatureExtractionOptions,
  LabelScore,
  Pooling,
  ResolveTask,
  RunOptions,
  Task,
  TaskAliases,
  TaskMap,
  TaskName,
  TextClassificationOptions,
} from './protocol/task-map.ts';
export type { Dtype } from './protocol/worker-api.ts';
export { type Capabilities, detectCapabilities } from './runtime/capabilities.ts';
