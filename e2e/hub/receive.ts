import { type IncomingHttpHeaders, request } from 'node:http';

export interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  /** Whether the connection lasted until the end that the headers promised. */
  complete: boolean;
}

export interface ReceiveOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Called with how much has arrived; what it returns ends the download there, as a client that goes away does. */
  onBytes?: (total: number) => 'leave' | void;
}

/**
 * Makes one request and keeps what arrives, also of an answer that breaks off. Follows no redirect, asks for no coding.
 *
 * @throws Where no answer comes.
 */
export function receive(
  url: string,
  { method = 'GET', headers = {}, onBytes }: ReceiveOptions = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (incoming) => {
      const parts: Buffer[] = [];
      let total = 0;
      const settle = () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          bytes: Buffer.concat(parts),
          complete: incoming.complete,
        });
      incoming.on('data', (part: Buffer) => {
        parts.push(part);
        total += part.length;
        if (onBytes?.(total) === 'leave') outgoing.destroy();
      });
      incoming.on('end', settle);
      incoming.on('error', settle);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Makes a request, and where it is redirected, the next one too. */
export async function follow(url: string, options: ReceiveOptions = {}): Promise<Received> {
  const received = await receive(url, options);
  const { location } = received.headers;
  return location === undefined ? received : follow(new URL(location, url).href, options);
}
