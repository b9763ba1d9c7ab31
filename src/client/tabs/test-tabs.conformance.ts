import { vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { fromErrorRecord } from '../../protocol/reply.ts';
import { type CheckedClientOptions, checkClientOptions } from '../client-options.ts';
import type { ModelHandle } from '../models/model-host.ts';
import type { ClientEvent } from '../observe/client-event.ts';
import { type FakeHost, type FakeHostOptions, createFakeHost, requestOf, rules } from './fake-host.conformance.ts';
import { type FakeOrigin, type FakeTab, createFakeOrigin } from './fake-tabs.conformance.ts';
import { type SharedHost, createSharedHost } from './shared-host.ts';

/** A tab with a client. */
export interface TestTab extends FakeTab {
  host: SharedHost;
  /** What was built in it, as the owner or alone. */
  built: FakeHost[];
  events: ClientEvent[];
  load(name?: string, listening?: Parameters<SharedHost['load']>[2]): Promise<ModelHandle>;
}

export interface TestOrigin extends FakeOrigin {
  createTab(options?: TestTabOptions): TestTab;
  /** An owner and a guest of it, both with the model `a`. */
  createPair(options?: TestTabOptions): Promise<TestPair>;
  /** Hosts that were built in any tab, and are not closed. */
  openHosts(): FakeHost[];
  /** Ends what a test has left. */
  end(): Promise<void>;
}

export interface TestPair {
  owner: TestTab;
  guest: TestTab;
  ownerHandle: ModelHandle;
  guestHandle: ModelHandle;
  /** Where the models are. */
  real: FakeHost;
}

export interface TestTabOptions extends FakeHostOptions {
  client?: Partial<CheckedClientOptions>;
  patience?: number;
  /** The tab is about to look for the owner. */
  onConnect?(): void;
}

export const closing = new InsituError('DISPOSED', 'This client was closed.', { hint: 'As the test wants it.' });

export function createTestOrigin(): TestOrigin {
  // Node's channels reach every test of the process.
  const version = crypto.randomUUID();
  const origin = createFakeOrigin();
  const tabs = new Set<TestTab>();
  const createTab: TestOrigin['createTab'] = ({ client, patience = 60_000, onConnect, ...hostOptions } = {}) => {
    const fake = origin.openTab();
    const built: FakeHost[] = [];
    const events: ClientEvent[] = [];
    const host = createSharedHost(
      {
        options: { ...checkClientOptions({ shared: true }), assetBase: `https://${version}.example/`, ...client },
        openHost() {
          built.push(createFakeHost(hostOptions));
          return built.at(-1)!;
        },
        observe: (event) => events.push(event),
        toError: fromErrorRecord,
      },
      {
        connections() {
          onConnect?.();
          return fake.connections();
        },
        patience,
      },
    );
    const load: TestTab['load'] = (name = 'a', listening = {}) => host.load(requestOf(name), rules, listening);
    const crash = () => {
      tabs.delete(tab);
      fake.crash();
    };
    const tab: TestTab = { ...fake, crash, host, built, events, load };
    tabs.add(tab);
    return tab;
  };
  return {
    ...origin,
    createTab,
    async createPair(options) {
      const [owner, guest] = [createTab(options), createTab(options)];
      const ownerHandle = await owner.load();
      return { owner, guest, ownerHandle, guestHandle: await guest.load(), real: owner.built[0]! };
    },
    openHosts: () => [...tabs].flatMap(({ built }) => built).filter(({ closed }) => !closed),
    async end() {
      for (const tab of tabs) tab.thaw();
      await Promise.all([...tabs].map(({ host }) => host.close(closing)));
      for (const tab of tabs) tab.crash();
    },
  };
}

export const run = (handle: ModelHandle, input: unknown, signal?: AbortSignal) =>
  handle.run({ inputs: [input], options: {}, priority: 'normal', signal });

/** What became of a promise, or that nothing did yet. */
export function outcomeOf(promise: Promise<unknown>): { now: string } {
  const outcome = { now: 'waits' };
  promise.then(
    (value) => (outcome.now = String(value)),
    (error: { code?: string }) => (outcome.now = error.code ?? String(error)),
  );
  return outcome;
}

/** Waits until something is so. */
export const until = vi.waitUntil;
