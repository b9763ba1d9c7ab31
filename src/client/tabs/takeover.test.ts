import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadEvent } from '../../protocol/load-event.ts';
import { progress, refusal } from './fake-host.conformance.ts';
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

/** How an owner can end, without and with a word. */
const ends: [string, (owner: TestTab) => unknown][] = [
  ['crashes', (owner) => owner.crash()],
  ['is closed', (owner) => owner.host.close(closing)],
];

describe.each(ends)('when the owner %s', (_, end) => {
  it('during a load, another loads, and the sums that its tab hears never go backwards', async () => {
    const [owner, guest] = [origin.createTab({ loadsAtOnce: false }), origin.createTab({ loadsAtOnce: false })];
    owner.load().catch(() => {});
    await until(() => owner.built[0]?.loads.length);
    const events: LoadEvent[] = [];
    const load = guest.load('a', { onEvent: (event) => events.push(event) });
    const tell = (tab: TestTab, loaded: number) => tab.built[0]!.loads[0]!.listening.onEvent!(progress(loaded));
    await guest.host.stats();
    tell(owner, 60);
    await until(() => events.length === 1);
    await end(owner);
    await until(() => guest.built[0]?.loads.length);
    tell(guest, 10);
    tell(guest, 80);
    guest.built[0]!.loads[0]!.finish();
    expect(await run(await load, 'x')).toBe('x by a');
    expect(events.map(({ loaded }) => loaded)).toEqual([60, 60, 80, 100]);
    expect(guest.host.role).toBe('owner');
  });

  it('during runs and while others wait, all of them are answered by another, in their order', async () => {
    const [owner, guest, other] = [1, 2, 3].map(() => origin.createTab({ answersAtOnce: false })) as [
      TestTab,
      TestTab,
      TestTab,
    ];
    await owner.load();
    const handles = [await guest.load(), await guest.load('b'), await other.load()];
    const calls = handles.flatMap((handle, at) => [1, 2, 3].map((turn) => run(handle, `${at}.${turn}`)));
    await until(() => owner.built[0]!.runs.length === 9);
    await end(owner);
    const { built } = guest;
    await until(() => built[0]?.runs.length === 9);
    const order = (at: number) =>
      built[0]!.runs.map(({ inputs }) => String(inputs[0])).filter((x) => x.startsWith(`${at}`));
    for (const at of [0, 1, 2]) expect(order(at)).toEqual([1, 2, 3].map((turn) => `${at}.${turn}`));
    for (const each of built[0]!.runs) each.finish();
    expect(await Promise.all(calls)).toEqual(
      ['a', 'b', 'a'].flatMap((model, at) => [1, 2, 3].map((turn) => `${at}.${turn} by ${model}`)),
    );
    // One copy for both tabs again, and nobody else has any.
    expect(built[0]!.loads).toHaveLength(2);
    expect([guest.host.role, other.host.role]).toEqual(['owner', 'guest']);
  });

  it('handles are valid, also those without calls', async () => {
    const [owner, guest] = [origin.createTab(), origin.createTab()];
    await owner.load();
    const handle = await guest.load();
    await end(owner);
    await until(() => guest.built[0]?.hosted.length === 1);
    expect(await run(handle, 'x')).toBe('x by a');
    expect(await handle.stats()).toEqual({ model: 'a' });
    await handle.dispose();
    await until(() => origin.heldLocks().length === 0);
  });

  it('a model that was disposed of meanwhile is gone, and is not loaded again', async () => {
    const [owner, guest] = [origin.createTab(), origin.createTab()];
    await owner.load();
    const [kept, gone] = [await guest.load('kept'), await guest.load('gone')];
    owner.freeze();
    const disposal = gone.dispose();
    owner.thaw();
    await end(owner);
    await disposal;
    expect(await run(kept, 'x')).toBe('x by kept');
    expect(guest.built[0]!.loads.map(({ request }) => request.location.reference)).toEqual(['kept']);
  });

  it('an aborted call is not sent again', async () => {
    const [owner, guest] = [origin.createTab({ answersAtOnce: false }), origin.createTab({ answersAtOnce: false })];
    await owner.load();
    const handle = await guest.load();
    const controller = new AbortController();
    const aborted = run(handle, 'aborted', controller.signal);
    const other = run(handle, 'other');
    await until(() => owner.built[0]!.runs.length === 2);
    owner.freeze();
    controller.abort('enough');
    await expect(aborted).rejects.toBe('enough');
    owner.thaw();
    await end(owner);
    await until(() => guest.built[0]?.runs.length);
    guest.built[0]!.runs[0]!.finish();
    expect(await other).toBe('other by a');
    expect(guest.built[0]!.runs).toHaveLength(1);
  });
});

