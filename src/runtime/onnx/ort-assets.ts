import { assetFailure } from '../../errors/asset-failure.ts';

/** The loader that Emscripten made for ONNX Runtime. */
export type OrtFactory = (config: Record<string, unknown>) => Promise<unknown>;

/** The two files of ONNX Runtime, on their way. Both promises reject with an InsituError. */
export interface OrtAssets {
  factory: Promise<OrtFactory>;
  wasm: Promise<WebAssembly.Module>;
}

/**
 * SHA-256 of the WebAssembly that this version was built with, as in Subresource Integrity. The browser refuses any other; the
 * build stops if it ships another.
 */
const ortWasmIntegrity = 'sha256-BroFd1PaOEfkwk8C2RqxM0VbCBfGmkSZOppTohRt+eM=';

/**
 * Starts to fetch and compile ONNX Runtime. The WebAssembly is compiled while it streams from its own URL: only then does
 * the browser keep the compiled code for the next visit.
 */
export function fetchOrtAssets(): OrtAssets {
  // Literal `new URL(..., import.meta.url)`: bundlers recognise it and ship the file.
  const factoryUrl = new URL('./ort-wasm-simd-threaded.mjs', import.meta.url).href;
  const wasmUrl = new URL('./ort-wasm-simd-threaded.wasm', import.meta.url).href;
  const assets: OrtAssets = {
    factory: importFactory(factoryUrl).catch(async (error) => {
      throw await assetFailure(factoryUrl, 'The loader of ONNX Runtime', error);
    }),
    wasm: WebAssembly.compileStreaming(
      fetch(wasmUrl, { credentials: 'same-origin', integrity: ortWasmIntegrity }),
    ).catch(async (error) => {
      throw await assetFailure(wasmUrl, 'The WebAssembly of ONNX Runtime', error);
    }),
  };
  return awaited(assets);
}

/** Takes the two files from whoever has fetched them: for a worker that has no network. */
export function openOrtAssets({ loader, wasm }: { loader: Promise<string>; wasm: Promise<Blob> }): OrtAssets {
  const type = { headers: { 'Content-Type': 'application/wasm' } };
  return awaited({
    factory: loader.then(importFactory),
    wasm: wasm.then((bytes) => WebAssembly.compileStreaming(new Response(bytes, type))),
  });
}

/** Whoever loads a model sees a failure; it must not count as unhandled before that. */
function awaited(assets: OrtAssets): OrtAssets {
  for (const asset of Object.values(assets)) asset.catch(() => {});
  return assets;
}

async function importFactory(url: string): Promise<OrtFactory> {
  const sameOrigin = new URL(url).origin === self.location.origin;
  const address = sameOrigin ? url : await copyToThisOrigin(url);
  const module: { default: OrtFactory } = await import(/* webpackIgnore: true */ /* @vite-ignore */ address);
  return module.default;
}

/** The loader starts threads from its own address, and a thread must be of the page's origin. */
async function copyToThisOrigin(url: string): Promise<string> {
  const source = await (await fetch(url)).blob();
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}
