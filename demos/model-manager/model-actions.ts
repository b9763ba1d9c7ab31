import { type LoadEvent, type StoredModel, type VerifyResult, type WorkProgress, pipeline, weights } from 'insitu';
import { formatBytes, formatDuration } from '../shared/format.ts';
import { createByteTally } from './byte-tally.ts';
import { guessTask, packName } from './model-facts.ts';
import type { WorkTools } from '../shared/work-line.ts';

const share = ({ loaded, total }: WorkProgress): string => `${formatBytes(loaded)} of ${formatBytes(total)}`;

/** Reads every byte of a model; tells how long it took. */
export async function verifyModel(
  { url }: StoredModel,
  { signal, show }: WorkTools,
): Promise<VerifyResult & { milliseconds: number }> {
  const startedAt = performance.now();
  const result = await weights.verify(url, {
    signal,
    onProgress: (progress) => show(progress.progress, `Verifying ${share(progress)}`),
  });
  return { ...result, milliseconds: performance.now() - startedAt };
}

/** Makes a pack of a model and hands it to the browser's downloads. Resolves to its name and size. */
export async function exportModel(
  { url, model }: StoredModel,
  { signal, show }: WorkTools,
): Promise<{ name: string; size: number }> {
  const pack = await weights.exportPack(url, {
    signal,
    onProgress: (progress) => show(progress.progress, `Packing ${share(progress)}`),
  });
  const name = packName(model);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(pack);
  link.download = name;
  link.click();
  // The browser reads it when it gets to it, not at the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return { name, size: pack.size };
}

/** How far a load is, in words. */
export function describeLoad({ loaded, total, progress }: LoadEvent): string {
  if (progress === 1) return `${formatBytes(loaded)}, starting the model`;
  return total === 0 ? 'Asking' : `${formatBytes(loaded)} of ${formatBytes(total)}`;
}

export interface Reload {
  milliseconds: number;
  /** Bytes from the network, as far as the load's events tell. */
  fetched: number;
}

/** Loads a model and lets go of it: a load replaces what is damaged. */
export async function reloadModel(
  { model, revision }: StoredModel,
  rules: { localFilesOnly: boolean },
  { signal, show }: WorkTools,
): Promise<Reload> {
  const startedAt = performance.now();
  const tally = createByteTally();
  const loaded = await pipeline(guessTask(model), model, {
    ...rules,
    ...(revision !== undefined && { revision }),
    signal,
    onProgress(event) {
      tally.add(event);
      show(event.progress, describeLoad(event));
    },
  });
  const milliseconds = performance.now() - startedAt;
  await loaded.dispose();
  return { milliseconds, fetched: tally.fetched };
}

/** What came of a load, in a sentence. */
export function describeReload({ milliseconds, fetched }: Reload): string {
  const bytes = fetched > 0 ? `, ${formatBytes(fetched)} of it from the network` : '';
  return `Loaded in ${formatDuration(milliseconds)}${bytes}.`;
}
