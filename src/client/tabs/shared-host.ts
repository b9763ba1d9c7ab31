import { abortable } from '../../errors/abort.ts';
import type { InsituError } from '../../errors/insitu-error.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { ErrorRecord } from '../../protocol/reply.ts';
import type { CheckedClientOptions } from '../client-options.ts';
import type { ModelHandle, ModelHost } from '../models/model-host.ts';
import type { TabClientEvent } from '../observe/client-event.ts';
import type { Observe } from '../observe/observer.ts';
import type { HostStats } from '../observe/stats.ts';
import { createOwnerDesk } from './owner-desk.ts';
import { watchPageSleep } from './page-sleep.ts';
import { eventWithReason, planWithReason } from './plan-reason.ts';
import { clientKey } from './share-key.ts';
import { createTabCalls } from './tab-calls.ts';
import { type OwnerLink, type TabGroup, joinTabGroup } from './tab-group.ts';
import type { TabConnections } from './tab-lines.ts';
import type { OwnerMessage } from './tab-messages.ts';
import { createTabModels } from './tab-models.ts';

export interface SharedHostParts {
  options: CheckedClientOptions;
  /** Builds what models live in, when this tab is to have them. */
  openHost(): ModelHost;
  observe: Observe;
  /** Makes errors of the class that the application knows. */
  toError(record: ErrorRecord): InsituError;
}

/** What the browser gives. */
export interface SharedHostSurroundings {
  /** @throws where there is none for this page. */
  connections(): TabConnections;
  /** Milliseconds that an owner may say nothing before another tab takes its place. */
  patience: number;
}

/** Hosts models in the workers of one tab for all. */
export interface SharedHost extends ModelHost {
  /** `undefined` before it is known. */
  readonly role: TabClientEvent['role'] | undefined;
}

/** An owner frees memory within some milliseconds, unless it is frozen. */
const closePatienceMs = 2000;

export function createSharedHost(
  { options, openHost, observe, toError }: SharedHostParts,
  { connections, patience }: SharedHostSurroundings,
): SharedHost {
  let alone: { host: ModelHost; reason: string } | undefined;
  let group: TabGroup | undefined;
  let joining: Promise<void> | undefined;
  /** Who waits for the group. */
  let entering = 0;
  let role: SharedHost['role'];
  let closed: InsituError | undefined;

  /** A page without models keeps no locks: they would keep the browser from putting it to sleep. */
  const leaveIfIdle = () => {
    if (!closed && group?.idle && entering + models.size + calls.waiting.length === 0) void leave();
  };
  const leave = async (): Promise<void> => {
    const left = group;
    group = undefined;
    calls.connect(undefined);
    await left?.leave();
  };

  const calls = createTabCalls({ toError, onSettled: leaveIfIdle });
  const models = createTabModels({
    calls,
    toError,
    reason: () =>
      `The model is shared by the tabs of this site, in a worker of ${role === 'owner' ? 'this' : 'another'} tab.`,
    onGone: leaveIfIdle,
  });

  const takeRole = (next: TabClientEvent['role']) => {
    if (role === next) return;
    role = next;
    observe({ type: 'tab', role });
  };
  const onOwner = (link: OwnerLink) => {
    takeRole(link.own ? 'owner' : 'guest');
    calls.connect(link, models.askForAll);
  };
  const onMessage = (message: OwnerMessage) => {
    if (message.type === 'reply') calls.settle(message.call, message.reply);
    else if (message.type === 'run-event') calls.hear(message.call, message.event);
    else if (message.type === 'event') models.hear(message.model, message.event);
    else if (message.type === 'unread') calls.send({ type: 'waiting', calls: [...calls.waiting] });
  };

  const join = async (): Promise<void> => {
    try {
      const joined = await joinTabGroup({
        ...connections(),
        key: clientKey(options),
        patience,
        openDesk: (send) => createOwnerDesk({ host: openHost(), send, onIdle: leaveIfIdle }),
        onOwner,
        onMessage,
        // Without an owner, models have not even been asked for.
        awaited: () => calls.waiting.length > 0 || (!calls.connected && models.size > 0),
      });
      group = joined;
      if (closed || sleep.asleep) await leave();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      alone = { host: openHost(), reason: `The model is not shared with other tabs: ${why}.` };
      takeRole('alone');
    }
  };
  const enter = async (): Promise<void> => {
    while (!closed && !alone && !group) {
      await sleep.awake();
      await (joining ??= join().finally(() => (joining = undefined)));
    }
    if (closed) throw closed;
  };
  /** @param use Has a model or a call when it returns, or the group would be left again. */
  const entered = async <T>(use: () => Promise<T>): Promise<T> => {
    let used: Promise<T>;
    entering++;
    try {
      await enter();
      used = use();
    } finally {
      entering--;
    }
    return used;
  };

  /** Who sleeps must not be the owner, and cannot tell a loss from a delay: whoever wakes up begins anew. */
  const sleep = watchPageSleep({
    onSleep: () => void leave(),
    onWake() {
      if (models.size + calls.waiting.length > 0) void enter().catch(() => {});
    },
  });

  return {
    get role() {
      return role;
    },
    async load(...given) {
      const load = () => (alone ? loadAlone(alone, given) : models.load(...given));
      return abortable(entered(load), given[2].signal);
    },
    async stats() {
      if (closed) return nothing(options.maxQueue);
      return entered(() => (alone ? alone.host.stats() : calls.call('stats', null)));
    },
    async close(reason) {
      if (closed) return;
      closed = reason;
      sleep.stop();
      calls.reject(reason);
      const guest = role === 'guest';
      const ended = models.close(reason);
      if (guest) await atMost(closePatienceMs, ended);
      await Promise.all([leave(), alone?.host.close(reason)]);
    },
  };
}

async function loadAlone(
  { host, reason }: { host: ModelHost; reason: string },
  [request, rules, { signal, onEvent }]: Parameters<ModelHost['load']>,
): Promise<ModelHandle> {
  const tell = onEvent && ((event: LoadEvent) => onEvent(eventWithReason(event, reason)));
  const handle = await host.load(request, rules, { signal, onEvent: tell });
  return { ...handle, plan: planWithReason(handle.plan, reason) };
}

function nothing(limit: number): HostStats {
  return { workers: [], models: [], bytes: 0, heap: 0, queue: { waiting: 0, running: 0, limit } };
}

async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([promise, new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}
