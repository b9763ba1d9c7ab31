import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromErrorRecord } from '../../protocol/reply.ts';
import { checkClientOptions } from '../client-options.ts';
import type { ClientEvent } from '../observe/client-event.ts';
import { openSharedHost } from './entry.ts';
import { type FakeHost, createFakeHost, plan, refusal, requestOf, rules } from './fake-host.conformance.ts';
import { createFakeOrigin } from './fake-tabs.conformance.ts';
import { closing, run } from './test-tabs.conformance.ts';

afterEach(() => vi.unstubAllGlobals());

function open() {
  const built: FakeHost[] = [];
  const events: ClientEvent[] = [];
  const host = openSharedHost({
    options: { ...checkClientOptions({ shared: true }), assetBase: `https://${crypto.randomUUID()}.example/` },
    openHost() {
      built.push(createFakeHost());
      return built.at(-1)!;
    },
    observe: (event) => events.push(event),
    toError: fromErrorRecord,
  });
  return { host, built, events };
}

const refusing = (error: unknown) => ({ request: () => Promise.reject(error) });
const security = new DOMException('denied', 'SecurityError');

describe('where tabs cannot share', () => {
  it.each([
    ['has no Web Locks', undefined, undefined, 'this page has no Web Locks, which need a secure context (https:)'],
    ['refuses Web Locks', refusing(security), undefined, 'denied'],
    [
      'has no channels',
      createFakeOrigin().openTab().connections().locks,
      { BroadcastChannel: undefined },
      'this browser has no BroadcastChannel',
    ],
    [
      'refuses channels',
      createFakeOrigin().openTab().connections().locks,
      {
        BroadcastChannel: class {
          constructor() {
            throw security;
          }
        },
      },
      'denied',
    ],
  ])('because the browser %s, a tab has a host of its own, and the plan says why', async (_, locks, globals, why) => {
    vi.stubGlobal('navigator', { locks });
    for (const [name, value] of Object.entries(globals ?? {})) vi.stubGlobal(name, value);
    const { host, built, events } = open();
    const told: unknown[] = [];
    const handle = await host.load(requestOf('a'), rules, { onEvent: (event) => told.push(event) });
    const reasons = [...plan.reasons, `The model is not shared with other tabs: ${why}.`];
    expect(handle.plan).toEqual({ ...plan, reasons });
    expect(told).toMatchObject([{ status: 'ready', source: 'network', plan: { reasons } }]);
    expect(await run(handle, 'x')).toBe('x by a');
    expect(await host.stats()).toMatchObject({ bytes: 7 });
    await handle.dispose();
    expect(built.map(({ hosted }) => hosted)).toEqual([[]]);
    expect([host.role, events]).toEqual(['alone', [{ type: 'tab', role: 'alone' }]]);
    await host.close(closing);
    expect(built[0]!.closed).toBe(true);
    await expect(host.load(requestOf('a'), rules, {})).rejects.toBe(closing);
  });

  it('an abort reaches the host, and so does what it is refused for', async () => {
    vi.stubGlobal('navigator', {});
    const { host, built } = open();
    await (await host.load(requestOf('a'), rules, {})).dispose();
    built[0]!.loadsAtOnce = false;
    const controller = new AbortController();
    const loads = [1, 2].map(() => host.load(requestOf('b'), rules, { signal: controller.signal }));
    await vi.waitUntil(() => built[0]!.loads.length === 3);
    built[0]!.loads[1]!.fail(refusal('OFFLINE'));
    await expect(loads[0]).rejects.toMatchObject({ code: 'OFFLINE' });
    controller.abort('enough');
    await expect(loads[1]).rejects.toBe('enough');
    expect(built[0]!.loads[2]!.listening.signal!.aborted).toBe(true);
  });
});

it('where they can, they do', async () => {
  const origin = createFakeOrigin();
  vi.stubGlobal('navigator', { locks: origin.openTab().connections().locks });
  const { host } = open();
  await host.load(requestOf('a'), rules, {});
  expect(host.role).toBe('owner');
  expect(origin.heldLocks()).toHaveLength(2);
  await host.close(closing);
  expect(origin.heldLocks()).toEqual([]);
});
