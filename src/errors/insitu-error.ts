/** Every way a call to insitu can fail. The list is closed: an application can switch over it. */
export type ErrorCode =
  | 'OPTION_INVALID'
  | 'TASK_UNKNOWN'
  | 'INPUT_INVALID'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_INVALID'
  | 'MODEL_UNSUPPORTED'
  | 'TASK_FAILED'
  | 'NETWORK'
  | 'HTTP_STATUS'
  | 'OFFLINE'
  | 'ASSET_IS_HTML'
  | 'INTEGRITY_MISMATCH'
  | 'STORAGE_QUOTA'
  | 'STORAGE_UNAVAILABLE'
  | 'OUT_OF_MEMORY'
  | 'QUEUE_FULL'
  | 'WORKER_START_FAILED'
  | 'WORKER_CRASHED'
  | 'WORKER_UNRESPONSIVE'
  | 'CSP_BLOCKED'
  | 'DEVICE_UNAVAILABLE'
  | 'DEVICE_LOST'
  | 'DISPOSED'
  | 'INTERNAL';

/** What an {@link InsituError} is made from. */
export interface InsituErrorOptions {
  /** What to do next, one sentence, addressed to the developer. */
  hint: string;
  /** Whether the same call may succeed when made again. @default false */
  retryable?: boolean;
  /** The failure underneath, if there is one. */
  cause?: unknown;
}

const marker = Symbol.for('insitu.error');

/** The pages that explain the codes, as the package has them. */
const pages = 'https://cdn.jsdelivr.net/npm/insitu/docs/errors';

/**
 * The one error class of insitu. The message says what failed, with the value that failed; `hint` says what to do next.
 * Told apart by `code`, because classes do not survive a thread boundary and codes do. Where it is printed with its stack, as in a
 * console, the code, the hint and the address of the code's page stand there too.
 */
export class InsituError extends Error {
  override readonly name = 'InsituError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  /** Address of the page that explains the code. */
  readonly help: string;

  constructor(code: ErrorCode, message: string, options: InsituErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.help = `${pages}/${code}.md`;
    // V8's stack starts with name and message; other browsers print those themselves.
    const trace = this.stack?.search(/\n\s+at /) ?? -1;
    if (trace >= 0) {
      const head = `${this.name} [${code}]: ${message}\n  ${options.hint}\n  ${this.help}`;
      Object.defineProperty(this, 'stack', {
        value: head + this.stack!.slice(trace),
        configurable: true,
        writable: true,
      });
    }
    Object.defineProperty(this, marker, { value: true });
  }
}

/**
 * Whether a caught value is an {@link InsituError}, also one of another copy of this library on the same page.
 *
 * @example
 * try {
 *   await embed(text);
 * } catch (error) {
 *   if (isInsituError(error) && error.retryable) retry();
 * }
 */
export function isInsituError(value: unknown): value is InsituError {
  return typeof value === 'object' && value !== null && marker in value;
}
