import { vi } from 'vitest';
import type { PageMessage, WorkerMessage } from '../protocol/messages.ts';
import type { CallPort } from '../protocol/method.ts';
import type { Reply } from '../protocol/reply.ts';

/** The worker's end of one call. */
export type FakePort = CallPort<unknown>;

/** What a worker does for each of its methods. */
export type Answers = Record<string, (argument: never, port: FakePort) => Promise<Reply<unknown>>>;

export const ok = async (value: unknown): Promise<Reply<unknown>> => ({ ok: true, value });
export const never = () => new Promise<never>(() => {});
export const failed = async (): Promise<Reply<unknown>> => ({
  ok: false,
  error: { code: 'MODEL_NOT_FOUND', message: 'No such model.', hint: 'Check it.', retryable: false },
});
/** Answers when the call is aborted, as a worker does that has put its things in order. */
export const untilAborted = (_argument: unknown, { signal }: FakePort) =>
  new Promise<Reply<unknown>>((resolve) => signal.addEventListener('abort', () => resolve(failed())));

/** Speaks the protocol of a worker, in this thread. */
export class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  static answers: Answers = {};
  /** Names of the methods that were called. */
  readonly calls: string[] = [];
  /** The argument of each call. */
  readonly given: unknown[] = [];
  /** How often it was asked for a sign of life. */
  pings = 0;
  /** How many pieces of results the page has asked for. */
  taken = 0;
  terminated = false;
  /** It neither answers nor gives signs of life, and does nothing that it has begun. */
  hung = false;
  readonly url: string;
  private readonly controllers = new Map<number, AbortController>();

  constructor(url: string | URL = 'https://app.example/worker.js') {
    super();
    this.url = String(url);
    FakeWorker.all.push(this);
  }

  postMessage(message: PageMessage) {
    // Not before the sender has gone on, as between threads.
    queueMicrotask(() => this.hear(message));
  }

  private hear(message: PageMessage) {
    if (this.terminated) return;
    if (message.type === 'call') void this.answer(message);
    else if (message.type === 'abort' && !this.hung) this.controllers.get(message.call)?.abort();
    else if (message.type === 'ping') {
      this.pings++;
      this.say({ type: 'pong' });
    } else if (message.type === 'taken') this.taken++;
  }

  private async answer({ call, method, argument }: Extract<PageMessage, { type: 'call' }>) {
    this.calls.push(method);
    this.given.push(argument);
    const controller = new AbortController();
    this.controllers.set(call, controller);
    const tails: Promise<unknown>[] = [];
    const reply = await FakeWorker.answers[method]!(argument as never, {
      signal: controller.signal,
      notify: (event) => this.say({ type: 'event', call, event }),
      keptUp: async () => {},
      lasts: (until) => void tails.push(until),
      transfer: [],
    });
    this.say({ type: 'reply', call, reply, more: tails.length > 0 });
    if (tails.length === 0) return;
    await Promise.allSettled(tails);
    this.say({ type: 'end', call });
  }

  /** Tells the page something, unless it is hung or has ended. */
  say(data: WorkerMessage | { type: string }) {
    if (!this.hung && !this.terminated) this.dispatchEvent(new MessageEvent('message', { data }));
  }

  /** Something throws in it that nobody catches. */
  crash(message: string) {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  }

  terminate() {
    this.terminated = true;
  }
}

/** Makes this thread a page of `https://app.example`, with workers that answer so. */
export function stubPage(answers: Answers): void {
  FakeWorker.all = [];
  FakeWorker.answers = answers;
  vi.stubGlobal('Worker', FakeWorker);
  // Of so few cores that `workers: 'auto'` is one, and without Web Locks, whatever Node has.
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  vi.stubGlobal('location', { href: 'https://app.example/page', origin: 'https://app.example' });
}

/** All workers that were started on the page. */
export const workers = () => FakeWorker.all;
