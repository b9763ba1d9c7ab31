import { assetFailure } from '../../errors/asset-failure.ts';
import { watchCspViolations } from '../../errors/csp-violations.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import type { HandedAsset, HandedAssetMessage } from '../../protocol/isolation.ts';
import { isWorkerMessage } from '../../protocol/messages.ts';
import { askedUrl } from '../optional-part.ts';
import { pageUrl } from '../page-url.ts';
import { crashed } from '../workers/connection.ts';
import { fetchScript } from './fetch-asset.ts';
import { fetchFramePage } from './frame-page.ts';
import { ortWasmIntegrity } from './ort-wasm-integrity.ts';
import { showFrame } from './show-frame.ts';
import type { FrameRequest, IsolationPart } from './spawn-isolated-worker.ts';

const longestDetail = 500;

/** See `IsolationPart`. */
export const openFrame: IsolationPart['openFrame'] = async (request) => {
  const { handle, channel, signal, observe } = request;
  signal.throwIfAborted();
  if (!globalThis.document) throw noDocument();
  watchCspViolations(document);
  const assets = locate(request);

  let started = false;
  const violated = (what: string, detail: string) =>
    observe({ type: 'violation', what, detail: detail.slice(0, longestDetail) });
  const end = (error: unknown) => {
    if (!signal.aborted) handle.dispatchEvent(new ErrorEvent('error', { error }));
  };
  const died = async (cause: Error) => {
    if (started) end(crashed(`The isolated worker died: ${cause.message}.`, cause));
    else end(await assetFailure(assets.worker, 'The worker of insitu', cause));
  };
  const strange = (message: unknown) => {
    violated('message', textOf(message));
    end(spokeOutOfTurn());
  };
  const check = (event: MessageEvent<unknown>) => {
    const { data } = event;
    if (!isWorkerMessage(data)) {
      event.stopImmediatePropagation();
      return strange(data);
    }
    started = true;
    if (data.type === 'violation') violated(data.what, data.detail);
  };
  // Before whoever listens already: nothing that is malformed reaches them.
  handle.addEventListener('message', check, { capture: true });

  const arrivals = new MessageChannel();
  const hand = async (name: HandedAsset, what: string, integrity?: string) => {
    const content = await fetchScript(assets[name], what, { signal, ...(integrity && { integrity }) });
    const message: HandedAssetMessage = { name, content };
    arrivals.port1.postMessage(message);
  };
  // All at once; the worker starts with its own script, and the WebAssembly follows.
  Promise.all([
    hand('runtime', 'The runtime of insitu'),
    hand('loader', 'The loader of ONNX Runtime'),
    hand('wasm', 'The WebAssembly of ONNX Runtime', ortWasmIntegrity),
  ]).catch(end);
  const [page, worker] = await Promise.all([
    fetchFramePage(assets.frame, signal),
    fetchScript(assets.worker, 'The worker of insitu', { signal }),
  ]);
  await showFrame(page, {
    start: { worker },
    ports: [channel, arrivals.port2],
    signal,
    onDeath: died,
    onRefusal(directive) {
      violated(directive, 'in the frame');
      end(page.failure(new Error(`The policy refused it: ${directive}.`)));
    },
    onStrange: () => strange(undefined),
  });
};

type Addresses = Record<keyof FrameRequest['usual'], string>;

function locate({ options, usual }: FrameRequest): Addresses {
  const address = (file: string, otherwise: URL) => (askedUrl(file, options) ?? otherwise).href;
  return {
    frame: address('isolated-frame.html', usual.frame),
    worker: options.workerUrl ? pageUrl(options.workerUrl).href : address('worker.js', usual.worker),
    runtime: address('runtime.js', usual.runtime),
    loader: address('ort-wasm-simd-threaded.mjs', usual.loader),
    wasm: address('ort-wasm-simd-threaded.wasm', usual.wasm),
  };
}

function textOf(message: unknown): string {
  try {
    return JSON.stringify(message) ?? '';
  } catch {
    return '';
  }
}

function spokeOutOfTurn(): InsituError {
  return new InsituError('WORKER_CRASHED', 'The isolated worker sent what no worker of insitu sends, and was ended.', {
    hint: 'Its code, or what the model made of it, is not to be trusted: see the `violation` event of `onEvent`.',
  });
}

function noDocument(): InsituError {
  return new InsituError('DEVICE_UNAVAILABLE', 'An isolated model lives in a frame, and there are no frames here.', {
    hint: 'Load it from a page, not from a worker.',
  });
}
