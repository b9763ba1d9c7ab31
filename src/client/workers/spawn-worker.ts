import { watchCspViolations } from '../../errors/csp-violations.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import { type AssetOptions, askedUrl } from '../optional-part.ts';
import { pageUrl } from '../page-url.ts';

/** What is needed of a worker, or of what stands for one. */
export interface WorkerHandle {
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: Event) => void): void;
  postMessage(message: unknown, transfer: Transferable[]): void;
  terminate(): void;
}

export interface SpawnedWorker {
  worker: WorkerHandle;
  url: string;
}

/** Starts a worker for models. */
export function spawnWorker(options: AssetOptions): SpawnedWorker {
  const asked = options.workerUrl ? pageUrl(options.workerUrl) : askedUrl('worker.js', options);
  // Bundlers recognise the literal `new Worker(new URL(...))` and ship the worker's file.
  return spawn(
    asked,
    'worker.js',
    () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'insitu' }),
  );
}

/** Starts a worker for the store alone, without a runtime. */
export function spawnWeightsWorker(options: AssetOptions): SpawnedWorker {
  return spawn(
    askedUrl('weights-worker.js', options),
    'weights-worker.js',
    () => new Worker(new URL('./weights-worker.js', import.meta.url), { type: 'module', name: 'insitu-weights' }),
  );
}

function spawn(asked: URL | undefined, file: string, spawnUsual: () => Worker): SpawnedWorker {
  watchCspViolations(globalThis.document);
  // Not a literal: a bundler would ship a second copy of the file.
  const url = pageUrl(asked ?? new URL(file, import.meta.url));
  try {
    if (url.origin !== globalThis.location.origin) return { worker: spawnCrossOrigin(url), url: url.href };
    return { worker: asked ? new Worker(url, { type: 'module', name: 'insitu' }) : spawnUsual(), url: url.href };
  } catch (error) {
    throw new InsituError('WORKER_START_FAILED', `The browser refused to start a worker from ${url.href}.`, {
      hint: 'Serve the page over http or https, in a frame that may start workers.',
      cause: error,
    });
  }
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
