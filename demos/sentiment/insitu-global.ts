import type { InsituError } from 'insitu';

declare global {
  /** What the script tag of this page defines; missing where the file could not be had. */
  var insitu: typeof import('insitu') | undefined;
}

/** The library of the script tag; asks for the file once more where that failed. */
export async function loadInsitu(): Promise<typeof import('insitu')> {
  if (!globalThis.insitu) {
    const script = document.createElement('script');
    script.src = '/dist/insitu.iife.js';
    await new Promise((resolve) => {
      script.onload = script.onerror = resolve;
      document.head.append(script);
    });
  }
  if (globalThis.insitu) return globalThis.insitu;
  throw new Error('The global “insitu” is missing: /dist/insitu.iife.js did not load.');
}

/** The library's own guard, and `false` while there is no library. */
export function isInsituError(thrown: unknown): thrown is InsituError {
  return globalThis.insitu?.isInsituError(thrown) ?? false;
}
