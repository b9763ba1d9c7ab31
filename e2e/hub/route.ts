import type { IncomingMessage } from 'node:http';
import type { Representation } from './answer-file.ts';
import type { Step } from './request-log.ts';

/** What a request gets when no fault prevents it. */
export type Route =
  | { step: 'content'; file: string; representation: Representation }
  | {
      step: Exclude<Step, 'content'>;
      file?: string;
      status: number;
      headers: Record<string, string>;
      body?: string | Uint8Array;
    };

/** Finds what a request gets, from the decoded segments of its path. */
export type Router = (request: IncomingMessage, segments: string[]) => Route;

/** An error as the Hub tells it: in headers, for machines, and again as text. */
export function refused(status: number, code: string | undefined, message: string, commit?: string): Route {
  return {
    step: 'refused',
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      ...(code !== undefined && { 'X-Error-Code': code }),
      'X-Error-Message': message,
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="Authentication required", charset="UTF-8"' }),
      ...(commit !== undefined && { 'X-Repo-Commit': commit }),
    },
    body: message,
  };
}

/** A preflight that allows whatever it asks for. */
export function allowed(request: IncomingMessage): Route {
  const headers = request.headers['access-control-request-headers'];
  return {
    step: 'preflight',
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
      ...(headers !== undefined && { 'Access-Control-Allow-Headers': headers }),
      'Access-Control-Max-Age': '86400',
    },
  };
}
