import { vi } from 'vitest';
import type { SpawnedWorker } from './spawn-worker.ts';

/** Every worker that was started since, so that a test can end or provoke it from outside. */
export const startedWorkers: Worker[] = [];
const urls: string[] = [];

export function watchWorkers(): void {
  const RealWorker = Worker;
  vi.stubGlobal(
    'Worker',
    class extends RealWorker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        startedWorkers.push(this);
      }
    },
  );
}

export function endWorkers(): void {
  vi.unstubAllGlobals();
  for (const worker of startedWorkers.splice(0)) worker.terminate();
  for (const url of urls.splice(0)) URL.revokeObjectURL(url);
}

/** Starts a worker with such a script. */
export function spawnScript(source: string): SpawnedWorker {
  const url = scriptOf(source);
  return { worker: new Worker(url), url };
}

/** Starts a worker that answers so; see {@link scriptAnswering}. */
export function spawnAnswering(answers: Record<string, string>): SpawnedWorker {
  const url = scriptAnswering(answers);
  return { worker: new Worker(url), url };
}

/**
 * The address of a worker that speaks the protocol, and answers with what `answers` gives for a method: the source of functions of
 * the argument and of the call's port. `start` is answered.
 */
export function scriptAnswering(answers: Record<string, string>): string {
  const methods = Object.entries({ start: '() => ({ ok: true, value: null })', ...answers });
  return scriptOf(`
    const methods = { ${methods.map(([name, source]) => `${name}: ${source}`).join(', ')} };
    const running = new Map();
    const answer = async ({ call, method, argument }) => {
      const controller = new AbortController();
      running.set(call, controller);
      const tails = [];
      const reply = await methods[method](argument, {
        signal: controller.signal,
        notify: (event) => postMessage({ type: 'event', call, event }),
        lasts: (until) => tails.push(until),
      });
      postMessage({ type: 'reply', call, reply, more: tails.length > 0 });
      if (tails.length === 0) return;
      await Promise.allSettled(tails);
      postMessage({ type: 'end', call });
    };
    const hold = (lock) =>
      navigator.locks.request(lock, () => {
        postMessage({ type: 'held' });
        return new Promise(() => {});
      });
    onmessage = ({ data }) => {
      if (data.type === 'call') answer(data);
      else if (data.type === 'abort') running.get(data.call)?.abort();
      else if (data.type === 'ping') postMessage({ type: 'pong' });
      else if (data.type === 'hold') hold(data.lock);
    };
    onunhandledrejection = ({ reason: { message } }) => {
      const error = { code: 'INTERNAL', message, hint: 'None.', retryable: false };
      postMessage({ type: 'fault', error });
    };`);
}

function scriptOf(source: string): string {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  urls.push(url);
  return url;
}

export const answersRun = { run: '({ inputs: [input] }) => ({ ok: true, value: input })' };
export const silent = '() => new Promise(() => {})';
