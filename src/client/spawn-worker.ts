import { pageUrl, withSlash } from './page-url.ts';

export interface SpawnOptions {
  /** Folder of the library's files. @default the folder of this module */
  assetBase?: string | URL | undefined;
  /** The worker's own address, where it is not `worker.js` in that folder. */
  workerUrl?: string | URL | undefined;
}

export interface SpawnedWorker {
  worker: Worker;
  url: string;
}

const workerFile = 'worker.js';

/** Starts a worker. Bundlers recognise the literal `new Worker(new URL(...))` and ship the worker's file. */
export function spawnWorker({ assetBase, workerUrl }: SpawnOptions): SpawnedWorker {
  const asked = workerUrl ?? (assetBase && new URL(workerFile, pageUrl(withSlash(String(assetBase)))));
  const url = pageUrl(asked ?? new URL(workerFile, import.meta.url));
  if (url.origin !== globalThis.location.origin) return { worker: spawnCrossOrigin(url), url: url.href };
  const worker = asked
    ? new Worker(url, { type: 'module', name: 'insitu' })
    : new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'insitu' });
  return { worker, url: url.href };
}

/** A page may only start workers of its own origin; a worker of its own may import one from a CDN. */
function spawnCrossOrigin(url: URL): Worker {
  const bootstrap = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
  const worker = new Worker(bootstrap, { type: 'module', name: 'insitu' });
  // The worker's first message or error comes after its script was read.
  const release = () => URL.revokeObjectURL(bootstrap);
  worker.addEventListener('message', release, { once: true });
  worker.addEventListener('error', release, { once: true });
  return worker;
}