describe('what cannot be loaded again by the next owner', () => {
  it('rejects the calls that wait for it with the reason, and the next call tries once more', async () => {
    const [owner, guest] = [origin.createTab({ answersAtOnce: false }), origin.createTab({ loadsAtOnce: false })];
    await owner.load();
    const handle = await guest.load();
    const call = run(handle, 'x').catch((error: unknown) => error);
    await until(() => owner.built[0]!.runs.length === 1);
    owner.crash();
    await until(() => guest.built[0]?.loads.length);
    guest.built[0]!.loads[0]!.fail(refusal('OFFLINE'));
    expect(await call).toMatchObject({ code: 'OFFLINE' });
    const again = run(handle, 'y');
    await until(() => guest.built[0]!.loads.length === 2);
    guest.built[0]!.loads[1]!.finish();
    expect(await again).toBe('y by a');
  });
});

describe('calls that an earlier owner had accepted', () => {
  const createRefused = async () => {
    const options = { answersAtOnce: false };
    const [owner, guest] = [origin.createTab(options), origin.createTab(options)];
    await owner.load();
    const handle = await guest.load();
    const calls = ['x', 'y'].map((input) => run(handle, input));
    await until(() => owner.built[0]!.runs.length === 2);
    owner.crash();
    await until(() => guest.built[0]?.runs.length === 2);
    return { handle, calls, runs: guest.built[0]!.runs };
  };

  it('wait where the queue is full, and others are refused', async () => {
    const { handle, calls, runs } = await createRefused();
    runs[1]!.fail(refusal('QUEUE_FULL'));
    const fresh = run(handle, 'z').catch((error: unknown) => error);
    await until(() => runs.length === 3);
    runs[2]!.fail(refusal('QUEUE_FULL'));
    expect(await fresh).toMatchObject({ code: 'QUEUE_FULL' });
    // A refusal is a settled call too: the one that waits has tried again, in vain.
    await until(() => runs.length === 4);
    runs[3]!.fail(refusal('QUEUE_FULL'));
    runs[0]!.finish();
    await until(() => runs.length === 5);
    runs[4]!.finish();
    expect(await Promise.all(calls)).toEqual(['x by a', 'y by a']);
  });

  it('are refused where nothing runs whose end could make room', async () => {
    const { calls, runs } = await createRefused();
    const outcomes = calls.map(outcomeOf);
    for (const each of runs) each.fail(refusal('QUEUE_FULL'));
    await until(() => runs.length === 3);
    runs[2]!.fail(refusal('QUEUE_FULL'));
    await until(() => outcomes.every(({ now }) => now === 'QUEUE_FULL'));
  });
});

describe('any sequence of tabs that come and go', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8].map(() => Math.floor(Math.random() * 2 ** 32)))('seed %i', async (seed) => {
    const random = createRandom(seed);
    const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
    let tabs: TestTab[] = [];
    const ends = new Map<TestTab, { end: () => void; ended: Promise<string> }>();
    const open = () => {
      let end = () => {};
      const ended = new Promise<string>((resolve) => (end = () => resolve('its tab is gone')));
      const tab = origin.createTab();
      ends.set(tab, { end, ended });
      tabs.push(tab);
    };
    const answers: Promise<string>[] = [];
    for (let round = 0; round < 30; round++) {
      if (tabs.length < 2 || (tabs.length < 5 && random() < 0.5)) open();
      const tab = pick(tabs);
      const name = pick(['a', 'b']);
      const answer = async () => {
        const right = (await run(await tab.load(name), round)) === `${round} by ${name}`;
        return right ? 'right' : 'wrong';
      };
      const { ended } = ends.get(tab)!;
      answers.push(
        Promise.race([ended, answer().catch((error: unknown) => (tabs.includes(tab) ? String(error) : ended))]),
      );
      if (random() < 0.5) await answers.at(-1);
      if (random() < 0.4) {
        const leaving = pick(tabs);
        tabs = tabs.filter((each) => each !== leaving);
        ends.get(leaving)!.end();
        if (random() < 0.5) leaving.crash();
        else void leaving.host.close(closing);
      }
    }
    expect(await Promise.all(answers)).not.toContainEqual(expect.not.stringMatching(/^(right|its tab is gone)$/));
    await until(() => origin.openHosts().length <= 1);
  });
});

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
