import { InsituError } from '../errors/insitu-error.ts';

/** Size of the parts that are handed to the store while a file arrives. */
const partSize = 4 * 1024 * 1024;

/** How much of a file is looked at to tell whether it is a page. */
const sniffedBytes = 256;

export interface DownloadOptions {
  signal: AbortSignal;
  /** Called once the headers are there, with the size they tell; 0 where they do not. */
  onHead(total: number): void;
  onBytes(count: number): void;
  /** Called with each full part, and with the rest at the end. */
  onPart(part: Uint8Array<ArrayBuffer>): void;
}

/**
 * Fetches one file of a model.
 *
 * @returns The bytes, or `undefined` where the server has no such file (404, 410); then `onHead` is not called.
 * @throws InsituError `OFFLINE`, `NETWORK`, `HTTP_STATUS`, `ASSET_IS_HTML`; the signal's reason when aborted.
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { signal } = options;
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(`${url} could not be fetched.`, error);
  }
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status === 404 || response.status === 410) return undefined;
    throw statusError(url, response.status);
  }
  if (response.headers.get('content-type')?.includes('text/html')) {
    await response.body?.cancel();
    throw htmlError(url);
  }
  // A compressed body's Content-Length counts the compressed bytes.
  const encoded = response.headers.has('content-encoding');
  const length = encoded ? 0 : Number(response.headers.get('content-length') ?? 0);
  options.onHead(length);
  try {
    return await readBody(response, url, length, options);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof InsituError) throw error;
    if (error instanceof RangeError) throw memoryError(url, length, error);
    throw networkError(`The connection broke while ${url} was arriving.`, error);
  }
}

async function readBody(response: Response, url: string, length: number, { onBytes, onPart }: DownloadOptions) {
  let bytes = new Uint8Array(length);
  let size = 0;
  let handedOver = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (size + value.length > bytes.length) {
      const grown = new Uint8Array(Math.max(size + value.length, bytes.length * 2));
      grown.set(bytes.subarray(0, size));
      bytes = grown;
    }
    bytes.set(value, size);
    const sniffed = size >= sniffedBytes;
    size += value.length;
    if (!sniffed && size >= sniffedBytes && looksLikeHtml(bytes)) {
      await reader.cancel();
      throw htmlError(url);
    }
    onBytes(value.length);
    for (; size - handedOver >= partSize; handedOver += partSize)
      onPart(bytes.subarray(handedOver, handedOver + partSize));
  }
  if (size < sniffedBytes && looksLikeHtml(bytes)) throw htmlError(url);
  if (size < length) {
    throw networkError(`${url} ended after ${size} of ${length} bytes.`, undefined);
  }
  if (size > handedOver) onPart(bytes.subarray(handedOver, size));
  return size === bytes.length ? bytes : bytes.slice(0, size);
}

function looksLikeHtml(head: Uint8Array): boolean {
  return /^\s*<(!doctype\s+html|html[\s>])/i.test(new TextDecoder().decode(head.subarray(0, sniffedBytes)));
}

function memoryError(url: string, size: number, cause: RangeError): InsituError {
  return new InsituError('OUT_OF_MEMORY', `There is no memory for ${url}: ${size} bytes.`, {
    hint: 'Dispose of pipelines that are not needed, or use a smaller dtype.',
    cause,
  });
}

function htmlError(url: string): InsituError {
  return new InsituError('ASSET_IS_HTML', `${url} is an HTML page, not a file of a model.`, {
    hint: 'The server answers unknown paths with a page. Check the model reference and that the folder is served as it is.',
  });
}

function networkError(message: string, cause: unknown): InsituError {
  if (globalThis.navigator?.onLine === false) {
    return new InsituError('OFFLINE', message, {
      hint: 'The browser is offline and this file is not stored yet.',
      retryable: true,
      cause,
    });
  }
  return new InsituError('NETWORK', message, {
    hint: "Check the address, the server's CORS headers, and that a Content-Security-Policy allows it in connect-src.",
    retryable: true,
    cause,
  });
}

function statusError(url: string, status: number): InsituError {
  const refused = status === 401 || status === 403;
  return new InsituError('HTTP_STATUS', `${url} answered ${status}.`, {
    hint: refused
      ? 'The model is private or gated, or there is none of that name: the Hub answers both in the same way.'
      : 'The server refused or failed; its log says more.',
    retryable: status === 429 || status >= 500,
  });
}
