import type { RetryRules } from './retry.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface ServedFile {
  body: Bytes;
  etag?: string;
  lastModified?: string;
  headers?: Record<string, string>;
  /** The answer comes from there, as the Hub's do for large files. */
  redirectedTo?: string;
}

/** What is wrong with one answer. */
export interface Fault {
  status?: number;
  headers?: Record<string, string>;
  /** The connection breaks before the answer. */
  refuses?: true;
  /** The body breaks after so many bytes. */
  cutAt?: number;
  /** It ends there, as if that were all. */
  endAt?: number;
  /** Nothing comes after so many bytes; `answer` is before the answer. */
  hangAt?: number | 'answer';
  /** It is answered as if no range were asked for. */
  ignoresRange?: true;
}

export interface ServedRequest {
  method: string;
  path: string;
  range: string | undefined;
  headers: Headers;
  signal: AbortSignal | undefined;
}

/** Bytes in which every part differs from every other. */
export function patternOf(size: number, salt = 0): Bytes {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index++) bytes[index] = index * 31 + (index >>> 8) * 7 + salt;
  return bytes;
}

/** Retries without pauses. */
export const quickRetries: RetryRules = { retries: 4, pauseMs: 0, longestPauseMs: 30_000, random: () => 0 };

/** A server of files that is only a `fetch`, with real answers and streams. Files are served by their whole address. */
export function createFileServer(chunkBytes = 16 * 1024) {
  const files = new Map<string, ServedFile>();
  const requests: ServedRequest[] = [];
  const faults: Fault[] = [];
  const waiting = new Set<() => void>();
  let lasting: Fault | undefined;

  const fetch = async (url: string, { method = 'GET', headers: sent, signal }: RequestInit = {}): Promise<Response> => {
    signal?.throwIfAborted();
    const headers = new Headers(sent);
    const range = headers.get('range') ?? undefined;
    requests.push({ method, path: url, range, headers, signal: signal ?? undefined });
    for (const look of waiting) look();
    const fault = faults.shift() ?? lasting ?? {};
    if (fault.hangAt === 'answer') await aborted(signal);
    // What browsers reject with when a connection breaks.
    if (fault.refuses) throw new TypeError('fetch failed');
    if (fault.status) return new Response('a body that nobody needs', { status: fault.status, ...pick(fault.headers) });
    const file = files.get(url);
    if (!file)
      return new Response('<!doctype html>Not found', { status: 404, headers: { 'content-type': 'text/html' } });
    return answerWith(file, method, fault.ignoresRange ? undefined : range, headers.get('if-range'), fault, signal);
  };

  const answerWith = (
    { body, etag, lastModified, headers: own, redirectedTo }: ServedFile,
    method: string,
    range: string | undefined,
    condition: string | null,
    fault: Fault,
    signal: AbortSignal | null | undefined,
  ): Response => {
    const [, from = '0', to = ''] =
      (condition === null || condition === etag ? /^bytes=(\d+)-(\d*)$/.exec(range ?? '') : null) ?? [];
    const start = Number(from);
    const end = to === '' ? body.length : Math.min(body.length, Number(to) + 1);
    const ranged = range !== undefined && (condition === null || condition === etag);
    const said = { ...(etag && { etag }), ...(lastModified && { 'last-modified': lastModified }) };
    if (ranged && start >= body.length) {
      const headers = { 'content-range': `bytes */${body.length}`, ...said, ...own, ...fault.headers };
      return new Response('no such range', { status: 416, headers });
    }
    const headers = new Headers({
      'content-length': String(end - start),
      ...said,
      ...(ranged && { 'content-range': `bytes ${start}-${end - 1}/${body.length}` }),
      ...own,
      ...fault.headers,
    });
    // An empty header takes one away.
    for (const [name, value] of [...headers]) if (value === '') headers.delete(name);
    const stream = method === 'HEAD' ? null : streamOf(body.subarray(start, end), chunkBytes, fault, signal);
    const response = new Response(stream, { status: ranged ? 206 : 200, headers });
    if (redirectedTo === undefined) return response;
    return Object.defineProperties(response, { redirected: { value: true }, url: { value: redirectedTo } });
  };

  return {
    files,
    requests,
    fetch,
    /** The next answers have these faults, one each. */
    fail: (...next: Fault[]) => void faults.push(...next),
    /** All answers have this fault, from the next on that has none of its own. */
    failAlways: (fault: Fault | undefined) => void (lasting = fault),
    /** Resolves once so many requests have come. */
    requested: (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => requests.length >= count && resolve();
        waiting.add(look);
        look();
      }),
    /** The ranges that were asked for of a file; `whole` is none. */
    rangesOf: (url: string) =>
      requests.filter(({ path, method }) => path === url && method === 'GET').map(({ range = 'whole' }) => range),
  };
}

export type FileServer = ReturnType<typeof createFileServer>;

const pick = (headers: Record<string, string> | undefined) => headers && { headers };

/** Rejects with the signal's reason, as `fetch` does. */
const aborted = (signal: AbortSignal | null | undefined) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));

/** A body that comes as it is read, chunk by chunk, to its end or to its fault. */
function streamOf(
  bytes: Bytes,
  chunkBytes: number,
  { cutAt = Infinity, endAt = Infinity, hangAt }: Fault = {},
  signal?: AbortSignal | null,
): ReadableStream<Bytes> {
  const quietAt = typeof hangAt === 'number' ? hangAt : Infinity;
  const stop = Math.min(bytes.length, cutAt, endAt, quietAt);
  let position = 0;
  return new ReadableStream<Bytes>(
    {
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true });
      },
      async pull(controller) {
        if (position < stop) {
          const end = Math.min(stop, position + chunkBytes);
          controller.enqueue(bytes.slice(position, end));
          position = end;
        } else if (stop === quietAt) await new Promise(() => {});
        else if (stop === cutAt) controller.error(new TypeError('terminated'));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
