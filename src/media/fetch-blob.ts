import { describe } from '../errors/check-options.ts';
import { cspFailure } from '../errors/csp-violations.ts';
import { InsituError } from '../errors/insitu-error.ts';

/**
 * What a URL names, as the page sees it. It is fetched here and not in the worker, because an isolated worker may not reach the
 * network, nor another tab's worker the `blob:` URLs of this one.
 *
 * @param what Names the input in messages.
 * @returns A file with the last part of the URL for its name.
 * @throws InsituError `INPUT_INVALID`, `NETWORK`, `OFFLINE`, `HTTP_STATUS`, `ASSET_IS_HTML`, `CSP_BLOCKED`
 */
export async function fetchBlob(address: string | URL, what: string, signal: AbortSignal): Promise<File> {
  const url = absolute(address, what);
  // A policy that allows no `data:` in connect-src must not refuse what is already here.
  if (url.protocol === 'data:') return dataFile(url.href, what);
  const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1) || url.host;
  try {
    const response = await fetch(url, { signal });
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok) throw statusError(url.href, response.status);
    if (type.includes('text/html') && url.protocol !== 'blob:') throw htmlError(url.href);
    const blob = await response.blob();
    return new File([blob], name, { type: blob.type });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof InsituError) throw error;
    throw url.protocol === 'blob:'
      ? blobUrlError(url.href, what, error)
      : ((await cspFailure(url.href, url.href, error)) ?? networkError(url.href, error));
  }
}

function absolute(address: string | URL, what: string): URL {
  try {
    return new URL(address, globalThis.document?.baseURI);
  } catch (error) {
    throw new InsituError('INPUT_INVALID', `${what} is ${describe(String(address))}, which is no URL.`, {
      hint: 'Pass a URL, absolute or relative to the page, or the data itself.',
      cause: error,
    });
  }
}

/** RFC 2397: `data:[type][;base64],data`. */
function dataFile(url: string, what: string): File {
  const comma = url.indexOf(',');
  const head = url.slice('data:'.length, comma);
  const base64 = /;\s*base64\s*$/i.exec(head);
  try {
    if (comma < 0) throw new SyntaxError('There is no comma.');
    const text = decodeUri(url.slice(comma + 1));
    const bytes = base64 ? atob(text) : text;
    return new File([Uint8Array.from(bytes, (character) => character.charCodeAt(0))], 'data: URL', {
      type: base64 ? head.slice(0, base64.index) : head,
    });
  } catch (error) {
    throw new InsituError('INPUT_INVALID', `${what} is ${describe(url)}, which is no valid data: URL.`, {
      hint: 'It must be `data:`, a type, `;base64`, a comma and the data in base64.',
      cause: error,
    });
  }
}

/** Percent-escapes to bytes, each as a character of that code: `decodeURIComponent` would take them for UTF-8. */
const decodeUri = (text: string) =>
  text.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

function statusError(url: string, status: number): InsituError {
  return new InsituError('HTTP_STATUS', `${url} answered ${status}.`, {
    hint: 'Check the address of the input. If it is right, the log of the server says more.',
    retryable: status === 408 || status === 429 || status >= 500,
  });
}

function htmlError(url: string): InsituError {
  return new InsituError('ASSET_IS_HTML', `${url} is an HTML page, not an image or a sound.`, {
    hint: 'The server answers unknown paths with a page. Check the address.',
  });
}

function networkError(url: string, cause: unknown): InsituError {
  if (globalThis.navigator?.onLine === false) {
    return new InsituError('OFFLINE', `${url} could not be fetched.`, {
      hint: 'The browser is offline. Pass the data itself, or try again later.',
      retryable: true,
      cause,
    });
  }
  return new InsituError('NETWORK', `${url} could not be fetched.`, {
    hint: 'Check the address, the connection and, for another origin, the CORS headers of the server.',
    retryable: true,
    cause,
  });
}

function blobUrlError(url: string, what: string, cause: unknown): InsituError {
  return new InsituError('INPUT_INVALID', `${what} is ${url}, which cannot be read.`, {
    hint: 'It was revoked, or connect-src of the Content-Security-Policy does not allow blob:. Pass the Blob itself.',
    cause,
  });
}
