/** What a store keeps of one file. */
export interface StoredFile {
  size: number;
  /** Reads the whole file. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/** Takes one file part by part. Nothing of it can be read before `commit`. */
export interface FileWriter {
  /** The writer keeps a copy; the caller may reuse the bytes. */
  append(part: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Makes the file readable, in one step. */
  commit(): Promise<void>;
  /** Forgets what was appended. */
  abort(): Promise<void>;
}

/** The seam between a model's files and where they are kept. Keys are absolute URLs. */
export interface WeightStore {
  readonly kind: 'indexeddb' | 'memory';
  /** `undefined` where the store knows nothing of the file; `missing` where it knows that there is none. */
  find(key: string): Promise<StoredFile | 'missing' | undefined>;
  /** Starts a file anew; replaces what is there on commit. */
  write(key: string): Promise<FileWriter>;
  /** Records that there is no such file, so that it is not asked for again. */
  writeMissing(key: string): Promise<void>;
  remove(key: string): Promise<void>;
}
