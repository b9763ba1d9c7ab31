import { startHeartbeat } from '../workers/heartbeat.ts';
import type { OwnerDesk } from './owner-desk.ts';
import { type TabConnections, type TabLines, createTabLines, tabName } from './tab-lines.ts';
import type { Announcement, Letter, OwnerMessage, TabMessage } from './tab-messages.ts';
import { takeLock } from './take-lock.ts';

/** The way to the owner, which may be this tab. */
export interface OwnerLink {
  readonly own: boolean;
  /** @throws `DataCloneError` */
  send(message: TabMessage): void;
}

/** A tab's part in the tabs that share models. */
export interface TabGroup {
  /** Nobody needs this tab as the owner. */
  readonly idle: boolean;
  /** Takes no part any more; if it was the owner, another is, and its workers end. Resolves when their memory is free. */
  leave(): Promise<void>;
}

export interface TabGroupParts extends TabConnections {
  /** Tabs of the same key share. */
  key: string;
  /** Milliseconds that an owner may say nothing before it is taken for frozen and another takes its place. */
  patience: number;
  openDesk(send: (tab: string, message: OwnerMessage) => void): OwnerDesk;
  /** There is an owner, who knows nothing of this tab. */
  onOwner(link: OwnerLink): void;
  onMessage(message: OwnerMessage): void;
  /** Whether this tab waits for the owner. */
  awaited(): boolean;
}

interface Reign {
  desk: OwnerDesk;
  lines: TabLines;
  release(): void;
}

/**
 * Takes part in choosing an owner. Whoever holds a certain Web Lock is it; the others stand in line for the lock, which falls with its
 * tab. A SharedWorker could not be it: it has no workers, no threads and no `terminate()` in most browsers.
 *
 * @throws `DOMException` where the browser has no locks or channels for this page.
 */
export async function joinTabGroup(parts: TabGroupParts): Promise<TabGroup> {
  const { key, locks, openChannel, patience, openDesk, onOwner, onMessage, awaited } = parts;
  const ownerLock = `insitu owner ${key}`;
  const tab = crypto.randomUUID();
  const common = openChannel(`insitu tabs ${key}`);
  const own = openChannel(tabName(tab));
  const closeChannels = () => {
    common.close();
    own.close();
  };
  // Before anybody hears of this tab: without its lock it would be taken for gone.
  const releaseTab = await takeLock(locks, tabName(tab)).catch((error: unknown) => {
    closeChannels();
    throw error;
  });

  /** Name of the connection to the present owner, where known. */
  let line: string | undefined;
  let reign: Reign | undefined;
  let standing = new AbortController();
  let left = false;

  const announce = (announcement: Announcement) => common.postMessage(announcement);
  const sayHello = () => announce({ type: 'hello', tab });
  const write = (to: string, message: TabMessage) => {
    const letter: Letter<TabMessage> = { line: to, message };
    own.postMessage(letter);
  };
  const follow = (next: string) => {
    if (line) write(line, { type: 'bye' });
    line = next;
  };

  common.addEventListener('message', ({ data }: MessageEvent<Announcement>) => {
    if (data.type === 'hello') reign?.lines.greet(data.tab);
    else if (!reign) sayHello();
  });
  own.addEventListener('message', ({ data: { line: from, message } }: MessageEvent<Letter<OwnerMessage>>) => {
    // What an owner of old still says does not count.
    if (reign) return;
    if (message.type === 'welcome' && from !== line) {
      follow(from);
      onOwner({ own: false, send: (each) => write(from, each) });
    }
    if (from !== line) return;
    heartbeat.sign();
    onMessage(message);
  });

  const rule = (release: () => void) => {
    if (left) return release();
    const name = crypto.randomUUID();
    follow(name);
    const lines = createTabLines({
      locks,
      openChannel,
      onMessage: (from, message) => desk.receive(from, message),
      onGone: (gone) => desk.forget(gone),
    });
    const hear = (message: OwnerMessage) => line === name && !left && onMessage(message);
    const desk = openDesk((to, message) => {
      if (to === tab) queueMicrotask(() => hear(message));
      else lines.send(to, message);
    });
    reign = { desk, lines, release };
    onOwner({ own: true, send: (message) => queueMicrotask(() => desk.receive(tab, message)) });
    announce({ type: 'roll-call' });
  };

  const stepDown = async (): Promise<void> => {
    if (!reign) return;
    const { desk, lines, release } = reign;
    reign = undefined;
    line = undefined;
    lines.close();
    release();
    await desk.close();
  };

  const stand = (steal: boolean) => {
    standing.abort();
    standing = new AbortController();
    const onStolen = () => {
      void stepDown();
      if (left) return;
      stand(false);
      // Some may have taken this tab for the owner meanwhile.
      announce({ type: 'roll-call' });
      sayHello();
    };
    takeLock(locks, ownerLock, { signal: standing.signal, steal, onStolen }).then(rule, () => {});
  };

  const heartbeat = startHeartbeat({
    timeout: patience,
    awaited: () => !reign && awaited(),
    ping: sayHello,
    silent() {
      heartbeat.sign();
      stand(true);
    },
  });
  stand(false);
  sayHello();

  return {
    get idle() {
      return reign?.desk.idle ?? true;
    },
    async leave() {
      if (left) return;
      left = true;
      heartbeat.stop();
      standing.abort();
      if (line && !reign) write(line, { type: 'bye' });
      const down = stepDown();
      releaseTab();
      closeChannels();
      await down;
    },
  };
}
