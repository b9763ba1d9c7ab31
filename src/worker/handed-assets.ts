import type { HandedAsset, HandedAssetMessage } from '../protocol/isolation.ts';

/** What the page hands to a worker that cannot fetch it, on its way. */
export interface HandedAssets {
  /** Address of the runtime's script, in this worker. */
  runtime: Promise<string>;
  /** Address of the script of ONNX Runtime's loader. */
  loader: Promise<string>;
  wasm: Promise<Blob>;
}

const key = Symbol.for('insitu.assets');

/** What was handed over; `undefined` in a worker that fetches its files itself. */
export const handedAssets = (): HandedAssets | undefined => (globalThis as { [key]?: HandedAssets })[key];

/** Takes assets as they arrive at a port, for the script that will ask for them. */
export function takeAssets(port: MessagePort): void {
  const takers = new Map<HandedAsset, (content: Blob) => void>();
  const arrival = (name: HandedAsset) => new Promise<Blob>((resolve) => takers.set(name, resolve));
  const assets: HandedAssets = {
    runtime: arrival('runtime').then(scriptUrl),
    loader: arrival('loader').then(scriptUrl),
    wasm: arrival('wasm'),
  };
  port.onmessage = ({ data: { name, content } }: MessageEvent<HandedAssetMessage>) => takers.get(name)?.(content);
  Object.assign(globalThis, { [key]: assets });
}

/** Whatever type the server sent it with. */
export const scriptUrl = (content: Blob): string =>
  URL.createObjectURL(new Blob([content], { type: 'text/javascript' }));
