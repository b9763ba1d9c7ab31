import { vi } from 'vitest';
import type { Reply } from '../protocol/reply.ts';

/** What a worker does for each of its methods; it gets the call's arguments, its port included. */
export type Answers = Record<string, (...given: never[]) => Promise<Reply<unknown>>>;

export const ok = async (value: unknown): Promise<Reply<unknown>> => ({ ok: true, value });
export const never = () => new Promise<never>(() => {});
export const failed = async (): Promise<Reply<unknown>> => ({
  ok: false,
  error: { code: 'MODEL_NOT_FOUND', message: 'No such model.', hint: 'Check it.', retryable: false },
});
/** Answers when the call is aborted, as a worker does that has put its things in order. */
export const untilAborted = (_request: unknown, port: MessagePort) =>
  new Promise<Reply<unknown>>((resolve) => {
    port.onmessage = () => resolve(failed());
  });

/** Answers Comlink's messages on the spot. */
export class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  static answers: Answers = {};
  /** Whether a call has nothing more to tell after its answer. */
  static endsCalls = true;
  readonly calls: string[] = [];
  /** Arguments of every call, without its port. */
  readonly given: unknown[][] = [];
  readonly url: string;
  terminated = false;

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    FakeWorker.all.push(this);
  }

  postMessage({ id, path, argumentList }: { id: string; path: string[]; argumentList: { value: unknown }[] }) {
    const method = path.join('.');
    this.calls.push(method);
    const given = argumentList.map(({ value }) => value);
    this.given.push(given.filter((value) => !(value instanceof MessagePort)));
    void FakeWorker.answers[method]!(...(given as never[])).then((value) => {
      const ports = given.filter((each) => each instanceof MessagePort);
      if (FakeWorker.endsCalls) for (const port of ports) port.postMessage({ type: 'end' });
      this.dispatchEvent(new MessageEvent('message', { data: { id, type: 'RAW', value } }));
    });
  }

  terminate() {
    this.terminated = true;
  }
}

/** Makes this thread a page of `https://app.example`, with workers that answer so. */
export function stubPage(answers: Answers): void {
  FakeWorker.all = [];
  FakeWorker.answers = answers;
  FakeWorker.endsCalls = true;
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('location', { href: 'https://app.example/page', origin: 'https://app.example' });
}

/** All workers that were started on the page. */
export const workers = () => FakeWorker.all;
