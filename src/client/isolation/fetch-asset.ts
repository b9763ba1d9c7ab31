import { type AssetAdvice, assetFailure } from '../../errors/asset-failure.ts';

export interface FetchAssetOptions {
  signal: AbortSignal | undefined;
  /** As in Subresource Integrity. */
  integrity?: string;
  /** For what is no file of the library. */
  advice?: AssetAdvice;
}

/**
 * Fetches one of the library's own files, or a script beside them.
 *
 * @throws InsituError `WORKER_START_FAILED`, `ASSET_IS_HTML`, `CSP_BLOCKED`
 */
export async function fetchAsset(
  url: string,
  what: string,
  { signal, integrity, advice }: FetchAssetOptions,
): Promise<Response> {
  let cause: unknown;
  try {
    const response = await fetch(url, {
      credentials: 'same-origin',
      ...(signal && { signal }),
      ...(integrity && { integrity }),
    });
    if (response.ok) return response;
  } catch (error) {
    cause = error;
  }
  throw await assetFailure(url, what, cause, advice);
}

/** Fetches a file that is no page: a server that answers unknown addresses with one does so without an error. */
export async function fetchScript(url: string, what: string, options: FetchAssetOptions): Promise<Blob> {
  const response = await fetchAsset(url, what, options);
  if (response.headers.get('content-type')?.includes('text/html'))
    throw await assetFailure(url, what, undefined, options.advice);
  return response.blob();
}
