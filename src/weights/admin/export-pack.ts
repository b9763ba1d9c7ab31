import { createTarPacker } from 'modern-tar';
import type { ModelManifest } from '../../protocol/model-manifest.ts';
import type { WorkProgress } from '../../protocol/weights-api.ts';
import { loadPartChecksum } from '../checksum.ts';
import type { FileSummary, ModelRecord, WeightStore } from '../store/weight-store.ts';
import { integrityError } from '../transfer/failures.ts';
import { notStored } from './not-stored.ts';
import { createWorkReport } from './work-report.ts';

/** Name of the first file of a pack. */
export const manifestPath = 'manifest.json';

/**
 * Writes a stored model into one file: a plain tar with its manifest first. It is streamed, so that memory holds a part of it
 * at a time, and every part is checked on the way.
 *
 * @throws InsituError `MODEL_NOT_FOUND`, `INTEGRITY_MISMATCH`
 */
export async function exportPack(
  model: string,
  store: WeightStore,
  report: (progress: WorkProgress) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const files = (await store.list(model))
    .filter(({ state }) => state === 'whole')
    // The summary's size counts the beginning of another version too.
    .map((file) => ({ ...file, size: file.info.size ?? file.size }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (files.length === 0) throw notStored(model);
  const record = (await store.models()).get(model);
  const commit = files.find(({ info }) => info.commit)?.info.commit;
  const manifest: ModelManifest = {
    format: 'insitu-model-1',
    model: record ? referenceOf(record) : model,
    ...(commit && { revision: commit }),
    files: files.map(({ path, size, info }) => ({ path, size, sha256: info.sha256! })),
  };
  const progress = createWorkReport(
    files.reduce((sum, { size }) => sum + size, 0),
    report,
  );
  const { readable, controller } = createTarPacker();
  const writing = async () => {
    const text = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
    await addEntry(manifestPath, text.length, [async () => text]);
    for (const file of files) await addEntry(file.path, file.size, await partsOf(file));
    controller.finalize();
  };

  const addEntry = async (name: string, size: number, parts: readonly (() => Promise<Uint8Array>)[]) => {
    // A fixed date: the same model gives the same pack.
    const writer = controller.add({ name, size, mtime: new Date(0), mode: 0o644 }).getWriter();
    for (const read of parts) {
      signal.throwIfAborted();
      const bytes = await read();
      await writer.write(bytes);
      if (name !== manifestPath) progress.add(bytes.length);
    }
    await writer.close();
  };

  const partsOf = async ({ path }: FileSummary) => {
    const checksumOf = await loadPartChecksum();
    const { whole } = await store.find({ model, path });
    return (whole?.parts ?? []).map(({ blob, checksum }, index) => async () => {
      const bytes = new Uint8Array((await blob?.arrayBuffer().catch(() => undefined)) ?? new ArrayBuffer(0));
      if (checksumOf([bytes]) === checksum) return bytes;
      throw integrityError(`Part ${index + 1} of the stored ${model}${path}`, 'it was changed in the store');
    });
  };

  const written = writing().catch((error: unknown) => {
    controller.error(error);
    throw error;
  });
  const [pack] = await Promise.all([new Response(readable).blob(), written]).catch(async () => {
    // The reason is the writer's; the reader only knows that there was one.
    await written;
    throw new Error('The pack could not be made.');
  });
  return new Blob([pack], { type: 'application/x-tar' });
}

/** The reference by which a page finds this version again. */
function referenceOf({ reference, revision = 'main' }: ModelRecord): string {
  return revision === 'main' || reference.includes('@') ? reference : `${reference}@${revision}`;
}
