import type { TabConnections } from './tab-lines.ts';

/** A tab that can crash and freeze. */
export interface FakeTab {
  connections(): TabConnections;
  /** It is gone, without a word. */
  crash(): void;
  /** Nothing in it runs any more. Its locks stay. */
  freeze(): void;
  /** What has come meanwhile happens now, in its order. */
  thaw(): void;
}

/** The tabs of one origin: the locks are made up, the channels are those of Node. */
export interface FakeOrigin {
  openTab(): FakeTab;
  /** Names of the locks that are held now. */
  heldLocks(): string[];
  /** Makes the next message between two tabs unreadable, as the standard says, or as Chromium does it. */
  spoilNextMessage(how: 'messageerror' | 'null'): void;
}

interface Request {
  tab: Tab;
  name: string;
  shared: boolean;
  callback: () => unknown;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

interface Tab extends FakeTab {
  gone: boolean;
  /** Does something in the tab, when it is not frozen. */
  enter(job: () => void): void;
}

export function createFakeOrigin(): FakeOrigin {
  let held: Request[] = [];
  let queue: Request[] = [];
  let spoiled: 'messageerror' | 'null' | undefined;

  const drop = (request: Request) => {
    held = held.filter((each) => each !== request);
    queue = queue.filter((each) => each !== request);
    grantNext();
  };
  const grant = (request: Request) => {
    queue = queue.filter((each) => each !== request);
    held.push(request);
    request.tab.enter(async () => {
      try {
        request.resolve(await request.callback());
      } catch (error) {
        request.reject(error);
      }
      drop(request);
    });
  };
  /** In line: a request waits for those before it. */
  const isFree = (request: Request, at: number) =>
    [...held, ...queue.slice(0, at)].every(({ name, shared }) => name !== request.name || (shared && request.shared));
  const grantNext = () => {
    for (let next = queue.find(isFree); next; next = queue.find(isFree)) grant(next);
  };

  const locksOf = (tab: Tab): LockManager => {
    const request = (name: string, ...rest: unknown[]) => {
      const callback = rest.at(-1) as () => unknown;
      const options = (rest.length > 1 ? rest[0] : {}) as LockOptions;
      if (options.steal && options.signal) throw new TypeError('steal and signal');
      return new Promise((resolve, reject) => {
        const made: Request = { tab, name, shared: options.mode === 'shared', callback, resolve, reject };
        if (options.signal?.aborted) return reject(options.signal.reason);
        options.signal?.addEventListener('abort', () => {
          if (!queue.includes(made)) return;
          drop(made);
          reject(options.signal!.reason);
        });
        if (options.steal) {
          const robbed = held.filter((each) => each.name === name);
          held = held.filter((each) => !robbed.includes(each));
          for (const each of robbed) each.tab.enter(() => each.reject(new DOMException('stolen', 'AbortError')));
          queue.unshift(made);
        } else {
          queue.push(made);
        }
        grantNext();
      });
    };
    return { request, query: () => Promise.reject(new Error('not faked')) } as unknown as LockManager;
  };

  return {
    openTab() {
      const channels = new Set<BroadcastChannel>();
      let frozen: (() => void)[] | undefined;
      const tab: Tab = {
        gone: false,
        enter(job) {
          if (tab.gone) return;
          if (frozen) frozen.push(job);
          else job();
        },
        connections: () => ({
          locks: locksOf(tab),
          openChannel(name) {
            const channel = openChannel(name, tab, () => {
              const how = name.startsWith('insitu tab ') ? spoiled : undefined;
              if (how) spoiled = undefined;
              return how;
            });
            channels.add(channel);
            return channel;
          },
        }),
        crash() {
          tab.gone = true;
          for (const channel of channels) channel.close();
          for (const request of [...held, ...queue]) if (request.tab === tab) drop(request);
        },
        freeze() {
          frozen ??= [];
        },
        thaw() {
          const jobs = frozen ?? [];
          frozen = undefined;
          for (const job of jobs) job();
        },
      };
      return tab;
    },
    heldLocks: () => held.map(({ name }) => name),
    spoilNextMessage(how) {
      spoiled = how;
    },
  };
}

/** A channel of Node, whose messages reach a tab only while it runs. */
function openChannel(name: string, tab: Tab, spoils: () => 'messageerror' | 'null' | undefined): BroadcastChannel {
  const channel = new BroadcastChannel(name);
  let closed = false;
  const listen = (type: string, listener: (event: MessageEvent) => void) => {
    if (type !== 'message') return channel.addEventListener(type, listener as EventListener);
    channel.addEventListener('message', (event) => {
      const { data } = event as MessageEvent;
      const how = spoils();
      tab.enter(() => {
        if (closed) return;
        if (how === 'messageerror') channel.dispatchEvent(new Event(how));
        else listener(new MessageEvent('message', { data: how ? null : (data as unknown) }));
      });
    });
  };
  return {
    addEventListener: listen,
    postMessage: (message: unknown) => closed || tab.gone || channel.postMessage(message),
    close() {
      closed = true;
      channel.close();
    },
  } as unknown as BroadcastChannel;
}
