import { InsituError } from '../../errors/insitu-error.ts';
import type { DiskModel } from '../../protocol/model-location.ts';
import { createArrivals, requireFile } from './arrivals.ts';
import { createDiskLookup } from './disk-files.ts';
import type { LoadMonitor } from './load-monitor.ts';
import type { ModelFiles } from './model-files.ts';

/** Opens a model on the user's disk. Nothing of it is stored a second time. */
export function openDiskModel(
  location: DiskModel,
  { monitor, signal }: { monitor: LoadMonitor; signal: AbortSignal },
): ModelFiles {
  const lookup = createDiskLookup(location);
  const arrivals = createArrivals(async (path, onKnown) => {
    const file = await lookup(path);
    signal.throwIfAborted();
    if (!file) return undefined;
    onKnown();
    monitor.announce(path, file.size, 'disk');
    monitor.begin(path, file.size, 'disk');
    const buffer = await file.arrayBuffer().catch((error: unknown) => {
      throw unreadable(path, error);
    });
    const bytes = new Uint8Array(buffer);
    monitor.add(path, bytes.length);
    return bytes;
  }, monitor);
  return {
    ...arrivals,
    fetching: false,
    require: (path) => requireFile(arrivals, path, location.reference, 'among the files that were given'),
    keep: async () => false,
    leave: async () => {},
    discard: async () => {},
    release: () => {},
  };
}

function unreadable(path: string, cause: unknown): InsituError {
  return new InsituError('INPUT_INVALID', `The file ${path} of the disk can no longer be read.`, {
    hint: 'It was moved or changed since it was chosen: let it be chosen again.',
    cause,
  });
}
