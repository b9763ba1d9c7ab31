import { InsituError } from '../errors/insitu-error.ts';
import { type Reply, toErrorRecord } from '../protocol/reply.ts';

/** Turns what a method gives or throws into a {@link Reply}. Never rejects. */
export async function toReply<T>(method: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await method() };
  } catch (error) {
    return { ok: false, error: toErrorRecord(isOfStorage(error) ? unavailable(error) : error) };
  }
}

/** What IndexedDB fails with where nobody along the way could give it another meaning. */
const isOfStorage = (error: unknown): error is DOMException =>
  error instanceof DOMException &&
  ['InvalidStateError', 'UnknownError', 'TransactionInactiveError'].includes(error.name);

function unavailable(cause: DOMException): InsituError {
  return new InsituError('STORAGE_UNAVAILABLE', `The browser's storage failed: ${cause.message}`, {
    hint: "Call again; if it stays, clear this site's data in the browser.",
    retryable: true,
    cause,
  });
}
