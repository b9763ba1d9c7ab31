import type { RemoteModel } from '../../protocol/model-location.ts';
import type { FileKey, StoredFile } from '../store/weight-store.ts';
import { type AnswerHead, askForHead } from '../transfer/answer.ts';
import { fetchHubPointer } from '../transfer/hub-pointer.ts';

/**
 * Asks the server whether it has another version of a file than the store. A server that cannot be asked, or gives nothing to
 * compare by, counts as unchanged: what is stored is better than nothing.
 */
export async function hasChanged(
  key: FileKey,
  { whole, missing }: StoredFile,
  { location, signal }: { location: RemoteModel; signal: AbortSignal },
): Promise<boolean> {
  if (!whole && !missing) return false;
  const url = key.model + key.path;
  let head: AnswerHead | undefined;
  try {
    head = await askForHead({ url, headers: location.headers, signal });
  } catch {
    signal.throwIfAborted();
    return false;
  }
  if (!head || !whole) return Boolean(head) !== Boolean(whole);
  if (head.redirected && location.hub) {
    const pointer = await fetchHubPointer(url, location.headers, signal);
    if (pointer) return pointer.sha256 !== whole.info.sha256;
  }
  const { info } = whole;
  if (head.sha256) return head.sha256 !== info.sha256;
  if (head.etag && info.etag) return strong(head.etag) !== strong(info.etag);
  if (head.lastModified && info.lastModified) return head.lastModified !== info.lastModified;
  return head.size !== undefined && head.size !== info.size;
}

/** Servers that compress mark the same version as weak. */
const strong = (etag: string) => etag.replace(/^W\//, '');
