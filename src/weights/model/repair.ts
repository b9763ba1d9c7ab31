import { isInsituError } from '../../errors/insitu-error.ts';
import { loadPartChecksum } from '../checksum.ts';
import type { FileKey, StoredVersion } from '../store/weight-store.ts';
import { PassingFailure, askForFile } from '../transfer/answer.ts';
import { integrityError, networkError } from '../transfer/failures.ts';
import { withRetries } from '../transfer/retry.ts';
import type { FetchContext } from './fetch-into-store.ts';
import type { DamagedPart, StoredBytes } from './stored-bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Fetches the damaged parts of a stored file, and only those.
 *
 * @returns Whether the bytes are right now; `false` where the server no longer has this version of the file.
 * @throws InsituError `INTEGRITY_MISMATCH` if what comes is not what was stored, or nothing may or can be fetched.
 */
export async function repair(
  key: FileKey,
  version: StoredVersion,
  { bytes, damaged }: StoredBytes,
  context: FetchContext,
): Promise<boolean> {
  const { location, rules, store, monitor, signal } = context;
  const url = key.model + key.path;
  const checksumOf = await loadPartChecksum();
  const lost = damaged.reduce((sum, { start, end }) => sum + end - start, 0);
  if (!rules.localFilesOnly) monitor.begin(key.path, bytes.length, 'network', bytes.length - lost);
  for (const part of damaged) {
    const what = `Part ${part.index + 1} of the stored ${url} (bytes ${part.start} to ${part.end - 1})`;
    if (rules.localFilesOnly) throw integrityError(what, 'it was changed in the store, and nothing may be fetched');
    const fresh = await fetchPart(url, part, version, location.headers, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw isInsituError(error)
        ? integrityError(what, 'it was changed in the store, and could not be fetched again', error)
        : error;
    });
    if (!fresh) return false;
    if (checksumOf([fresh]) !== part.checksum) {
      await store.remove(key).catch(() => {});
      throw integrityError(what, 'it was changed in the store, and the server has another one too');
    }
    bytes.set(fresh, part.start);
    monitor.add(key.path, fresh.length);
    // If it cannot be written, the next load repairs it again.
    await store.replacePart(key, version.id, part.index, fresh).catch(() => {});
  }
  return true;
}

/** `undefined` where the server gives no parts, or not of this version. */
function fetchPart(
  url: string,
  { start, end }: DamagedPart,
  { info }: StoredVersion,
  headers: FetchContext['location']['headers'],
  signal: AbortSignal,
): Promise<Bytes | undefined> {
  return withRetries(signal, async () => {
    const answer = await askForFile({ url, headers, from: start, to: end, of: info, signal });
    if (!answer) return undefined;
    if (!answer.ranged) {
      await answer.body.cancel();
      return undefined;
    }
    const bytes: Bytes = new Uint8Array(
      await new Response(answer.body).arrayBuffer().catch((error: unknown) => {
        throw new PassingFailure(networkError(`The connection broke while ${url} was arriving.`, error));
      }),
    );
    return bytes.length === end - start ? bytes : undefined;
  });
}
