import type { DiskFile } from '../../protocol/model-location.ts';
import { loadPartChecksum } from '../checksum.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { integrityError } from '../transfer/failures.ts';

/**
 * Gives stored files as handles that another thread can read, also one that may not open the store. Every part is checked first.
 *
 * @throws InsituError `INTEGRITY_MISMATCH`; what was damaged is removed.
 */
export async function openStoredFiles(
  model: string,
  paths: readonly string[],
  store: WeightStore,
): Promise<DiskFile[]> {
  const checksumOf = await loadPartChecksum();
  const open = async (path: string): Promise<DiskFile> => {
    const { whole } = await store.find({ model, path });
    if (!whole) throw integrityError(`The stored ${model}${path}`, 'it is no longer in the store');
    const blobs: Blob[] = [];
    for (const [index, { blob, checksum }] of whole.parts.entries()) {
      const bytes = new Uint8Array((await blob?.arrayBuffer().catch(() => undefined)) ?? new ArrayBuffer(0));
      if (!blob || checksumOf([bytes]) !== checksum) {
        // A prefetch reads nothing of what is stored, so it would never mend it.
        await store.remove({ model, path }).catch(() => {});
        throw integrityError(`Part ${index + 1} of the stored ${model}${path}`, 'it was changed in the store');
      }
      blobs.push(blob);
    }
    return { path, file: new File(blobs, path.slice(path.lastIndexOf('/') + 1)) };
  };
  return Promise.all(paths.map(open));
}
