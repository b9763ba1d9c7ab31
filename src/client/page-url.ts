import { describe } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';

/** A path that a relative URL continues instead of replacing its last part. */
export const withSlash = (path: string) => (path.endsWith('/') ? path : `${path}/`);

/**
 * An address as the page means it. Workers have another base, so addresses are made absolute before they cross.
 *
 * @throws InsituError `OPTION_INVALID`
 */
export function pageUrl(address: string | URL): URL {
  try {
    return new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch (error) {
    throw new InsituError('OPTION_INVALID', `${describe(String(address))} is not an address.`, {
      hint: 'Use a path (/folder/, ./folder/) or a full URL.',
      cause: error,
    });
  }
}
