import { assetFailure } from '../errors/asset-failure.ts';
import { pageUrl, withSlash } from './page-url.ts';

/** Where the application says that the library's files are. */
export interface AssetOptions {
  /** Folder of the library's files. @default the folder of this module */
  assetBase?: string | URL | undefined;
  /** The worker's own address, where it is not `worker.js` in that folder. */
  workerUrl?: string | URL | undefined;
}

/** Where a file of the library is, if the application said where they are. */
export function askedUrl(file: string, { assetBase, workerUrl }: AssetOptions): URL | undefined {
  if (assetBase) return new URL(file, pageUrl(withSlash(String(assetBase))));
  return workerUrl ? new URL(file, pageUrl(workerUrl)) : undefined;
}

/**
 * Loads a part of the library that most pages never need: a file of its own, which keeps the main one small.
 *
 * @param usual Where it is beside this module; a literal `new URL('./file', import.meta.url)` of the caller, by which bundlers ship it.
 * @throws InsituError `WORKER_START_FAILED`, `ASSET_IS_HTML`, `CSP_BLOCKED`
 */
export async function loadPart<Part>(file: string, usual: URL, options: AssetOptions): Promise<Part> {
  const { href } = askedUrl(file, options) ?? usual;
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ href)) as Part;
  } catch (error) {
    throw await assetFailure(href, `The part ${file} of insitu`, error);
  }
}
