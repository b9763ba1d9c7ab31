import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestOrigin, closing, createTestOrigin, outcomeOf, run, until } from './test-tabs.conformance.ts';

let origin: TestOrigin;
beforeEach(() => void (origin = createTestOrigin()));
afterEach(async () => {
  vi.useRealTimers();
  await origin.end();
});

describe('an owner that is frozen', () => {
  const patience = 160;

  it('loses its part to a tab that waits, and is a guest when it wakes up', async () => {
    const [owner, guest] = [origin.createTab({ answersAtOnce: false }), origin.createTab({ patience })];
    const ownHandle = await owner.load();
    const handle = await guest.load();
    const own = run(ownHandle, 'own');
    await until(() => owner.built[0]!.runs.length === 1);
    owner.freeze();
    const first = run(handle, 'guest');
    expect(await first).toBe('guest by a');
    expect(guest.host.role).toBe('owner');
    owner.thaw();
    // Its call is answered by the other.
    expect(await own).toBe('own by a');
    expect([owner.host.role, owner.built[0]!.closed, owner.built.length]).toEqual(['guest', true, 1]);
    expect(guest.built[0]!.loads).toHaveLength(1);
    expect(owner.events.map((event) => event.type === 'tab' && event.role)).toEqual(['owner', 'guest']);
  });

  it('loses it also to a tab that has just come, and has never heard of it', async () => {
    const [owner, late] = [origin.createTab(), origin.createTab({ patience })];
    const ownHandle = await owner.load();
    owner.freeze();
    expect(await run(await late.load(), 'x')).toBe('x by a');
    expect(late.host.role).toBe('owner');
    owner.thaw();
    expect(await run(ownHandle, 'y')).toBe('y by a');
    await until(() => owner.host.role === 'guest');
  });

  it('from the moment it became one is none when it wakes up, and what it waits for is answered', async () => {
    const [first, sleeper, other] = [
      origin.createTab(),
      origin.createTab({ patience }),
      origin.createTab({ patience }),
    ];
    await first.load();
    const handle = await sleeper.load();
    const otherHandle = await other.load();
    sleeper.freeze();
    first.crash();
    expect(await run(otherHandle, 'x')).toBe('x by a');
    expect(other.host.role).toBe('owner');
    const call = run(handle, 'y');
    sleeper.thaw();
    expect(await call).toBe('y by a');
    expect([sleeper.host.role, other.host.role]).toEqual(['guest', 'owner']);
    expect(origin.openHosts()).toEqual(other.built);
  });

  it('that welcomes somebody when it wakes up, before it knows, sends them away again', async () => {
    const [owner, other, late] = [origin.createTab(), origin.createTab({ patience }), origin.createTab()];
    await owner.load();
    const otherHandle = await other.load();
    owner.freeze();
    // Its hello is the first thing that the owner hears when it wakes up.
    const handle = late.load();
    expect(await run(otherHandle, 'x')).toBe('x by a');
    await handle;
    owner.thaw();
    await until(() => owner.host.role === 'guest');
    expect(await run(await handle, 'y')).toBe('y by a');
    expect(await run(await handle, 'z')).toBe('z by a');
    expect(origin.openHosts()).toEqual(other.built);
  });

  it('that answers late is not heard: each call is settled once, by the one who counts', async () => {
    const [owner, guest] = [
      origin.createTab({ answersAtOnce: false }),
      origin.createTab({ patience, answersAtOnce: false }),
    ];
    await owner.load();
    const handle = await guest.load();
    const call = outcomeOf(run(handle, 'x'));
    await until(() => owner.built[0]!.runs.length === 1);
    owner.freeze();
    await until(() => guest.built[0]?.runs.length);
    // What the owner of old had in hand is finished before it learns anything.
    owner.built[0]!.runs[0]!.finish('too late');
    owner.thaw();
    await until(() => owner.host.role === 'guest');
    expect(call.now).toBe('waits');
    guest.built[0]!.runs[0]!.finish();
    await until(() => call.now === 'x by a');
  });

  it('is left in peace by who waits for nothing', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const [owner, guest] = [origin.createTab(), origin.createTab({ patience })];
    await owner.load();
    const handle = await guest.load();
    owner.freeze();
    vi.advanceTimersByTime(10 * patience);
    expect([owner.host.role, guest.host.role]).toEqual(['owner', 'guest']);
    // The control: as soon as it waits, it has no more patience than that.
    const call = run(handle, 'x');
    vi.advanceTimersByTime(2 * patience);
    expect(await call).toBe('x by a');
    expect(guest.host.role).toBe('owner');
  });

  it('does not keep a guest from being closed', async () => {
    const [owner, guest] = [origin.createTab(), origin.createTab()];
    await owner.load();
    await guest.load();
    owner.freeze();
    await guest.host.close(closing);
    owner.thaw();
    await until(() => origin.heldLocks().length === 2);
  });
});
