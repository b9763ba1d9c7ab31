import { vi } from 'vitest';

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

/**
 * The script of a worker that answers Comlink's messages with what `answers` gives for a method: the source of functions of its
 * arguments. `start` is answered.
 */
export function workerOf(answers: Record<string, string>): string {
  const methods = Object.entries({ start: '() => ({ ok: true, value: null })', ...answers });
  return scriptOf(`
    const methods = { ${methods.map(([name, source]) => `${name}: ${source}`).join(', ')} };
    onmessage = async ({ data: { id, path, argumentList } }) => {
      const value = await methods[path[0]](...argumentList.map(({ value }) => value));
      postMessage({ id, type: 'RAW', value });
    };`);
}

export function scriptOf(source: string): string {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  urls.push(url);
  return url;
}

export const answersRun = { run: '({ input }) => ({ ok: true, value: input })' };
export const silent = '() => new Promise(() => {})';
