import { cspFailure } from '../errors/csp-violations.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { PageMessage, WorkerMessage } from '../protocol/messages.ts';
import type { CallPort, Method } from '../protocol/method.ts';
import { toErrorRecord } from '../protocol/reply.ts';
import { type ChunkFlow, createChunkFlow } from './chunk-flow.ts';
import type { WeightsApi } from '../protocol/weights-api.ts';
import type { WorkerApi } from '../protocol/worker-api.ts';

/** The worker's side of its one channel to the page; in a worker, its global scope. */
export interface PageChannel {
  onmessage: ((event: MessageEvent<PageMessage>) => unknown) | null;
  postMessage(message: WorkerMessage, transfer?: Transferable[]): void;
}

/** Answers the page's calls with the methods of `api`. */
export function answerCalls(channel: PageChannel, api: WorkerApi | WeightsApi): void {
  // What a method takes is known to the page's compiler, not to this one.
  const methods = new Map(Object.entries(api) as [string, Method<unknown, unknown, unknown>][]);
  const running = new Map<number, { controller: AbortController; flow: ChunkFlow }>();

  const answer = async (call: number, name: string, argument: unknown) => {
    const controller = new AbortController();
    const flow = createChunkFlow(controller.signal);
    running.set(call, { controller, flow });
    const tails: Promise<unknown>[] = [];
    const port: CallPort<unknown> = {
      signal: controller.signal,
      notify(event, toBeTaken) {
        if (toBeTaken) flow.sent();
        channel.postMessage({ type: 'event', call, event });
      },
      keptUp: flow.keptUp,
      lasts: (until) => void tails.push(until),
      transfer: [],
    };
    const method = methods.get(name) ?? noSuch;
    const reply = await method(argument, port);
    const more = tails.length > 0;
    channel.postMessage({ type: 'reply', call, reply, more }, port.transfer);
    if (more) {
      await Promise.allSettled(tails);
      channel.postMessage({ type: 'end', call });
    }
    running.delete(call);
  };

  channel.onmessage = ({ data }) => {
    if (data.type === 'call') void answer(data.call, data.method, data.argument);
    else if (data.type === 'abort') running.get(data.call)?.controller.abort();
    else if (data.type === 'taken') running.get(data.call)?.flow.taken();
    else if (data.type === 'ping') channel.postMessage({ type: 'pong' });
    else if (data.type === 'hold') holdLock(data.lock, () => channel.postMessage({ type: 'held' }));
  };
}

const noSuch: Method<unknown, unknown, unknown> = async () => ({
  ok: false,
  error: toErrorRecord(
    new InsituError('INTERNAL', 'The worker has no such method.', { hint: 'Serve the files of one version together.' }),
  ),
});

/** Where locks are refused, as in opaque origins, the page is not told and looks for other signs of life. */
function holdLock(lock: string, held: () => void): void {
  const forEver = new Promise<never>(() => {});
  navigator.locks
    ?.request(lock, () => {
      held();
      return forEver;
    })
    .catch(() => {});
}

interface FaultSource {
  addEventListener(type: 'unhandledrejection', listener: (event: { reason: unknown }) => void): void;
}

/** Tells the page of rejections that nobody handles: unlike exceptions, they do not reach it by themselves. */
export function reportFaults(scope: FaultSource, channel: PageChannel): void {
  scope.addEventListener('unhandledrejection', async ({ reason }) => {
    // A policy without WebAssembly shows wherever it is tried first.
    const refused = await cspFailure('A part of insitu', import.meta.url, reason);
    channel.postMessage({ type: 'fault', error: toErrorRecord(refused ?? reason) });
  });
}
