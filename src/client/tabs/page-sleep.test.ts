import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestOrigin, closing, createTestOrigin, outcomeOf, run, until } from './test-tabs.conformance.ts';

let origin: TestOrigin;
beforeEach(() => void (origin = createTestOrigin()));
afterEach(async () => {
  vi.unstubAllGlobals();
  await origin.end();
});

/** A tab whose page is told that it is put away, and that it is back. */
function createSleeper(options: Parameters<TestOrigin['createTab']>[0] = {}) {
  const [page, document] = [new EventTarget(), new EventTarget()];
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('document', document);
  const tab = origin.createTab(options);
  vi.unstubAllGlobals();
  return {
    tab,
    sleep: {
      pagehide: () => page.dispatchEvent(new Event('pagehide')),
      freeze: () => document.dispatchEvent(new Event('freeze')),
    },
    wake: {
      pagehide: () => page.dispatchEvent(new Event('pageshow')),
      freeze: () => document.dispatchEvent(new Event('resume')),
    },
  };
}

describe.each(['pagehide', 'freeze'] as const)('a page that is put away: %s', (how) => {
  it('is the owner no more, and has neither locks nor workers', async () => {
    const { tab, sleep } = createSleeper();
    await tab.load();
    sleep[how]();
    await until(() => origin.heldLocks().length === 0);
    expect(tab.built[0]!.closed).toBe(true);
  });

  it('comes back as a guest, with its models, and the calls that it had are answered', async () => {
    const { tab, sleep, wake } = createSleeper({ answersAtOnce: false });
    const guest = origin.createTab();
    const handle = await tab.load();
    await guest.load();
    const call = run(handle, 'x');
    await until(() => tab.built[0]!.runs.length === 1);
    sleep[how]();
    await until(() => guest.host.role === 'owner');
    wake[how]();
    expect(await call).toBe('x by a');
    expect(tab.host.role).toBe('guest');
    expect(tab.built).toHaveLength(1);
    expect(guest.built[0]!.loads).toHaveLength(1);
  });

  it('as a guest, uses nothing while it is away', async () => {
    const owner = origin.createTab();
    await owner.load();
    const { tab, sleep, wake } = createSleeper();
    const handle = await tab.load('b');
    sleep[how]();
    await until(() => !owner.built[0]!.hosted.includes('b'));
    expect(origin.heldLocks()).toHaveLength(2);
    wake[how]();
    expect(await run(handle, 'x')).toBe('x by b');
  });

  it('waits with a load until it is back', async () => {
    const { tab, sleep, wake } = createSleeper();
    sleep[how]();
    const load = tab.load();
    const outcome = outcomeOf(load);
    await new Promise((resolve) => setImmediate(resolve));
    expect([outcome.now, origin.heldLocks()]).toEqual(['waits', []]);
    wake[how]();
    expect(await run(await load, 'x')).toBe('x by a');
  });

  it('while it looks for the owner, looks again when it is back', async () => {
    let times = 0;
    const sleeper = createSleeper({ onConnect: () => ++times === 1 && sleeper.sleep[how]() });
    const load = sleeper.tab.load();
    await until(() => times === 1 && origin.heldLocks().length === 0);
    sleeper.wake[how]();
    expect(await run(await load, 'x')).toBe('x by a');
    expect(times).toBe(2);
  });

  it('that has nothing does nothing when it is back', async () => {
    const { tab, sleep, wake } = createSleeper();
    await (await tab.load()).dispose();
    sleep[how]();
    wake[how]();
    await new Promise((resolve) => setImmediate(resolve));
    expect(origin.heldLocks()).toEqual([]);
  });

  it('is not watched any more when the client is closed', async () => {
    const { tab, sleep, wake } = createSleeper();
    const load = tab.load().catch(() => {});
    await tab.host.close(closing);
    await load;
    sleep[how]();
    wake[how]();
    await new Promise((resolve) => setImmediate(resolve));
    expect(origin.heldLocks()).toEqual([]);
  });
});
