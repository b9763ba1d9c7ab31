/** The library's files that an isolated worker cannot fetch itself, beside its own script. */
export type HandedAsset = 'runtime' | 'loader' | 'wasm';

/** One of them, on its way to the worker. */
export interface HandedAssetMessage {
  name: HandedAsset;
  content: Blob;
}

/**
 * What the page gives to the frame once, and the frame to its worker. Three ports come with it: the page's line to the frame, its
 * channel to the worker, and the one that brings the assets.
 */
export interface FrameStart {
  /** The worker's script. */
  worker: Blob;
}

/** What a frame tells the page of itself and of its worker. */
export type FrameMessage =
  /** It has the ports, and starts the worker. */
  | { type: 'up' }
  | { type: 'pong' }
  /** A policy stopped the frame's own work. */
  | { type: 'refused'; directive: string }
  /** The worker threw, or could not be started. */
  | { type: 'died'; message: string }
  /** The worker went round its channel. */
  | { type: 'strange' };
