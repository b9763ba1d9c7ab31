import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFakeOrigin } from './fake-tabs.conformance.ts';
import { type TabConnections, type TabLines, createTabLines, tabName } from './tab-lines.ts';
import type { Letter, OwnerMessage, TabMessage } from './tab-messages.ts';
import { until } from './test-tabs.conformance.ts';

let owner: TabConnections;
let guest: TabConnections;
let lines: TabLines;
let channel: BroadcastChannel;
let tab: string;
let letters: Letter<OwnerMessage>[];
const onMessage = vi.fn<(tab: string, message: TabMessage) => void>();
const onGone = vi.fn<(tab: string) => void>();

beforeEach(() => {
  vi.resetAllMocks();
  const origin = createFakeOrigin();
  owner = origin.openTab().connections();
  guest = origin.openTab().connections();
  lines = createTabLines({ ...owner, onMessage, onGone });
  tab = crypto.randomUUID();
  letters = [];
  // The tab lives, or it would be taken for gone.
  void guest.locks.request(tabName(tab), () => new Promise(() => {}));
  channel = guest.openChannel(tabName(tab));
  channel.addEventListener('message', ({ data }: MessageEvent<Letter<OwnerMessage>>) => letters.push(data));
});
afterEach(() => {
  lines.close();
  channel.close();
});

const write = (line: string, message: TabMessage) => channel.postMessage({ line, message });
const abortOf = (call: number): TabMessage => ({ type: 'abort', call });

/** Greets the tab, and gives the name of the line. */
async function greet(): Promise<string> {
  const before = letters.length;
  lines.greet(tab);
  await until(() => letters.length > before);
  expect(letters.at(-1)!.message).toEqual({ type: 'welcome' });
  return letters.at(-1)!.line;
}

it('a tab that is greeted again is on the line that it had', async () => {
  const line = await greet();
  expect(await greet()).toBe(line);
  write(line, abortOf(1));
  await until(() => onMessage.mock.calls.length > 0);
  expect(onMessage.mock.calls).toEqual([[tab, abortOf(1)]]);
});

it('a tab that comes back after its bye is on another line, and what it said on the old one does not count', async () => {
  const old = await greet();
  write(old, { type: 'bye' });
  await until(() => onGone.mock.calls.length > 0);
  const line = await greet();
  expect(line).not.toBe(old);
  // As when the bye was slower than the hello after it.
  write(old, { type: 'bye' });
  write(old, abortOf(1));
  write(line, abortOf(2));
  await until(() => onMessage.mock.calls.length > 0);
  expect(onMessage.mock.calls).toEqual([[tab, abortOf(2)]]);
  expect(onGone.mock.calls).toEqual([[tab]]);
});

it('a tab whose lock is free is gone, once', async () => {
  tab = crypto.randomUUID();
  lines.greet(tab);
  await until(() => onGone.mock.calls.length > 0);
  expect(onGone.mock.calls).toEqual([[tab]]);
});

it('a tab whose lock is free is gone also for an owner after one that is frozen, which waits for it too', async () => {
  const origin = createFakeOrigin();
  const [frozen, living, gone] = [origin.openTab(), origin.openTab(), origin.openTab()];
  void gone.connections().locks.request(tabName(tab), () => new Promise(() => {}));
  const former = createTabLines({ ...frozen.connections(), onMessage, onGone: () => {} });
  const present = createTabLines({ ...living.connections(), onMessage, onGone });
  for (const each of [former, present]) each.greet(tab);
  frozen.freeze();
  gone.crash();
  await until(() => onGone.mock.calls.length > 0);
  expect(onGone.mock.calls).toEqual([[tab]]);
  for (const each of [former, present]) each.close();
});

it('who is not greeted is neither heard nor told anything', async () => {
  lines.send(tab, { type: 'unread' });
  write('none', abortOf(1));
  const line = await greet();
  write(line, abortOf(2));
  await until(() => onMessage.mock.calls.length > 0);
  expect(onMessage.mock.calls).toEqual([[tab, abortOf(2)]]);
  expect(letters).toHaveLength(1);
});
