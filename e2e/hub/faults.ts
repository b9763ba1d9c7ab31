import { type LoggedRequest, type PathPattern, type Step, isAbout } from './request-log.ts';

/** Numbers of bytes are counted within the answer's body, except for `flip`. */
export type Fault =
  /** Answers nothing until the promise settles or the fault is withdrawn. */
  | { kind: 'hold'; until: Promise<unknown> }
  /** Closes the connection instead of an answer. */
  | { kind: 'drop' }
  /** Answers with a status and a short text; `retryAfter` in seconds, or a date. */
  | { kind: 'status'; status: number; retryAfter?: number | string; body?: string }
  /** Answers 200 with a page. */
  | { kind: 'html' }
  /** Answers 200 with a page that is called application/octet-stream. */
  | { kind: 'html-as-binary' }
  /** Knows no ranges: answers 200 with the whole file. */
  | { kind: 'no-ranges' }
  /** Sends that many bytes of what Content-Length tells, then closes the connection in good order. */
  | { kind: 'cut'; after: number }
  /** Sends that many bytes, then nothing until the fault is withdrawn; then it goes on, or breaks the connection. */
  | { kind: 'stall'; after: number; thenBreak?: boolean }
  /** Sends that many bytes as if they were all, with a Content-Length that agrees. */
  | { kind: 'truncate'; to: number }
  /** Sends everything, after a Content-Length that tells that many bytes more, then closes the connection. */
  | { kind: 'wrong-length'; extra: number }
  | { kind: 'throttle'; bytesPerSecond: number }
  /** Turns the lowest bit of the byte at this offset of the file; spares answers that do not have the byte. */
  | { kind: 'flip'; offset: number };

type FaultKind = Fault['kind'];

export interface FaultTarget {
  path: PathPattern;
  /** How many answers it spoils; default all. */
  times?: number;
  /** Default: GET and HEAD. Faults in a body always spare answers that have none. */
  method?: 'GET' | 'HEAD' | 'OPTIONS';
  /** Default: every step but `redirect`, `raw` and `preflight`, so that the way to the bytes does not use up the fault. */
  step?: Step;
}

/** A fault that an answer has to follow. */
export interface TakenFault<Kind extends FaultKind> {
  fault: Extract<Fault, { kind: Kind }>;
  withdrawn: AbortSignal;
}

export interface Faults {
  /** @returns A function that withdraws the fault; answers it holds or stalls go on then. */
  plant(target: FaultTarget, fault: Fault): () => void;
  /** The oldest fault of these kinds for an answer, of which it counts one use. */
  take<Kind extends FaultKind>(
    request: LoggedRequest,
    kinds: Kind[],
    accepts?: (fault: Extract<Fault, { kind: Kind }>) => boolean,
  ): TakenFault<Kind> | undefined;
}

const indirect: Step[] = ['redirect', 'raw', 'preflight'];

export function createFaults(): Faults {
  const planted: { target: FaultTarget; fault: Fault; left: number; withdrawal: AbortController }[] = [];
  return {
    plant(target, fault) {
      const entry = { target, fault, left: target.times ?? Infinity, withdrawal: new AbortController() };
      planted.push(entry);
      return () => {
        entry.left = 0;
        entry.withdrawal.abort();
      };
    },
    take(request, kinds, accepts = () => true) {
      for (const entry of planted) {
        const { target, fault } = entry;
        if (entry.left > 0 && isOfKind(fault, kinds) && isTarget(request, target) && accepts(fault)) {
          entry.left--;
          return { fault, withdrawn: entry.withdrawal.signal };
        }
      }
      return undefined;
    },
  };
}

function isOfKind<Kind extends FaultKind>(fault: Fault, kinds: Kind[]): fault is Extract<Fault, { kind: Kind }> {
  return kinds.some((kind) => kind === fault.kind);
}

function isTarget(request: LoggedRequest, { path, method, step }: FaultTarget): boolean {
  return (
    isAbout(request, path) &&
    (method === undefined || method === request.method) &&
    (step === undefined ? !indirect.includes(request.step) : step === request.step)
  );
}
