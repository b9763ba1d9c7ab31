import { cspFailure } from '../../errors/csp-violations.ts';
import { htmlError, networkError, statusError } from './failures.ts';

/** What of a file is asked for. */
export interface FileRequest {
  url: string;
  headers?: Readonly<Record<string, string>> | undefined;
  /** First byte. @default 0 */
  from?: number;
  /** After the last byte. @default the end of the file */
  to?: number;
  /** What the bytes before `from` were said to be a part of. */
  of?: Pick<AnswerHead, 'etag' | 'lastModified' | 'size'>;
  signal: AbortSignal;
}

/** What a server says of a file before its bytes. */
export interface AnswerHead {
  /** Bytes of the whole file; absent where no header tells. */
  size?: number;
  /** What the size may be: another origin hides whether the bytes that it counts are compressed. */
  likelySize?: number;
  etag?: string;
  lastModified?: string;
  /** From `X-Linked-ETag`, where it can be seen. */
  sha256?: string;
  commit?: string;
  /** The answer came from another origin than the address: on the Hub, a large file. */
  redirected: boolean;
}

export interface Answer {
  head: AnswerHead;
  /** Position of the body's first byte in the file: `from`, or 0 where the server began anew. */
  start: number;
  /** The body is the range that was asked for. */
  ranged: boolean;
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** A failure after which trying again makes sense, perhaps after a while. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';
  readonly error: Error;
  readonly waitMs: number | undefined;

  /** @param waitMs What the server asked for. */
  constructor(error: Error, waitMs?: number) {
    super(error.message);
    this.error = error;
    this.waitMs = waitMs;
  }
}

/**
 * Asks once for a file or a range of it.
 *
 * @returns `undefined` where the server has no such file (404, 410).
 * @throws PassingFailure, InsituError `HTTP_STATUS`, `ASSET_IS_HTML`; the signal's reason when aborted.
 */
export async function askForFile(request: FileRequest): Promise<Answer | undefined> {
  const { url, signal, from = 0, to, of: known } = request;
  const ranged = from > 0 || to !== undefined;
  const headers = new Headers(request.headers);
  if (ranged) headers.set('Range', `bytes=${from}-${to === undefined ? '' : to - 1}`);
  const validator = ranged && sameOrigin(url) ? strongValidator(known) : undefined;
  // Only on the page's own origin: elsewhere it costs a preflight, which the hosts behind redirects often refuse.
  if (validator) headers.set('If-Range', validator);
  let response: Response;
  try {
    // The store is the cache: the browser's own would keep a second copy, and hand out a damaged one again.
    response = await fetch(url, { signal, headers, cache: 'no-store' });
  } catch (error) {
    signal.throwIfAborted();
    throw (
      (await cspFailure(url, url, error)) ?? new PassingFailure(networkError(`${url} could not be fetched.`, error))
    );
  }
  const { status } = response;
  const head = headOf(response, url);
  if (status === 416 && from > 0 && isWhole(response, from, head, known)) {
    await response.body?.cancel();
    return { head: { ...head, size: from }, start: from, ranged: true, body: new Blob([]).stream() };
  }
  if (ranged && (status === 416 || (status === 206 && !continues(response, from, head, known)))) {
    await response.body?.cancel();
    // The file is another one now, or shorter than what is here.
    return askForFile({ url, signal, headers: request.headers });
  }
  if (!response.ok) {
    await response.body?.cancel();
    if (status === 404 || status === 410) return undefined;
    const failure = statusError(url, status);
    throw failure.retryable ? new PassingFailure(failure, retryAfter(response)) : failure;
  }
  if (response.headers.get('content-type')?.includes('text/html')) {
    await response.body?.cancel();
    throw htmlError(url);
  }
  const body = response.body ?? new Blob([]).stream();
  return { head, start: status === 206 ? from : 0, ranged: status === 206, body };
}

/** What a server says of a file, without its bytes; `undefined` where it has none. Throws like `askForFile`. */
export async function askForHead(
  request: Pick<FileRequest, 'url' | 'headers' | 'signal'>,
): Promise<AnswerHead | undefined> {
  const { url, signal } = request;
  const response = await fetch(url, {
    method: 'HEAD',
    signal,
    headers: new Headers(request.headers),
    cache: 'no-store',
  }).catch(async (error: unknown) => {
    signal.throwIfAborted();
    throw (await cspFailure(url, url, error)) ?? networkError(`${url} could not be fetched.`, error);
  });
  if (response.status === 404 || response.status === 410) return undefined;
  if (!response.ok) throw statusError(url, response.status);
  if (response.headers.get('content-type')?.includes('text/html')) throw htmlError(url);
  return headOf(response, url);
}

function headOf(response: Response, url: string): AnswerHead {
  const { headers } = response;
  const value = (name: string) => headers.get(name) ?? undefined;
  const { size, likelySize } = sizesOf(response);
  const etag = value('etag');
  const lastModified = value('last-modified');
  const sha256 = /^"?([\da-f]{64})"?$/.exec(value('x-linked-etag') ?? '')?.[1];
  const commit = value('x-repo-commit');
  return {
    ...(size !== undefined && { size }),
    ...(likelySize !== undefined && { likelySize }),
    ...(etag && { etag }),
    ...(lastModified && { lastModified }),
    ...(sha256 && { sha256 }),
    ...(commit && { commit }),
    redirected: response.redirected && new URL(response.url).origin !== new URL(url).origin,
  };
}

function sizesOf({ status, headers, type }: Response): Pick<AnswerHead, 'size' | 'likelySize'> {
  if (status === 206) {
    const total = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
    return total === undefined ? {} : { size: Number(total) };
  }
  // A compressed body's Content-Length counts the compressed bytes.
  const length = headers.has('content-encoding') ? null : headers.get('content-length');
  if (length === null) return {};
  return type === 'cors' ? { likelySize: Number(length) } : { size: Number(length) };
}

/** Whether the partial answer goes on where the bytes that are here end. Headers that another origin hides count as right. */
function continues(response: Response, from: number, head: AnswerHead, known: FileRequest['of']): boolean {
  const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  if (range && Number(range[1]) !== from) return false;
  const differs = (a: unknown, b: unknown) => a !== undefined && b !== undefined && a !== b;
  return (
    !differs(head.size, known?.size) &&
    !differs(head.etag, known?.etag) &&
    !(head.etag === undefined && differs(head.lastModified, known?.lastModified))
  );
}

/** A file that was interrupted after its last byte: there is nothing after it, and the server says so. */
function isWhole({ headers }: Response, from: number, head: AnswerHead, known: FileRequest['of']): boolean {
  const sameVersion = (known?.size ?? from) === from && (!head.etag || !known?.etag || head.etag === known.etag);
  return sameVersion && headers.get('content-range') === `bytes */${from}`;
}

/** RFC 9110, 13.1.5: a weak ETag must not be sent in If-Range. */
function strongValidator(known: FileRequest['of']): string | undefined {
  return known?.etag && !known.etag.startsWith('W/') ? known.etag : known?.lastModified;
}

const sameOrigin = (url: string) => new URL(url).origin === globalThis.location?.origin;

function retryAfter({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
