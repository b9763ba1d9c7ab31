import type { WeightsApi } from '../../protocol/weights-api.ts';
import type { LoadRequest, StartRequest } from '../../protocol/worker-api.ts';
import type { LoadListening } from '../models/hosted-model.ts';
import type { Observe } from '../observe/observer.ts';
import { type AssetOptions, loadPart } from '../optional-part.ts';
import type { CountedWorker } from '../workers/counted-worker.ts';
import type { SpawnedWorker } from '../workers/spawn-worker.ts';

/** Addresses of what an isolated worker needs. */
export interface IsolatedAssets {
  frame: URL;
  worker: URL;
  runtime: URL;
  loader: URL;
  wasm: URL;
}

export interface FrameRequest {
  /** Where the application says that they are. */
  options: AssetOptions;
  /** Where they are else. */
  usual: IsolatedAssets;
  /** The page's end of the channel to the worker. What happens to the worker is told to it, as to a `Worker`. */
  handle: MessagePort;
  /** The worker's end. */
  channel: MessagePort;
  /** Ends the worker, and removes the frame. */
  signal: AbortSignal;
  observe: Observe;
}

/** What `dist/isolation.js` exports. */
export interface IsolationPart {
  /** Resolves when the frame starts its worker; what fails later is told to the handle. */
  openFrame(request: FrameRequest): Promise<void>;
  /** The request with the files of the model instead of their address: an isolated worker can fetch nothing. */
  bringFiles(
    request: LoadRequest,
    listening: LoadListening,
    weights: { worker: CountedWorker<WeightsApi>; storage: StartRequest['storage'] },
  ): Promise<LoadRequest>;
}

export const loadIsolation = (options: AssetOptions): Promise<IsolationPart> =>
  loadPart('isolation.js', new URL('./isolation.js', import.meta.url), options);

/** Starts a worker in a sandboxed frame. What is sent to it before it is there waits in the channel. */
export function spawnIsolatedWorker(options: AssetOptions, observe: Observe): SpawnedWorker {
  // Literals: bundlers recognise them and ship the files.
  const usual: IsolatedAssets = {
    frame: new URL('./isolated-frame.html', import.meta.url),
    worker: new URL('./worker.js', import.meta.url),
    runtime: new URL('./runtime.js', import.meta.url),
    loader: new URL('./ort-wasm-simd-threaded.mjs', import.meta.url),
    wasm: new URL('./ort-wasm-simd-threaded.wasm', import.meta.url),
  };
  const { port1: handle, port2: channel } = new MessageChannel();
  const ended = new AbortController();
  const { signal } = ended;
  loadIsolation(options)
    .then(({ openFrame }) => openFrame({ options, usual, handle, channel, signal, observe }))
    .catch((error) => signal.aborted || handle.dispatchEvent(new ErrorEvent('error', { error })));
  handle.start();
  const terminate = () => {
    ended.abort();
    handle.close();
  };
  // Its failures come with their reasons; there is no address to ask about.
  return { worker: Object.assign(handle, { terminate }), url: '' };
}
