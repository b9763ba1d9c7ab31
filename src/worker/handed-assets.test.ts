import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HandedAssetMessage } from '../protocol/isolation.ts';
import { handedAssets, takeAssets } from './handed-assets.ts';

let channel: MessageChannel;
beforeEach(() => {
  channel = new MessageChannel();
});
afterEach(() => {
  channel.port1.close();
  Reflect.deleteProperty(globalThis, Symbol.for('insitu.assets'));
});

const hand = (name: HandedAssetMessage['name'], content: string) =>
  channel.port1.postMessage({ name, content: new Blob([content], { type: 'text/plain' }) });

it('a worker that fetches its files itself has none', () => {
  expect(handedAssets()).toBeUndefined();
});

it('assets are there when they have arrived, in any order: scripts by an address, the WebAssembly as it is', async () => {
  takeAssets(channel.port2);
  const { runtime, loader, wasm } = handedAssets()!;
  hand('wasm', 'code');
  expect(await (await wasm).text()).toBe('code');
  hand('loader', 'export default 1;');
  hand('runtime', 'export const x = 2;');
  for (const [url, text] of [
    [await loader, 'export default 1;'],
    [await runtime, 'export const x = 2;'],
  ] as const) {
    const response = await fetch(url);
    expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/javascript', text]);
  }
});

it('a name that nobody asked for is passed over', async () => {
  takeAssets(channel.port2);
  hand('other' as never, 'nothing');
  hand('wasm', 'code');
  expect(await (await handedAssets()!.wasm).text()).toBe('code');
});
