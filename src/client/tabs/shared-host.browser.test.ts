import { afterEach, expect, it } from 'vitest';
import { fromErrorRecord } from '../../protocol/reply.ts';
import { checkClientOptions } from '../client-options.ts';
import { createFakeHost, requestOf, rules } from './fake-host.conformance.ts';
import { type SharedHost, createSharedHost } from './shared-host.ts';
import { closing, run, until } from './test-tabs.conformance.ts';

/** A tab waits so long for an owner that says nothing. */
const patience = 400;
const hosts: SharedHost[] = [];
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close(closing))));

/** A tab's host over the locks and channels of the browser. */
function open(version: string): SharedHost {
  const host = createSharedHost(
    {
      options: { ...checkClientOptions({ shared: true }), assetBase: `https://${version}.example/` },
      openHost: () => createFakeHost(),
      observe: () => {},
      toError: fromErrorRecord,
    },
    {
      connections: () => ({ locks: navigator.locks, openChannel: (name) => new BroadcastChannel(name) }),
      patience,
    },
  );
  hosts.push(host);
  return host;
}

const load = (host: SharedHost) => host.load(requestOf('a'), rules, {});

async function ownerLock(version: string): Promise<string> {
  const { held = [] } = await navigator.locks.query();
  return held.map(({ name = '' }) => name).find((name) => name.startsWith('insitu owner') && name.includes(version))!;
}

it('two tabs share by the browser’s locks and channels, and the next takes over', async () => {
  const version = crypto.randomUUID();
  const [owner, guest] = [open(version), open(version)];
  await load(owner);
  const handle = await load(guest);
  expect([owner.role, guest.role]).toEqual(['owner', 'guest']);
  expect(await run(handle, 'one')).toBe('one by a');
  await owner.close(closing);
  expect(await run(handle, 'two')).toBe('two by a');
  expect(guest.role).toBe('owner');
});

it('a lock whose holder says nothing is taken from it', async () => {
  const version = crypto.randomUUID();
  const first = open(version);
  await load(first);
  const name = await ownerLock(version);
  await first.close(closing);
  const frozen = navigator.locks.request(name, () => new Promise(() => {})).catch((error: Error) => error.name);
  const host = open(version);
  expect(await run(await load(host), 'one')).toBe('one by a');
  expect(host.role).toBe('owner');
  expect(await frozen).toBe('AbortError');
});

it('an owner whose lock is taken is a guest, and the owner again when nobody is', async () => {
  const version = crypto.randomUUID();
  const host = open(version);
  const handle = await load(host);
  const other = open(version);
  const name = await ownerLock(version);
  let release = () => {};
  let robbed: Promise<unknown> = Promise.resolve();
  await new Promise<void>((granted) => {
    const hold = () => {
      granted();
      return new Promise<void>((resolve) => (release = resolve));
    };
    robbed = navigator.locks.request(name, { steal: true }, hold);
  });
  // Nobody answers while it is held; then the first in line is the owner.
  const loading = load(other);
  const call = run(handle, 'one');
  release();
  await robbed;
  expect(await call).toBe('one by a');
  expect(await run(await loading, 'two')).toBe('two by a');
  await until(() => new Set([host.role, other.role]).size === 2);
});
