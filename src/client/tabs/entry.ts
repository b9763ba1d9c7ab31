import { type SharedHost, type SharedHostParts, createSharedHost } from './shared-host.ts';
import type { TabConnections } from './tab-lines.ts';

/** What is silent for so long is taken for frozen, as in the store. */
const patienceMs = 20_000;

/** Hosts models for all tabs together, or where that cannot be, for this one. */
export function openSharedHost(parts: SharedHostParts): SharedHost {
  return createSharedHost(parts, { connections: browserConnections, patience: patienceMs });
}

function browserConnections(): TabConnections {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (!locks) throw new Error('this page has no Web Locks, which need a secure context (https:)');
  if (typeof BroadcastChannel === 'undefined') throw new Error('this browser has no BroadcastChannel');
  return { locks, openChannel: (name) => new BroadcastChannel(name) };
}
