import { disposed } from '../../errors/disposed.ts';
import { InsituError, isInsituError } from '../../errors/insitu-error.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { CallPort, Method } from '../../protocol/method.ts';
import { type Reply, toErrorRecord } from '../../protocol/reply.ts';
import type { RunProgress } from '../../protocol/tasks/run-options.ts';
import type { RunEvent } from '../../protocol/worker-api.ts';
import type { ModelHost } from '../models/model-host.ts';
import { type Lease, createSharedModels } from './shared-models.ts';
import type { OwnerApi, OwnerMessage, TabMessage } from './tab-messages.ts';

/** Serves the calls of all tabs, those of the owner's own included, with one host. */
export interface OwnerDesk {
  /** Nobody has a model or waits for an answer. */
  readonly idle: boolean;
  receive(tab: string, message: TabMessage): void;
  /** Ends what a tab that is gone has left. */
  forget(tab: string): void;
  /** Ends the host, and says nothing more. Resolves when its memory is free. */
  close(): Promise<void>;
}

export interface OwnerDeskParts {
  host: ModelHost;
  send(tab: string, message: OwnerMessage): void;
  onIdle(): void;
}

interface OpenCall {
  controller: AbortController;
  /** Pieces of its result that are on their way to the tab. */
  untaken: (() => void)[];
}

/** What a tab has here. */
interface Visitor {
  /** By the tab's numbers. */
  leases: Map<number, Lease>;
  calls: Map<number, OpenCall>;
}

export function createOwnerDesk({ host, send, onIdle }: OwnerDeskParts): OwnerDesk {
  const models = createSharedModels(host);
  const visitors = new Map<string, Visitor>();
  let runs = 0;
  const patient: (() => void)[] = [];
  let closed = false;

  const visitorOf = (tab: string): Visitor => {
    const visitor = visitors.get(tab) ?? { leases: new Map(), calls: new Map() };
    visitors.set(tab, visitor);
    return visitor;
  };
  const leaseOf = ({ leases }: Visitor, model: number): Lease => {
    const lease = leases.get(model);
    if (!lease) throw disposed();
    return lease;
  };
  const isIdle = () => models.size === 0 && [...visitors.values()].every(({ calls }) => calls.size === 0);

  /** What an earlier owner had accepted waits for a place in the queue, where others are refused. */
  const runInTurn = async (again: boolean, run: () => Promise<unknown>): Promise<unknown> => {
    for (;;) {
      runs++;
      let later = false;
      try {
        return await run();
      } catch (error) {
        later = again && isInsituError(error) && error.code === 'QUEUE_FULL' && runs > 1;
        if (!later) throw error;
      } finally {
        runs--;
        if (!later) for (const wake of patient.splice(0)) wake();
      }
      await new Promise<void>((resolve) => patient.push(resolve));
    }
  };

  const apiFor = (visitor: Visitor, { untaken }: OpenCall, again: boolean): OwnerApi => ({
    async load({ model, request, rules }, { notify }) {
      const lease = models.lease(request, rules, notify);
      visitor.leases.set(model, lease);
      const { plan, takes, sampleRate } = await lease.loaded;
      return ok({ plan, takes, sampleRate });
    },
    async run({ model, stream, progress, ...run }, { signal, notify }) {
      const { loaded, ended } = leaseOf(visitor, model);
      const handle = await loaded;
      const either = AbortSignal.any([signal, ended]);
      const onChunk = (chunk: unknown, taken: () => void) => {
        untaken.push(taken);
        notify({ type: 'chunk', chunk });
      };
      const onProgress = (now: RunProgress) => notify({ type: 'progress', ...now });
      const heard = { ...(stream && { onChunk }), ...(progress && { onProgress }) };
      return ok(await runInTurn(again, () => handle.run({ ...run, ...heard, signal: either })));
    },
    async dispose(model) {
      const lease = visitor.leases.get(model);
      visitor.leases.delete(model);
      await lease?.end();
      return ok(null);
    },
    stats: async () => ok(await host.stats()),
    modelStats: async (model) => ok(await (await leaseOf(visitor, model).loaded).stats()),
  });

  const answer = async (tab: string, { call, method, argument, again }: TabMessage & { type: 'call' }) => {
    const visitor = visitorOf(tab);
    const open: OpenCall = { controller: new AbortController(), untaken: [] };
    visitor.calls.set(call, open);
    const say = (message: OwnerMessage) => !closed && visitors.get(tab) === visitor && send(tab, message);
    const port: CallPort<LoadEvent | RunEvent> = {
      signal: open.controller.signal,
      notify(event) {
        if ('status' in event) say({ type: 'event', model: (argument as { model: number }).model, event });
        else say({ type: 'run-event', call, event });
      },
      // Whoever reads holds back the worker itself.
      keptUp: async () => {},
      lasts: () => {},
      transfer: [],
    };
    const perform = apiFor(visitor, open, again)[method] as Method<unknown, unknown, LoadEvent | RunEvent>;
    const reply = await perform(argument, port).catch(failed);
    visitor.calls.delete(call);
    try {
      say({ type: 'reply', call, reply });
    } catch (error) {
      say({ type: 'reply', call, reply: failed(error) });
    }
    if (isIdle()) onIdle();
  };

  return {
    get idle() {
      return isIdle();
    },
    receive(tab, message) {
      if (closed) return;
      if (message.type === 'call') void answer(tab, message);
      else if (message.type === 'abort') visitors.get(tab)?.calls.get(message.call)?.controller.abort();
      else if (message.type === 'taken') visitors.get(tab)?.calls.get(message.call)?.untaken.shift()?.();
      else if (message.type === 'waiting') {
        const unknown = message.calls.filter((call) => !visitors.get(tab)?.calls.has(call));
        for (const call of unknown) send(tab, { type: 'reply', call, reply: failed(unreadable()) });
      }
    },
    forget(tab) {
      const visitor = visitors.get(tab);
      if (!visitor) return;
      visitors.delete(tab);
      for (const lease of visitor.leases.values()) void lease.end();
      if (isIdle()) onIdle();
    },
    async close() {
      closed = true;
      await host.close(disposed());
    },
  };
}

const ok = <T>(value: T): Reply<T> => ({ ok: true, value });
const failed = (error: unknown): Reply<never> => ({ ok: false, error: toErrorRecord(error) });

function unreadable(): InsituError {
  return new InsituError('INPUT_INVALID', 'The tab that has the model could not read the input or the options.', {
    hint: 'Pass plain data: shared memory cannot leave its tab.',
  });
}
