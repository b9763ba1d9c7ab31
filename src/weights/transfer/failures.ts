import { InsituError } from '../../errors/insitu-error.ts';

export function htmlError(url: string): InsituError {
  return new InsituError('ASSET_IS_HTML', `${url} is an HTML page, not a file of a model.`, {
    hint: 'The server answers unknown paths with a page. Check the model reference and that the folder is served as it is.',
  });
}

export function networkError(message: string, cause: unknown): InsituError {
  if (globalThis.navigator?.onLine === false) {
    return new InsituError('OFFLINE', message, {
      hint: 'The browser is offline and this file is not stored yet. What had arrived is kept.',
      retryable: true,
      cause,
    });
  }
  return new InsituError('NETWORK', message, {
    hint: "Check the address, the connection and the server's CORS headers.",
    retryable: true,
    cause,
  });
}

export function statusError(url: string, status: number): InsituError {
  const refused = status === 401 || status === 403;
  return new InsituError('HTTP_STATUS', `${url} answered ${status}.`, {
    hint: refused
      ? 'The model is private or gated, or there is none of that name: the Hub answers both in the same way. A token goes into `hub.token` of `createClient`.'
      : 'The server refused or failed; its log says more.',
    retryable: status === 408 || status === 429 || status >= 500,
  });
}

export function memoryError(url: string, size: number, cause: RangeError): InsituError {
  return new InsituError('OUT_OF_MEMORY', `There is no memory for ${url}: ${size} bytes.`, {
    hint: 'Dispose of pipelines that are not needed, or use a smaller dtype.',
    cause,
  });
}

export function integrityError(what: string, wanted: string, cause?: unknown): InsituError {
  return new InsituError('INTEGRITY_MISMATCH', `${what} is not what it should be: ${wanted}.`, {
    hint: 'Loading again, with a network, fetches what is damaged anew. If that fails too, the file on the server is another than the manifest or the Hub says.',
    retryable: true,
    ...(cause !== undefined && { cause }),
  });
}
