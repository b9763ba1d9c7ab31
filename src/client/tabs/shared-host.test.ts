import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { plan, refusal, requestOf, rules } from './fake-host.conformance.ts';
import {
  type TestOrigin,
  type TestTab,
  closing,
  createTestOrigin,
  outcomeOf,
  run,
  until,
} from './test-tabs.conformance.ts';

let origin: TestOrigin;
beforeEach(() => void (origin = createTestOrigin()));
afterEach(() => origin.end());

const roles = (tab: TestTab) => tab.events.map((event) => event.type === 'tab' && event.role);

describe('two tabs', () => {
  it('have one host and one copy, and both get results', async () => {
    const { owner, guest, ownerHandle, guestHandle, real } = await origin.createPair();
    expect(await run(ownerHandle, 'one')).toBe('one by a');
    expect(await run(guestHandle, 'two')).toBe('two by a');
    expect([owner.built.length, guest.built.length, real.loads.length]).toEqual([1, 0, 1]);
    expect([owner.host.role, guest.host.role]).toEqual(['owner', 'guest']);
    expect([roles(owner), roles(guest)]).toEqual([['owner'], ['guest']]);
  });

  it('are told by the plan whose workers they use', async () => {
    const { ownerHandle, guestHandle } = await origin.createPair();
    const reason = (whose: string) => `The model is shared by the tabs of this site, in a worker of ${whose} tab.`;
    expect(ownerHandle.plan).toEqual({ ...plan, reasons: [...plan.reasons, reason('this')] });
    expect(guestHandle.plan).toEqual({ ...plan, reasons: [...plan.reasons, reason('another')] });
  });

  it('of clients with other options have nothing to do with each other', async () => {
    const [one, other] = [origin.createTab(), origin.createTab({ client: { threads: 4 } })];
    await Promise.all([one.load(), other.load()]);
    expect([one.host.role, other.host.role]).toEqual(['owner', 'owner']);
  });

  it('have a copy each of what is not the same', async () => {
    const { owner, guest, real } = await origin.createPair();
    await guest.load('b');
    await owner.host.load(requestOf('a', { dtype: 'q4' }), rules, {});
    await owner.host.load(requestOf('a'), { ...rules, replicas: 2 }, {});
    expect(real.hosted).toEqual(['a', 'b', 'a', 'a']);
  });

  it('have a copy each of files of the disk, which nothing tells apart', async () => {
    const { owner, guest, real } = await origin.createPair();
    const disk = requestOf('a', {
      location: { kind: 'disk', reference: '1 file', files: [{ path: 'a', file: new File(['x'], 'a') }] },
    });
    await owner.host.load(disk, rules, {});
    const handle = await guest.host.load(disk, rules, {});
    expect(real.hosted).toEqual(['a', '1 file', '1 file']);
    expect(await run(handle, 'x')).toBe('x by 1 file');
  });

  it('read the same numbers of the client and of a model', async () => {
    const { owner, guest, guestHandle } = await origin.createPair();
    expect(await guest.host.stats()).toEqual(await owner.host.stats());
    expect(await guest.host.stats()).toMatchObject({ bytes: 7 });
    expect(await guestHandle.stats()).toEqual({ model: 'a' });
  });

  it('pass on options and priorities', async () => {
    const { guestHandle, real } = await origin.createPair();
    await guestHandle.run({ inputs: ['x'], options: { pooling: 'mean' }, priority: 'interactive' });
    expect(real.runs.at(-1)).toMatchObject({ inputs: ['x'], options: { pooling: 'mean' }, priority: 'interactive' });
    expect(real.runs.at(-1)!.abortable).toBe(false);
    await run(guestHandle, 'y', new AbortController().signal);
    expect(real.runs.at(-1)!.abortable).toBe(true);
  });
});

describe('the end of a model', () => {
  it('comes with the last who uses it', async () => {
    const { ownerHandle, guestHandle, real } = await origin.createPair();
    await ownerHandle.dispose();
    await expect(run(ownerHandle, 'x')).rejects.toMatchObject({ code: 'DISPOSED' });
    await expect(ownerHandle.stats()).rejects.toMatchObject({ code: 'DISPOSED' });
    expect(await run(guestHandle, 'x')).toBe('x by a');
    await guestHandle.dispose();
    await guestHandle.dispose();
    expect(real.hosted).toEqual([]);
  });

  it('comes with its last tab', async () => {
    const { guest, ownerHandle, real } = await origin.createPair();
    await guest.load('b');
    expect(real.hosted).toEqual(['a', 'b']);
    guest.crash();
    await until(() => !real.hosted.includes('b'));
    expect(await run(ownerHandle, 'x')).toBe('x by a');
  });

  it('rejects what this tab waits for, and nothing of another tab', async () => {
    const { ownerHandle, guestHandle, real } = await origin.createPair({ answersAtOnce: false });
    const [own, others] = [outcomeOf(run(ownerHandle, 'own')), run(guestHandle, 'other')];
    await until(() => real.runs.length === 2);
    await ownerHandle.dispose();
    expect(own.now).toBe('DISPOSED');
    const aborted = Object.fromEntries(real.runs.map(({ inputs, signal }) => [inputs[0], signal!.aborted]));
    expect(aborted).toEqual({ other: false, own: true });
    for (const each of real.runs) each.finish();
    expect(await others).toBe('other by a');
  });

  it('is that of the tab’s part too: a page without models holds no locks', async () => {
    const { ownerHandle, guestHandle } = await origin.createPair();
    expect(origin.heldLocks()).not.toEqual([]);
    await guestHandle.dispose();
    await ownerHandle.dispose();
    await until(() => origin.heldLocks().length === 0);
    expect(origin.openHosts()).toEqual([]);
  });

  it('is no end for others: an owner without models of its own serves on', async () => {
    const { owner, ownerHandle, guestHandle } = await origin.createPair();
    await ownerHandle.dispose();
    expect(await run(guestHandle, 'x')).toBe('x by a');
    expect(owner.host.role).toBe('owner');
    expect(origin.openHosts()).toHaveLength(1);
    const again = await owner.load();
    expect(await run(again, 'y')).toBe('y by a');
    expect(owner.built).toHaveLength(1);
  });
});

