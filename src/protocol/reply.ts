import { type ErrorCode, InsituError, isInsituError } from '../errors/insitu-error.ts';

/** An error as it crosses the thread: a plain record, because classes, codes and causes of errors do not survive it. */
export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  hint: string;
  retryable: boolean;
  cause?: { name: string; message: string; stack?: string };
}

/** What a worker method answers with. It never rejects: a rejection would lose the code. */
export type Reply<T> = { ok: true; value: T } | { ok: false; error: ErrorRecord };

/** The record of any thrown value. What is not an {@link InsituError} becomes `INTERNAL`. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  if (!isInsituError(thrown)) {
    return toErrorRecord(
      new InsituError('INTERNAL', `Unexpected failure: ${textOf(thrown)}`, {
        hint: 'This is a defect of insitu; please report it with the cause.',
        cause: thrown,
      }),
    );
  }
  const { code, message, hint, retryable, cause } = thrown;
  const record: ErrorRecord = { code, message, hint, retryable };
  if (cause instanceof Error) {
    record.cause = { name: cause.name, message: cause.message, ...(cause.stack && { stack: cause.stack }) };
  } else if (cause !== undefined) {
    record.cause = { name: 'Error', message: textOf(cause) };
  }
  return record;
}

/** Anything can be thrown, also what has no text. */
function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}

/** The inverse of {@link toErrorRecord}. */
export function fromErrorRecord({ code, message, hint, retryable, cause }: ErrorRecord): InsituError {
  if (!cause) return new InsituError(code, message, { hint, retryable });
  const original = new Error(cause.message);
  original.name = cause.name;
  if (cause.stack) original.stack = cause.stack;
  return new InsituError(code, message, { hint, retryable, cause: original });
}
