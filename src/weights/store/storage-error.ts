import { InsituError } from '../../errors/insitu-error.ts';

/** What a failure of the browser's storage means for whoever wanted to store something. */
export function toStorageError(error: unknown, what: string): InsituError {
  if (error instanceof InsituError) return error;
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  return new InsituError(
    full ? 'STORAGE_QUOTA' : 'STORAGE_UNAVAILABLE',
    full ? `The browser's storage is full: ${what} was not stored.` : `${what} could not be stored.`,
    {
      hint: full
        ? 'Remove models with `weights.remove()`, or ask for durable storage with `weights.persist()`.'
        : 'Private windows and sandboxed frames often have no storage. The next visit downloads again.',
      cause: error,
    },
  );
}
