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

describe('any sequence of tabs that come and go', () => {
  it.each([3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945,3215692945])('seed %i', async (seed) => {
    const random = createRandom(seed);
    const log: string[] = [];
    const states = new Map<number,string>();
    const dump = setTimeout(() => {
      console.log('DUMP', origin.heldLocks().map((n)=>n.slice(0,18)).join('|'), [...ends.keys()].map((t) => [(t as any).id, tabs.includes(t), t.host.role, t.built.map((b) => [b.closed, b.hosted.join('+'), b.loads.length, b.runs.length].join('/')), (t.host as any).dbg?.()]).map((x) => JSON.stringify(x)).join('\n'), JSON.stringify([...states]), '\n' + log.join('\n'));
    }, 10000);

    const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
    let tabs: TestTab[] = [];
    const ends = new Map<TestTab, { end: () => void; ended: Promise<string> }>();
    const open = () => {
      let end = () => {};
      const ended = new Promise<string>((resolve) => (end = () => resolve('its tab is gone')));
      const tab = origin.createTab({ patience: 160 });
      ends.set(tab, { end, ended });
      tabs.push(tab);
    };
    const answers: Promise<string>[] = [];
    for (let round = 0; round < 30; round++) {
      if (tabs.length < 2 || (tabs.length < 5 && random() < 0.5)) open();
      const tab = pick(tabs);
      const name = pick(['a', 'b']);
      states.set(round, 'waits'); const answer = async () => {
        const right = (await run(await tab.load(name), round)) === `${round} by ${name}`;
        return right ? 'right' : 'wrong';
      };
      const { ended } = ends.get(tab)!;
      log.push(`${round} call on ${[...ends.keys()].indexOf(tab)}`); answers.push(
        Promise.race([ended, answer().catch((error: unknown) => (tabs.includes(tab) ? String(error) : ended))]),
      );
      if (random() < 0.5) await answers.at(-1);
      if (random() < 0.3) { const f = pick(tabs); log.push(`freeze ${[...ends.keys()].indexOf(f)}`); f.freeze(); setTimeout(() => (log.push(`thaw ${[...ends.keys()].indexOf(f)}`), f.thaw()), random() * 600); }
      if (random() < 0.4) {
        const leaving = pick(tabs); log.push(`end ${[...ends.keys()].indexOf(leaving)} ${leaving.host.role}`);
        tabs = tabs.filter((each) => each !== leaving);
        ends.get(leaving)!.end();
        if (random() < 0.5) leaving.crash();
        else void leaving.host.close(closing);
      }
    }
    answers.forEach((a, i) => a.then((v) => states.delete(i)));
    expect(await Promise.all(answers)).not.toContainEqual(expect.not.stringMatching(/^(right|its tab is gone)$/));
    clearTimeout(dump); await until(() => origin.openHosts().length <= 1);
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