describe('close()', () => {
  it('of a guest rejects its calls with the reason, and leaves the others alone', async () => {
    const { guest, ownerHandle, guestHandle, real } = await origin.createPair({ answersAtOnce: false });
    await guest.load('b');
    const waiting = outcomeOf(run(guestHandle, 'x'));
    await until(() => real.runs.length === 1);
    await guest.host.close(closing);
    expect(waiting.now).toBe('DISPOSED');
    expect([real.runs[0]!.signal!.aborted, real.hosted, real.closed]).toEqual([true, ['a'], false]);
    await expect(run(guestHandle, 'y')).rejects.toMatchObject({ message: closing.message });
    await expect(guest.load()).rejects.toMatchObject({ message: closing.message });
    const others = run(ownerHandle, 'z');
    await until(() => real.runs.length === 2);
    real.runs[1]!.finish();
    expect(await others).toBe('z by a');
  });

  it('of the owner rejects its calls, and makes another tab the owner', async () => {
    const { owner, guest, ownerHandle, guestHandle, real } = await origin.createPair({ answersAtOnce: false });
    const waiting = outcomeOf(run(ownerHandle, 'x'));
    await until(() => real.runs.length === 1);
    await owner.host.close(closing);
    expect([waiting.now, real.closed]).toEqual(['DISPOSED', true]);
    const next = run(guestHandle, 'y');
    await until(() => guest.built[0]?.runs.length);
    guest.built[0]!.runs[0]!.finish();
    expect(await next).toBe('y by a');
    expect(roles(guest)).toEqual(['guest', 'owner']);
  });

  it('during a load rejects it, and takes part in nothing any more', async () => {
    const tab = origin.createTab({ loadsAtOnce: false });
    const load = outcomeOf(tab.load());
    await until(() => tab.built[0]?.loads.length);
    await tab.host.close(closing);
    expect(load.now).toBe('DISPOSED');
    expect(origin.heldLocks()).toEqual([]);
    expect(await tab.host.stats()).toMatchObject({ workers: [], models: [] });
    expect(origin.heldLocks()).toEqual([]);
  });

  it('before anything has begun, and while it begins, leaves nothing behind', async () => {
    const [idle, starting] = [origin.createTab(), origin.createTab()];
    await idle.host.close(closing);
    const load = outcomeOf(starting.load());
    await starting.host.close(closing);
    await until(() => load.now !== 'waits');
    expect(load.now).toBe('DISPOSED');
    await until(() => origin.heldLocks().length === 0);
    expect(origin.openHosts()).toEqual([]);
  });
});

describe('a call of a guest', () => {
  it('that is aborted rejects at once, and the owner’s host hears of it', async () => {
    const { guestHandle, real } = await origin.createPair({ answersAtOnce: false });
    const controller = new AbortController();
    const call = run(guestHandle, 'x', controller.signal);
    await until(() => real.runs.length === 1);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    await until(() => real.runs[0]!.signal!.aborted);
    await expect(run(guestHandle, 'y', AbortSignal.abort('before'))).rejects.toBe('before');
    expect(real.runs).toHaveLength(1);
  });

  it('fails with the code, hint and class that the application knows', async () => {
    const { guestHandle, real } = await origin.createPair({ answersAtOnce: false });
    const call = run(guestHandle, 'x').catch((error: unknown) => error);
    await until(() => real.runs.length === 1);
    real.runs[0]!.fail(refusal('QUEUE_FULL'));
    expect(await call).toBeInstanceOf(InsituError);
    expect(await call).toMatchObject({ code: 'QUEUE_FULL', hint: 'As the test wants it.' });
  });

  it('is what it was when it was made, whatever the caller does with the array', async () => {
    const { ownerHandle, guestHandle, real } = await origin.createPair({ answersAtOnce: false });
    const texts = ['one'];
    const calls = [run(ownerHandle, texts), run(guestHandle, texts)];
    texts[0] = 'other';
    await until(() => real.runs.length === 2);
    for (const each of real.runs) each.finish();
    expect(await Promise.all(calls)).toEqual(['one by a', 'one by a']);
  });

  it('with something that cannot be sent is refused', async () => {
    const { guestHandle, ownerHandle } = await origin.createPair();
    for (const handle of [guestHandle, ownerHandle]) {
      await expect(run(handle, () => {})).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  it.each(['messageerror', 'null'] as const)(
    'that cannot be read on the other side is refused alone: %s',
    async (how) => {
      const { guestHandle, real } = await origin.createPair({ answersAtOnce: false });
      const good = run(guestHandle, 'good');
      await until(() => real.runs.length === 1);
      origin.spoilNextMessage(how);
      const bad = run(guestHandle, 'bad');
      await expect(bad).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      real.runs[0]!.finish();
      expect(await good).toBe('good by a');
    },
  );
});
