export {
  type Embedder,
  type LabelledExample,
  type LearnedHead,
  type TrainedClassifier,
  type TrainingOptions,
  type TrainingProgress,
  loadClassifier,
  trainClassifier,
} from './client/classifier.ts';
export { type Client, createClient } from './client/client.ts';
export { type CustomPipeline, type CustomTask, defineTask } from './client/custom-task.ts';
export type { ClientOptions } from './client/client-options.ts';
export { createSession, pipeline, weights } from './client/default-client.ts';
export { detectCapabilities } from './client/detect-capabilities.ts';
export type { LoadOptions } from './client/load-options.ts';
export type { HubOptions, ModelReference } from './client/model-reference.ts';
export type {
  ClientEvent,
  LoadClientEvent,
  RunClientEvent,
  TabClientEvent,
  UnloadClientEvent,
  ViolationClientEvent,
  WorkerClientEvent,
} from './client/observe/client-event.ts';
export type { AbortKind, RunTally, Timing } from './client/observe/run-tally.ts';
export type { ClientStats, ModelStats, WorkerStats } from './client/observe/stats.ts';
export type { Pipeline, PipelineHandle, PipelineOptions, TaskCalls } from './client/pipeline.ts';
export type { WorkerState } from './client/workers/supervised-worker.ts';
export type { GraphReference, Session, SessionOptions, SessionRunOptions } from './client/sessions/session-options.ts';
export type { StoredModelOptions, Weights, WeightsWorkOptions } from './client/weights.ts';
export { type ErrorCode, InsituError, type InsituErrorOptions, isInsituError } from './errors/insitu-error.ts';
export type { Capabilities } from './protocol/capabilities.ts';
export type { DevicePlan } from './protocol/device-plan.ts';
export type {
  GraphSignature,
  GraphValue,
  SessionTensor,
  TensorArrays,
  TensorType,
  TypedTensor,
} from './protocol/session.ts';
export type {
  ByteSource,
  FileLoadEvent,
  LoadEvent,
  NotStoredLoadEvent,
  ReadyLoadEvent,
  StoredLoadEvent,
} from './protocol/load-event.ts';
export type { Revalidate } from './protocol/model-location.ts';
export type { ManifestFile, ModelManifest } from './protocol/model-manifest.ts';
export type { WithSnakeCase } from './protocol/snake-case.ts';
export type { ResolveTask, Task, TaskAliases, TaskMap, TaskName } from './protocol/task-map.ts';
export type {
  EngineImage,
  EngineName,
  RunContext,
  RunSteps,
  TaskContext,
  TaskEngine,
  TaskModule,
  TensorData,
  WritingListener,
  WrittenByEngine,
} from './protocol/task-module.ts';
export type {
  AudioClassificationOptions,
  Speech,
  SpeechRecognitionOptions,
  SpeechSegment,
  TextToSpeechOptions,
  Transcript,
  VoiceActivityDetectionOptions,
  ZeroShotAudioClassificationOptions,
} from './protocol/tasks/audio-tasks.ts';
export type { BatchItem, RunOptions, RunProgress, TokenUsage, Written } from './protocol/tasks/run-options.ts';
export type {
  Answer,
  BatchOptions,
  Embeddings,
  FeatureExtractionOptions,
  FillMaskOptions,
  LabelScore,
  MaskFilling,
  Pooling,
  QuestionAnsweringOptions,
  RankedDocument,
  RerankingOptions,
  SentenceSimilarityOptions,
  TextClassificationOptions,
  TokenClassificationOptions,
  TokenLabel,
  ZeroShotClassificationOptions,
  ZeroShotLabels,
} from './protocol/tasks/text-tasks.ts';
export type {
  BoundingBox,
  Depth,
  Detection,
  FloatTensor,
  ImageClassificationOptions,
  ImageFeatureExtractionOptions,
  ImagePixels,
  ImageSegmentationOptions,
  NoOptions,
  ObjectDetectionOptions,
  Segment,
  ZeroShotImageClassificationOptions,
  ZeroShotObjectDetectionOptions,
} from './protocol/tasks/vision-tasks.ts';
export type {
  Chat,
  ChatMessage,
  GeneratedChat,
  GeneratedText,
  DecodingOptions,
  GenerationOptions,
  TextGenerationOptions,
  TranslationOptions,
} from './protocol/tasks/writing-tasks.ts';
export type { AudioInput, AudioSamples, VoiceActivityCall } from './client/tasks/audio-calls.ts';
export type { EachCall, EachWithCall, ResultStream, TaskOptions, WritingCall } from './client/tasks/task-calls.ts';
export type { EmbeddingsFor } from './client/tasks/text-calls.ts';
export type { ImageInput } from './client/tasks/vision-calls.ts';
export type { StorageUsage, StoredModel, StoredModelFile, VerifyResult, WorkProgress } from './protocol/weights-api.ts';
export type { Priority } from './protocol/priority.ts';
export type { AskedDtype, Dtype } from './protocol/worker-api.ts';
