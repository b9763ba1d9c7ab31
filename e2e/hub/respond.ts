import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Exchange, answer, answerFile } from './answer-file.ts';
import type { Faults } from './faults.ts';
import type { LoggedRequest } from './request-log.ts';
import type { Route } from './route.ts';
import { aborted } from './send-body.ts';

const page = '<!doctype html><html><body>Welcome to the app</body></html>';

const exposed =
  'X-Repo-Commit, X-Linked-Size, X-Linked-ETag, ETag, Accept-Ranges, Content-Range, Link, X-Error-Code, X-Error-Message';

/** Logs a request and answers it: as its route says, or as the faults planted for it say. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  {
    origin,
    path,
    route,
    faults,
    entries,
  }: {
    origin: LoggedRequest['origin'];
    path: string;
    route: Route;
    faults: Faults;
    entries: LoggedRequest[];
  },
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const entry: LoggedRequest = {
    origin,
    method: request.method ?? 'GET',
    path,
    step: route.step,
    file: route.file,
    headers: {
      range: request.headers.range,
      ifRange: request.headers['if-range']?.toString(),
      ifNoneMatch: request.headers['if-none-match'],
      authorization: request.headers.authorization !== undefined,
    },
    status: undefined,
    sent: undefined,
    body: undefined,
  };
  entries.push(entry);
  // A browser sends a request again by itself when a connection that it had used before is closed without an answer.
  response.setHeader('Connection', 'close');
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', exposed);
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');

  const gone = left.signal;
  const hold = faults.take(entry, ['hold']);
  if (hold) await Promise.race([Promise.allSettled([hold.fault.until]), aborted(hold.withdrawn, gone)]);
  if (gone.aborted) return;
  const exchange: Exchange = { response, entry, faults, gone };
  if (answerWrongly(exchange)) return;
  if (route.step === 'content') await answerFile(exchange, route.representation);
  else answer(exchange, route.status, route.headers, route.body);
}

/** @returns Whether a fault takes the place of the answer. */
function answerWrongly(exchange: Exchange): boolean {
  const fault = exchange.faults.take(exchange.entry, ['drop', 'status', 'html', 'html-as-binary'])?.fault;
  switch (fault?.kind) {
    case undefined:
      return false;
    case 'drop':
      exchange.response.socket?.destroy();
      return true;
    case 'status': {
      const { status, retryAfter, body = `The test answers ${status}` } = fault;
      const headers = { 'Content-Type': 'text/plain', ...(retryAfter !== undefined && { 'Retry-After': retryAfter }) };
      answer(exchange, status, headers, body);
      return true;
    }
    case 'html':
      answer(exchange, 200, { 'Content-Type': 'text/html; charset=utf-8' }, page);
      return true;
    case 'html-as-binary':
      answer(exchange, 200, { 'Content-Type': 'application/octet-stream' }, page);
      return true;
  }
}
