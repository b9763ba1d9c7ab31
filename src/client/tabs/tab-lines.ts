import type { Letter, OwnerMessage, TabMessage } from './tab-messages.ts';

/** What makes tabs know of each other. */
export interface TabConnections {
  locks: LockManager;
  openChannel(name: string): BroadcastChannel;
}

/** Held by a tab for as long as it takes part. */
export const tabName = (tab: string): string => `insitu tab ${tab}`;

/** The owner's channels to the other tabs, one for each, so that a message is read by nobody else. */
export interface TabLines {
  /** Answers a tab's hello. */
  greet(tab: string): void;
  /** Does nothing for a tab that is gone. */
  send(tab: string, message: OwnerMessage): void;
  close(): void;
}

export interface TabLinesParts extends TabConnections {
  onMessage(tab: string, message: TabMessage): void;
  /** The tab was closed, crashed, or needs this owner no more. */
  onGone(tab: string): void;
}

interface Line {
  name: string;
  channel: BroadcastChannel;
  watch: AbortController;
}

export function createTabLines({ locks, openChannel, onMessage, onGone }: TabLinesParts): TabLines {
  const lines = new Map<string, Line>();

  const hangUp = (tab: string, { channel, watch }: Line) => {
    lines.delete(tab);
    channel.close();
    watch.abort();
  };

  const open = (tab: string): Line => {
    const line: Line = { name: crypto.randomUUID(), channel: openChannel(tabName(tab)), watch: new AbortController() };
    const end = () => {
      if (lines.get(tab) !== line) return;
      hangUp(tab, line);
      onGone(tab);
    };
    const unread = () => send(tab, { type: 'unread' });
    line.channel.addEventListener('message', ({ data }: MessageEvent<Letter<TabMessage> | null>) => {
      // What Chromium makes of shared memory.
      if (data === null) return unread();
      if (data.line !== line.name) return;
      if (data.message.type === 'bye') end();
      else onMessage(tab, data.message);
    });
    line.channel.addEventListener('messageerror', unread);
    lines.set(tab, line);
    // Shared: a frozen tab that was the owner before may wait for it too, and would keep it.
    const watching = { mode: 'shared', signal: line.watch.signal } as const;
    locks.request(tabName(tab), watching, end).catch(() => {});
    return line;
  };

  const send = (tab: string, message: OwnerMessage) => {
    const line = lines.get(tab);
    if (!line) return;
    const letter: Letter<OwnerMessage> = { line: line.name, message };
    line.channel.postMessage(letter);
  };

  return {
    greet(tab) {
      if (!lines.has(tab)) open(tab);
      send(tab, { type: 'welcome' });
    },
    send,
    close() {
      for (const [tab, line] of lines) hangUp(tab, line);
    },
  };
}
