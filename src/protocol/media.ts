/** An image on its way to a worker, which decodes it. */
export type ImageSource =
  | { kind: 'image-blob'; blob: Blob }
  | { kind: 'image-bitmap'; bitmap: ImageBitmap }
  | { kind: 'image-frame'; frame: VideoFrame }
  /** RGBA, row by row. */
  | { kind: 'image-pixels'; data: Uint8ClampedArray<ArrayBuffer>; width: number; height: number };

/** Sound on its way to a worker, which mixes and resamples it. */
export type AudioSource =
  /** A WAV file. */
  | { kind: 'audio-file'; bytes: ArrayBuffer }
  /** Samples of -1..1 for each channel; a `rate` of 0 is the model's own. */
  | { kind: 'audio-samples'; channels: Float32Array<ArrayBuffer>[]; rate: number };

/** An input that is ready to cross the thread. */
export interface PreparedInput {
  /** An {@link ImageSource} or {@link AudioSource}, or an array of them where the input was an array. */
  value: unknown;
  /** What of it is transferred. It can be sent once: after that it is gone from the page. */
  transfer: Transferable[];
}
