import { type ParsedTarEntry, createTarDecoder } from 'modern-tar';
import { InsituError } from '../../errors/insitu-error.ts';
import type { RemoteModel } from '../../protocol/model-location.ts';
import { type ModelManifest, manifestComplaint } from '../../protocol/model-manifest.ts';
import type { WorkProgress } from '../../protocol/weights-api.ts';
import { createFileDigest } from '../checksum.ts';
import { type WriteBehind, createWriteBehind } from '../model/write-behind.ts';
import type { FileInfo, WeightStore } from '../store/weight-store.ts';
import { toStorageError } from '../store/storage-error.ts';
import { integrityError } from '../transfer/failures.ts';
import { manifestPath } from './export-pack.ts';
import type { RoomKeeper } from '../store/room-keeper.ts';
import { createWorkReport } from './work-report.ts';

/** A manifest has about 150 bytes a file. What is longer is none. */
const longestManifest = 1024 * 1024;

/** Reads what a pack holds, from its beginning. @throws InsituError `INPUT_INVALID` */
export async function readPackManifest(pack: Blob): Promise<ModelManifest> {
  const reader = entriesOf(pack).getReader();
  try {
    const { value: first } = await reader.read();
    if (first?.header.name !== manifestPath || first.header.size > longestManifest)
      throw notPack('its first file is no manifest');
    return await parseManifest(first);
  } catch (error) {
    throw error instanceof InsituError ? error : notPack('it is not a tar file', error);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

export interface ImportContext {
  store: WeightStore;
  room: RoomKeeper;
  report(progress: WorkProgress): void;
  signal: AbortSignal;
}

/**
 * Stores the model of a pack. Every byte is compared with the manifest before the first file takes its place, so a bad pack
 * changes nothing.
 *
 * @throws InsituError `INPUT_INVALID`, `INTEGRITY_MISMATCH`, `STORAGE_QUOTA`; the signal's reason when aborted.
 */
export async function importPack(
  pack: Blob,
  location: RemoteModel,
  { store, room, report, signal }: ImportContext,
): Promise<void> {
  const manifest = await readPackManifest(pack);
  const size = manifest.files.reduce((sum, file) => sum + file.size, 0);
  const refusal = await room.reserve(location.baseUrl, size);
  if (refusal) throw refusal;
  const progress = createWorkReport(size, report);
  const written = new Map<string, { writer: WriteBehind; info: FileInfo }>();
  let failure: { error: unknown } | undefined;
  try {
    const entries = entriesOf(pack).getReader();
    for (;;) {
      const { done, value: entry } = await entries.read().catch((error: unknown) => {
        throw notPack('it is not a whole tar file', error);
      });
      if (done) break;
      // Read to its end: modern-tar 0.8.6 takes a body that is cancelled late for the next one.
      if (entry.header.name === manifestPath) await new Response(entry.body).arrayBuffer();
      else await storeEntry(entry);
    }
    const absent = manifest.files.find(({ path }) => !written.has(path));
    if (absent) throw notPack(`it lacks ${absent.path}, which its manifest names`);
    for (const { writer, info } of written.values()) {
      writer.commit(info);
      await writer.settled;
      if (failure) throw failure.error;
    }
    await store.editModel(location.baseUrl, (record) => ({
      ...record,
      reference: location.reference,
      ...(location.revision && { revision: location.revision }),
      touchedAt: Date.now(),
      verifiedAt: Date.now(),
    }));
  } catch (error) {
    for (const { writer } of written.values()) writer.discard();
    await Promise.all([...written.values()].map(({ writer }) => writer.settled));
    throw error;
  }

  async function storeEntry({ header: { name: path }, body }: ParsedTarEntry): Promise<void> {
    const wanted = manifest.files.find((file) => file.path === path);
    if (!wanted) throw notPack(`its manifest does not name ${path}`);
    if (written.has(path)) throw notPack(`it has ${path} twice`);
    const { sha256 } = wanted;
    const info: FileInfo = { size: wanted.size, sha256, ...(manifest.revision && { commit: manifest.revision }) };
    const key = { model: location.baseUrl, path };
    const writer = createWriteBehind(() => store.write(key, info), {
      makeRoom: () => room.evictOne(key.model),
      onFailure: (error) => (failure ??= { error: toStorageError(error, `${path} of the pack`) }),
    });
    written.set(path, { writer, info });
    const digest = await createFileDigest();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw notPack('it is not a whole tar file', error);
      });
      if (done) break;
      signal.throwIfAborted();
      if (failure) throw failure.error;
      digest.update(value);
      // The decoder may hand out windows of a buffer that it uses again.
      await writer.add(value.slice());
      progress.add(value.length);
    }
    const actual = digest.hex();
    if (actual !== sha256) throw integrityError(`${path} of the pack`, `its SHA-256 is ${actual}, not ${sha256}`);
  }
}

const entriesOf = (pack: Blob): ReadableStream<ParsedTarEntry> => pack.stream().pipeThrough(createTarDecoder());

async function parseManifest(entry: ParsedTarEntry): Promise<ModelManifest> {
  const text = await new Response(entry.body).text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notPack('its manifest is not JSON', error);
  }
  const complaint = manifestComplaint(value);
  if (complaint) throw notPack(`its manifest ${complaint}`);
  return value as ModelManifest;
}

function notPack(why: string, cause?: unknown): InsituError {
  return new InsituError('INPUT_INVALID', `The file is no pack of a model: ${why}.`, {
    hint: 'A pack is what `weights.exportPack()` or `insitu pack` wrote, unchanged: a tar file with manifest.json first.',
    ...(cause !== undefined && { cause }),
  });
}
