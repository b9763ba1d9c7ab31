import { type FileInfo, type FileKey, type FileSummary, type PartCheck, SupersededError } from './weight-store.ts';

/** One version of a file as a store records it; the bytes of its parts lie elsewhere. */
export interface VersionRecord {
  id: string;
  /** The writer that may append. */
  owner: string;
  info: FileInfo;
  parts: PartCheck[];
}

/** All that a store records of one file. The functions below are the only ways in which it changes. */
export interface FileRecord {
  whole?: VersionRecord;
  partial?: VersionRecord;
  missing?: true;
}

/** Not `randomUUID`: that is for secure contexts only. */
export const createToken = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** Makes `owner` the only writer of the file, with a new version or with the unfinished one that has the id. */
export function beginVersion(record: FileRecord, owner: string, info: FileInfo, unfinished?: string): FileRecord {
  if (unfinished === undefined) return { ...record, partial: { id: owner, owner, info, parts: [] } };
  if (record.partial?.id !== unfinished) throw new SupersededError('The unfinished version is gone.');
  return { ...record, partial: { ...record.partial, owner, info } };
}

export function appendPart(record: FileRecord, owner: string, part: PartCheck): FileRecord {
  const partial = ownPartial(record, owner);
  return { ...record, partial: { ...partial, parts: [...partial.parts, part] } };
}

export function commitVersion(record: FileRecord, owner: string, info: FileInfo): FileRecord {
  return { whole: { ...ownPartial(record, owner), info } };
}

export function discardVersion(record: FileRecord, owner: string): FileRecord {
  if (record.partial?.owner !== owner) return record;
  const { partial: _, ...rest } = record;
  return rest;
}

export function annotateVersion(record: FileRecord, info: Partial<FileInfo>): FileRecord {
  return record.whole ? { ...record, whole: { ...record.whole, info: { ...record.whole.info, ...info } } } : record;
}

export const isEmpty = ({ whole, partial, missing }: FileRecord): boolean => !whole && !partial && !missing;

export function ownPartial({ partial }: FileRecord, owner: string): VersionRecord {
  if (partial?.owner !== owner) throw new SupersededError('Another writer has taken over the file.');
  return partial;
}

export function summarise({ model, path }: FileKey, { whole, partial }: FileRecord): FileSummary {
  const sizeOf = (version?: VersionRecord) => version?.parts.reduce((sum, part) => sum + part.size, 0) ?? 0;
  return {
    model,
    path,
    state: whole ? 'whole' : partial ? 'partial' : 'missing',
    size: sizeOf(whole) + sizeOf(partial),
    info: (whole ?? partial)?.info ?? {},
  };
}
