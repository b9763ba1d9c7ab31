import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { progress, ready, refusal } from './fake-host.conformance.ts';
import { type TestOrigin, type TestTab, createTestOrigin, run, until } from './test-tabs.conformance.ts';

let origin: TestOrigin;
beforeEach(() => void (origin = createTestOrigin()));
afterEach(() => origin.end());

describe('a load in several tabs', () => {
  it('is one load, and all hear of it', async () => {
    const [one, two, three] = [1, 2, 3].map(() => origin.createTab({ loadsAtOnce: false })) as [
      TestTab,
      TestTab,
      TestTab,
    ];
    const heard: Record<string, (string | number)[]> = { one: [], two: [], three: [] };
    const listen = (name: string) => ({
      onEvent: (event: { status: string; loaded: number }) => heard[name]!.push(event.status, event.loaded),
    });
    const loads = [one.load('a', listen('one'))];
    await until(() => one.built[0]?.loads.length);
    const [load] = one.built[0]!.loads;
    load!.listening.onEvent!(progress(10));
    loads.push(two.load('a', listen('two')));
    // Who comes later hears what was told already.
    await until(() => heard['two']!.length > 0);
    load!.listening.onEvent!(progress(50));
    load!.finish();
    await Promise.all(loads);
    await three.load('a', listen('three'));
    expect(heard).toEqual({
      one: ['progress', 10, 'progress', 50, 'ready', 100],
      two: ['progress', 10, 'progress', 50, 'ready', 100],
      three: ['ready', 100],
    });
    expect(one.built[0]!.loads).toHaveLength(1);
  });

  it('tells those who come when it is done that it was in memory, and later that it is stored', async () => {
    const { guest, real } = await origin.createPair();
    const events: unknown[] = [];
    await guest.load('a', { onEvent: (event) => events.push(event) });
    expect(events).toEqual([{ ...ready, source: 'memory', plan: expect.objectContaining({ device: 'wasm' }) }]);
    real.loads[0]!.listening.onEvent!({ status: 'stored', loaded: 100, total: 100, progress: 1 });
    await until(() => events.length === 2);
  });

  it('fails for all of them, and is tried anew by the next', async () => {
    const { owner, guest, real } = await origin.createPair();
    const failing = refusal('MODEL_NOT_FOUND');
    real.loadsAtOnce = false;
    const failures = [owner, guest].map((tab) => tab.load('b').catch((error: unknown) => error));
    // Both are known to the owner when the guest is answered something else.
    await guest.host.stats();
    expect(real.loads).toHaveLength(2);
    real.loads[1]!.fail(failing);
    for (const failure of failures) {
      const error = await failure;
      expect(error).toBeInstanceOf(InsituError);
      expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', hint: 'As the test wants it.' });
    }
    const again = guest.load('b');
    await until(() => real.loads.length === 3);
    real.loads[2]!.finish();
    expect(await run(await again, 'x')).toBe('x by b');
  });

  it('goes on when one of them aborts, and stops when the last one does', async () => {
    const [one, two] = [origin.createTab({ loadsAtOnce: false }), origin.createTab({ loadsAtOnce: false })];
    const [first, second] = [new AbortController(), new AbortController()];
    const loads = [one.load('a', { signal: first.signal })];
    await until(() => one.built[0]?.loads.length);
    loads.push(two.load('a', { signal: second.signal }));
    await two.host.stats();
    first.abort('enough');
    await expect(loads[0]).rejects.toBe('enough');
    await two.host.stats();
    const { signal } = one.built[0]!.loads[0]!.listening;
    expect(signal!.aborted).toBe(false);
    second.abort('enough too');
    await expect(loads[1]).rejects.toBe('enough too');
    await until(() => signal!.aborted);
  });

  it('that was aborted before it began reaches nobody', async () => {
    const tab = origin.createTab();
    await expect(tab.load('a', { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    await until(() => origin.heldLocks().length === 0);
    expect(tab.built.flatMap(({ hosted }) => hosted)).toEqual([]);
  });
});
