/** What the Hub keeps in its repository in the place of a large file. */
export interface HubPointer {
  sha256: string;
  size: number;
}

/** A pointer has about 130 bytes. What is longer is a file that was not replaced by one. */
const longestPointer = 1024;

/**
 * Asks the Hub for the SHA-256 of a large file. The Hub tells it in headers of a redirect, which pages cannot see, and in the
 * pointer file of Git LFS (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md), which they can.
 *
 * @param url Address of the file itself, with `/resolve/`.
 * @returns `undefined` where there is no pointer or it could not be fetched: it is a proof more, not a condition.
 */
export async function fetchHubPointer(
  url: string,
  headers: Readonly<Record<string, string>> | undefined,
  signal: AbortSignal,
): Promise<HubPointer | undefined> {
  const address = url.replace('/resolve/', '/raw/');
  if (address === url) return undefined;
  try {
    const response = await fetch(address, { signal, headers: new Headers(headers), cache: 'no-store' });
    if (response.ok) return parsePointer(await readBeginning(response));
    await response.body?.cancel();
  } catch {
    // The caller does without.
  }
  return undefined;
}

async function readBeginning(response: Response): Promise<string> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length <= longestPointer) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return '';
}

function parsePointer(text: string): HubPointer | undefined {
  const sha256 = /^oid sha256:([\da-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d+)$/m.exec(text)?.[1];
  return sha256 && size ? { sha256, size: Number(size) } : undefined;
}
