import { assetFailure } from '../../errors/asset-failure.ts';

/**
 * The script of a job, for a worker that can fetch nothing.
 *
 * @throws InsituError `WORKER_START_FAILED`, `ASSET_IS_HTML`, `CSP_BLOCKED`; the signal's reason.
 */
export async function fetchJob(url: string, signal: AbortSignal | undefined): Promise<Blob> {
  const what = 'A part of insitu';
  const response = await fetch(url, signal ? { signal } : {}).catch(async (error) => {
    signal?.throwIfAborted();
    throw await assetFailure(url, what, error);
  });
  const isPage = response.headers.get('content-type')?.includes('text/html');
  if (!response.ok || isPage) throw await assetFailure(url, what);
  return response.blob();
}
