type Bytes = Uint8Array<ArrayBuffer>;

/** The files of one model, for the time of one load. A file is read or fetched once, however often it is asked for. */
export interface ModelFiles {
  /** Whether anything of this load is fetched; known for a file as soon as `has` is. */
  readonly fetching: boolean;
  /**
   * Whether the model has a file; known before its bytes are here.
   *
   * @param path Path inside the model's folder, e.g. `onnx/model.onnx`.
   * @throws InsituError `NETWORK`, `OFFLINE`, `HTTP_STATUS`, `ASSET_IS_HTML`, `INTEGRITY_MISMATCH`; the signal's reason.
   */
  has(path: string): Promise<boolean>;
  /** Bytes of a file, from the store or the network; `undefined` where the model has no such file. Throws like `has`. */
  find(path: string): Promise<Bytes | undefined>;
  /** Throws `MODEL_NOT_FOUND` if the model lacks a file that it cannot work without. */
  require(path: string): Promise<void>;
  /**
   * Ends a load that succeeded. Resolves when nothing of it is written any more, with whether the browser's storage has all of
   * the model, so that the next visit finds it. Never rejects.
   */
  keep(): Promise<boolean>;
  /** Ends a load that failed: what has arrived is stored, for the next one to go on with. */
  leave(): Promise<void>;
  /** Forgets all files of this load: what they hold turned out to be no model. */
  discard(): Promise<void>;
  /** The model is no longer in use: it may be evicted. */
  release(): void;
}
