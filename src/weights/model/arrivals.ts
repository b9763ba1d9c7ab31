import { InsituError } from '../../errors/insitu-error.ts';
import type { LoadMonitor } from './load-monitor.ts';
import type { ModelFiles } from './model-files.ts';

type Bytes = Uint8Array<ArrayBuffer>;

interface Arrival {
  known: Promise<boolean>;
  bytes: Promise<Bytes | undefined>;
}

/**
 * Asks for each file once, however often it is wanted.
 *
 * @param get `true` is a file whose bytes nobody wants.
 */
export function createArrivals(
  get: (path: string, onKnown: () => void) => Promise<Bytes | undefined | true>,
  monitor: LoadMonitor,
) {
  const arrivals = new Map<string, Arrival>();
  const arrival = (path: string): Arrival => {
    const found = arrivals.get(path);
    if (found) return found;
    let onKnown = () => {};
    const head = new Promise<boolean>((resolve) => (onKnown = () => resolve(true)));
    const loaded = get(path, onKnown).then((file) => {
      if (file) monitor.end(path);
      else monitor.withdraw(path);
      return file;
    });
    const known = Promise.race([head, loaded.then(Boolean)]);
    const bytes = loaded.then((file) => (file === true ? undefined : file));
    // A file that nobody waits for any more may still fail.
    for (const promise of [loaded, known, bytes]) promise.catch(() => {});
    arrivals.set(path, { known, bytes });
    return { known, bytes };
  };
  return {
    has: (path: string) => arrival(path).known,
    find: (path: string) => arrival(path).bytes,
    paths: () => [...arrivals.keys()],
  };
}

/** Throws `MODEL_NOT_FOUND` if there is no such file. */
export async function requireFile(
  { has }: Pick<ModelFiles, 'has'>,
  path: string,
  reference: string,
  place: string,
  hint = 'Check the spelling, the revision, and that the folder has the layout of the Hugging Face Hub.',
): Promise<void> {
  if (await has(path)) return;
  throw new InsituError('MODEL_NOT_FOUND', `The model "${reference}" has no ${path} ${place}.`, { hint });
}
