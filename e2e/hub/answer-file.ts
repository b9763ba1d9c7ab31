import type { ServerResponse } from 'node:http';
import { parseByteRange } from './byte-range.ts';
import type { Faults } from './faults.ts';
import type { LoggedRequest } from './request-log.ts';
import { sendBody } from './send-body.ts';

/** A request that is being answered. */
export interface Exchange {
  response: ServerResponse;
  entry: LoggedRequest;
  faults: Faults;
  /** Aborted when the client goes away, or has everything. */
  gone: AbortSignal;
}

/** A file in the form it is sent in. */
export interface Representation {
  bytes: Buffer;
  /** Equal only for equal bytes. */
  identity: string;
  etag: string;
  hasRanges: boolean;
  headers: Record<string, string>;
}

/** Answers GET or HEAD with a file or a part of it, under the conditions of the request, and with the faults planted for it. */
export async function answerFile(exchange: Exchange, representation: Representation): Promise<void> {
  const { response, entry, faults } = exchange;
  const { bytes, etag, headers } = representation;
  const hasRanges = representation.hasRanges && !faults.take(entry, ['no-ranges']);
  const head = { ...headers, ETag: etag, ...(hasRanges && { 'Accept-Ranges': 'bytes' }) };
  const { ifNoneMatch, ifRange, range: rangeHeader } = entry.headers;

  if (ifNoneMatch !== undefined && matchesWeakly(ifNoneMatch, etag)) return answer(exchange, 304, head);
  if (entry.method === 'HEAD') return answer(exchange, 200, { ...head, 'Content-Length': bytes.length });

  const usesRange = hasRanges && (ifRange === undefined || (ifRange === etag && !etag.startsWith('W/')));
  const range = usesRange ? parseByteRange(rangeHeader, bytes.length) : undefined;
  if (range === 'unsatisfiable') {
    return answer(exchange, 416, { ...headers, 'Content-Range': `bytes */${bytes.length}`, 'Content-Length': 0 });
  }

  const { start, end } = range ?? { start: 0, end: bytes.length };
  const ending = faults.take(entry, ['cut', 'stall', 'truncate', 'wrong-length']);
  const fault = ending?.fault;
  const available = fault?.kind === 'truncate' ? Math.min(fault.to, end - start) : end - start;
  const breaks = fault?.kind === 'cut' || (fault?.kind === 'stall' && fault.thenBreak);
  const length = breaks ? Math.min(fault.after, available) : available;
  const flip = faults.take(entry, ['flip'], ({ offset }) => offset >= start && offset < start + length);
  const pace = faults.take(entry, ['throttle']);

  let body = bytes.subarray(start, start + length);
  if (flip) {
    const at = flip.fault.offset - start;
    body = Buffer.from(body);
    body.writeUInt8(body.readUInt8(at) ^ 1, at);
  }
  entry.status = range ? 206 : 200;
  const sent: [number, number] = [start, start];
  entry.sent = sent;
  entry.body = representation.identity;
  response.writeHead(entry.status, {
    ...head,
    'Content-Length': available + (fault?.kind === 'wrong-length' ? fault.extra : 0),
    ...(range && { 'Content-Range': `bytes ${start}-${start + available - 1}/${bytes.length}` }),
  });
  await sendBody(response, body, {
    gone: exchange.gone,
    bytesPerSecond: pace?.fault.bytesPerSecond,
    stall: ending && fault?.kind === 'stall' ? { after: fault.after, until: ending.withdrawn } : undefined,
    onWritten: (count) => (sent[1] += count),
  });
  // Ending the socket flushes what is written and then says so (FIN); destroying it may take back what is on its way.
  if (breaks || fault?.kind === 'wrong-length') response.socket?.end();
  else response.end();
}

/** Answers with a status, headers, and a body that is no file. */
export function answer(
  { response, entry }: Pick<Exchange, 'response' | 'entry'>,
  status: number,
  headers: Record<string, string | number>,
  body?: string | Uint8Array,
): void {
  entry.status = status;
  response.writeHead(status, { ...headers, ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }) });
  response.end(entry.method === 'HEAD' ? undefined : body);
}

function matchesWeakly(header: string, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => opaque(tag) === opaque(etag));
}
