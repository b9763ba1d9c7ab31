import type { Priority } from '../protocol/priority.ts';
import type { ModelHandle } from './models/model-host.ts';
import type { AssetOptions } from './optional-part.ts';

/** What is behind a pipeline, for parts of the library that do more with it than call it. */
export interface PipelineOrigin {
  options: AssetOptions;
  handle: Pick<ModelHandle, 'run'>;
  isolate: boolean;
  /** Of calls that name none. */
  priority: Priority;
}

export const origins = new WeakMap<object, PipelineOrigin>();
