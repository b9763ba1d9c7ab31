import type { ModelLocation } from '../../protocol/model-location.ts';
import { openDiskModel } from './disk-model.ts';
import type { ModelFiles } from './model-files.ts';
import { type OpenModelOptions, openRemoteModel } from './remote-model.ts';

/** Opens the files of a model, wherever they are, for one load. */
export function openModel(location: ModelLocation, options: OpenModelOptions): ModelFiles {
  return location.kind === 'disk' ? openDiskModel(location, options) : openRemoteModel(location, options);
}
