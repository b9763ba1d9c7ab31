import type { StoredModel } from 'insitu';
import { formatBytes } from '../shared/format.ts';

export interface EvictionOrder {
  /** Those that may go, the first to go first. */
  goes: StoredModel[];
  /** Those that never go. */
  stays: StoredModel[];
}

/** The library's rule: not used for longest goes first; nothing goes that is pinned, or in use in any tab. */
export function orderEviction(models: readonly StoredModel[]): EvictionOrder {
  const isSafe = ({ pinned, inUse }: StoredModel): boolean => pinned || inUse;
  return {
    goes: models.filter((model) => !isSafe(model)).sort((a, b) => (a.usedAt ?? 0) - (b.usedAt ?? 0)),
    stays: models.filter(isSafe),
  };
}

/** What would go if so many bytes were missing, and how many would be missing still. */
export function evictFor(missing: number, goes: readonly StoredModel[]): { gone: StoredModel[]; short: number } {
  const gone: StoredModel[] = [];
  let short = missing;
  for (const model of goes) {
    if (short <= 0) break;
    gone.push(model);
    short -= model.size;
  }
  return { gone, short: Math.max(0, short) };
}

/** What would go if so many bytes were missing, in a sentence. */
export function describeEviction(
  missing: number,
  { goes, stays }: EvictionOrder,
  nameOf: (model: StoredModel) => string,
): string {
  const [first] = goes;
  if (!first) return stays.length === 0 ? 'Nothing is stored, so nothing can go.' : 'Nothing may go.';
  if (missing === 0) return `Nothing goes. The first would be ${nameOf(first)}.`;
  const { gone, short } = evictFor(missing, goes);
  const going = `${gone.map(nameOf).join(' and ')} would go`;
  if (short > 0) return `${going}, and ${formatBytes(short)} would be missing still: STORAGE_QUOTA.`;
  return gone.length < goes.length ? `${going}, the rest stays.` : `${going}.`;
}
