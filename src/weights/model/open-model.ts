import { InsituError } from '../../errors/insitu-error.ts';
import type { ModelLocation } from '../../protocol/model-location.ts';
import { manifestComplaint } from '../../protocol/model-manifest.ts';
import { openDiskModel } from './disk-model.ts';
import type { ModelFiles } from './model-files.ts';
import { type OpenModelOptions, openRemoteModel } from './remote-model.ts';

/**
 * Opens the files of a model, wherever they are, for one load.
 *
 * @throws InsituError `OPTION_INVALID`
 */
export function openModel(location: ModelLocation, options: OpenModelOptions): ModelFiles {
  requireManifest(options.rules.manifest);
  return location.kind === 'disk' ? openDiskModel(location, options) : openRemoteModel(location, options);
}

function requireManifest(manifest: unknown): void {
  const complaint = manifest === undefined ? undefined : manifestComplaint(manifest);
  if (complaint === undefined) return;
  throw new InsituError('OPTION_INVALID', `The option manifest ${complaint}.`, {
    hint: 'Pass the manifest.json that `npx insitu pull` writes, parsed.',
  });
}
