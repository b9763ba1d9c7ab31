/** A file's place: the model it belongs to, and its path in there. */
export interface FileKey {
  /** Absolute URL of the model's folder. */
  model: string;
  /** E.g. `onnx/model.onnx`. */
  path: string;
}

/** What is known of one version of a file. */
export interface FileInfo {
  /** As the server sent it, with quotes. */
  etag?: string;
  lastModified?: string;
  /** Bytes of the whole file. */
  size?: number;
  /** Lower-case hexadecimal. Of an unfinished version it is what the bytes must come to; of a whole one they have. */
  sha256?: string;
  /** Commit of the Hub's repository. */
  commit?: string;
}

/** A part as it should be. */
export interface PartCheck {
  size: number;
  /** See `checksum.ts`. */
  checksum: string;
}

export interface StoredPart extends PartCheck {
  /** `undefined` where the part is gone. */
  blob: Blob | undefined;
}

/** One version of a file: all of it, or its beginning. */
export interface StoredVersion {
  id: string;
  info: FileInfo;
  /** In their order. */
  parts: readonly StoredPart[];
}

/** What a store holds of one file. */
export interface StoredFile {
  whole?: StoredVersion;
  /** A version that was not finished: that of an interrupted download. */
  partial?: StoredVersion;
  /** The model is known to have no such file. */
  missing?: true;
}

/** What a store holds of one file, without the bytes. */
export interface FileSummary extends FileKey {
  state: 'whole' | 'partial' | 'missing';
  /** Bytes in the store, of all versions. */
  size: number;
  info: FileInfo;
}

/** What a store remembers of a model. */
export interface ModelRecord {
  reference: string;
  revision?: string;
  /** When it was last loaded, in milliseconds since 1970. */
  usedAt?: number;
  /** When it was last loaded, prefetched or imported: what was not touched for longest is evicted first. */
  touchedAt?: number;
  /** Never evicted. */
  pinned?: boolean;
  /** When every file was last read in full and found to have its SHA-256. */
  verifiedAt?: number;
  /** The last sessions in which the server was asked for a newer version. */
  checkedIn?: string[];
}

/**
 * Takes one version of a file part by part. It is the unfinished version until `commit`; only the last writer of a file that
 * began can write.
 */
export interface FileWriter {
  /**
   * @throws SupersededError if another writer has begun since.
   * @throws DOMException `QuotaExceededError`, and whatever else a browser's storage fails with.
   */
  append(chunks: readonly Uint8Array<ArrayBuffer>[], check: PartCheck): Promise<void>;
  /** Makes this version the file, in one step, in the place of an earlier one. Throws like `append`. */
  commit(info: FileInfo): Promise<void>;
  /** Forgets what was appended. */
  discard(): Promise<void>;
}

/** Another writer has taken over the file. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}

/** The seam between a model's files and where they are kept. */
export interface WeightStore {
  readonly kind: 'indexeddb' | 'memory';
  find(key: FileKey): Promise<StoredFile>;
  /**
   * Begins a version of a file, or goes on with the unfinished one that is given.
   *
   * @throws SupersededError if that one is no more.
   */
  write(key: FileKey, info: FileInfo, unfinished?: StoredVersion): Promise<FileWriter>;
  /** Puts a part in the place of a damaged one, if the version is still there. */
  replacePart(key: FileKey, version: string, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Changes what is known of a whole file, if there is one. */
  annotate(key: FileKey, info: Partial<FileInfo>): Promise<void>;
  /** Records that there is no such file, so that it is not asked for again. */
  writeMissing(key: FileKey): Promise<void>;
  remove(key: FileKey): Promise<void>;
  /** All files, or those of one model. */
  list(model?: string): Promise<FileSummary[]>;
  models(): Promise<Map<string, ModelRecord>>;
  /** Changes the record of a model in one step; `undefined` removes it. */
  editModel(model: string, edit: (record: ModelRecord | undefined) => ModelRecord | undefined): Promise<void>;
  /** Forgets a model's record and all its files. */
  removeModel(model: string): Promise<void>;
  clear(): Promise<void>;
}
