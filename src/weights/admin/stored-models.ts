import type { StoredModel, VerifyResult, WorkProgress } from '../../protocol/weights-api.ts';
import { createFileDigest } from '../checksum.ts';
import type { FileSummary, ModelRecord, WeightStore } from '../store/weight-store.ts';
import type { FileLocks } from '../tabs/file-locks.ts';
import { useLockOf } from '../store/room-keeper.ts';
import { createWorkReport } from './work-report.ts';

/** All models of which the store has anything, last used first. */
export async function listModels(store: WeightStore, locks: FileLocks): Promise<StoredModel[]> {
  const [files, records, used] = await Promise.all([store.list(), store.models(), locks.used()]);
  const byModel = new Map<string, FileSummary[]>();
  for (const file of files) byModel.set(file.model, [...(byModel.get(file.model) ?? []), file]);
  return [...byModel]
    .map(([url, own]) => toStoredModel(url, own, records.get(url), used.has(useLockOf(url))))
    .filter(({ files: present }) => present.length > 0)
    .sort((a, b) => (b.usedAt ?? 0) - (a.usedAt ?? 0) || a.url.localeCompare(b.url));
}

function toStoredModel(
  url: string,
  summaries: readonly FileSummary[],
  record: ModelRecord | undefined,
  inUse: boolean,
): StoredModel {
  const files = summaries
    .filter(({ state }) => state !== 'missing')
    .map(({ path, size, state, info }) => ({
      path,
      size,
      complete: state === 'whole',
      ...(state === 'partial' && info.size !== undefined && { total: info.size }),
      ...(state === 'whole' && info.sha256 && { sha256: info.sha256 }),
    }));
  const { reference = url, revision, usedAt, verifiedAt, pinned = false } = record ?? {};
  return {
    model: reference,
    url,
    ...(revision && { revision }),
    size: files.reduce((sum, { size }) => sum + size, 0),
    files,
    ...(usedAt && { usedAt }),
    ...(verifiedAt && { verifiedAt }),
    pinned,
    inUse,
  };
}

/** Reads every byte of a model and compares its SHA-256 with what was proven when it was stored. */
export async function verifyModel(
  model: string,
  store: WeightStore,
  report: (progress: WorkProgress) => void,
  signal: AbortSignal,
): Promise<VerifyResult> {
  const files = (await store.list(model)).filter(({ state }) => state === 'whole');
  const progress = createWorkReport(
    files.reduce((sum, { size, info }) => sum + (info.size ?? size), 0),
    report,
  );
  const damaged: string[] = [];
  for (const { path } of files) {
    const { whole } = await store.find({ model, path });
    const digest = await createFileDigest();
    let readable = whole !== undefined;
    for (const { blob, size } of whole?.parts ?? []) {
      signal.throwIfAborted();
      const bytes = await blob?.arrayBuffer().catch(() => undefined);
      if (bytes) digest.update(new Uint8Array(bytes));
      else readable = false;
      progress.add(size);
    }
    if (!readable || digest.hex() !== whole?.info.sha256) damaged.push(path);
  }
  const ok = damaged.length === 0 && files.length > 0;
  await store.editModel(model, (record) => {
    if (!record) return undefined;
    const { verifiedAt: _, ...rest } = record;
    return ok ? { ...rest, verifiedAt: Date.now() } : rest;
  });
  return { ok, damaged };
}
