import type { StorageUsage, StoredModel } from 'insitu';

/** A stretch of the bar. */
export interface Segment {
  kind: 'model' | 'other' | 'free';
  bytes: number;
  /** Of a model. */
  url?: string;
  /** Of the bar's width; all of them come to 1. */
  share: number;
}

export interface StorageLayout {
  segments: Segment[];
  /** What the origin stores beside models, as far as the browser's estimate tells. */
  other: number;
  /** Absent where the browser gives no quota. */
  free?: number;
  /** The free space is drawn shorter than it is, because the rest would be too thin to see. */
  broken: boolean;
  /** The browser's estimate is less than what is known to be there: it has not caught up. */
  behind: boolean;
}

/** Thinner ones could be neither seen nor pointed at. */
const leastShare = 0.02;
/** Of the bar, for what is used, where the free space is cut short. */
const usedWhenBroken = 0.72;

/** Lays out what an origin stores as one bar. */
export function layOutStorage(
  models: readonly Pick<StoredModel, 'url' | 'size'>[],
  { used, quota }: Pick<StorageUsage, 'used' | 'quota'>,
): StorageLayout {
  const known = models.reduce((sum, { size }) => sum + size, 0);
  const other = Math.max(0, (used ?? 0) - known);
  const taken = known + other;
  const free = quota === undefined ? undefined : Math.max(0, quota - taken);
  const filled: Omit<Segment, 'share'>[] = models
    .filter(({ size }) => size > 0)
    .map(({ url, size }) => ({ kind: 'model', bytes: size, url }));
  if (other > 0) filled.push({ kind: 'other', bytes: other });

  const trueShare = free === undefined ? 1 : taken / Math.max(1, taken + free);
  const broken = known > 0 && trueShare < usedWhenBroken / 3;
  const usedShare = broken ? usedWhenBroken : Math.max(trueShare, taken > 0 ? leastShare : 0);
  const segments = shareOut(filled, usedShare);
  if (free !== undefined && usedShare < 1) segments.push({ kind: 'free', bytes: free, share: 1 - usedShare });
  return {
    segments,
    other,
    ...(free !== undefined && { free }),
    broken,
    behind: used !== undefined && used < known * 0.95,
  };
}

/** Gives each its part of the width by its bytes, and the least where that would be too thin. */
function shareOut(segments: readonly Omit<Segment, 'share'>[], width: number): Segment[] {
  const least = Math.min(leastShare, width / Math.max(1, segments.length));
  const total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const isThin = ({ bytes }: Pick<Segment, 'bytes'>): boolean => (bytes / total) * width < least;
  const thin = segments.filter(isThin).length;
  const thick = segments.reduce((sum, segment) => sum + (isThin(segment) ? 0 : segment.bytes), 0);
  const left = width - thin * least;
  return segments.map((segment) => ({
    ...segment,
    share: isThin(segment) ? least : (segment.bytes / thick) * left,
  }));
}
