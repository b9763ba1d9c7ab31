import { describe, expect, it } from 'vitest';
import type { DevicePlan } from '../protocol/device-plan.ts';
import type { FileLoadEvent, LoadEvent } from '../protocol/load-event.ts';
import { createLoadMonitor } from './load-monitor.ts';

const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] };

/** A monitor, what it has told, and its clock. */
function createWatched() {
  const events: LoadEvent[] = [];
  const clock = { now: 0 };
  const monitor = createLoadMonitor(
    (event) => events.push(event),
    () => clock.now,
  );
  const last = () => events.at(-1) as FileLoadEvent;
  const statuses = () => events.map(({ status }) => status);
  return { monitor, events, clock, last, statuses };
}

function expectNeverBack(events: readonly LoadEvent[]) {
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    expect(event.loaded).toBeGreaterThanOrEqual(before?.loaded ?? 0);
    expect(event.total).toBeGreaterThanOrEqual(before?.total ?? 0);
    expect(event.progress).toBeGreaterThanOrEqual(before?.progress ?? 0);
    expect(event.loaded).toBeLessThanOrEqual(event.total);
    expect(event.progress).toBeLessThanOrEqual(1);
  }
}

describe('the life of a file', () => {
  it('is told once: initiate, download, progress, done', () => {
    const { monitor, clock, events } = createWatched();
    monitor.announce('config.json');
    monitor.announce('config.json');
    monitor.begin('config.json', 100, 'store');
    clock.now += 1000;
    monitor.add('config.json', 60);
    clock.now += 1000;
    monitor.add('config.json', 40);
    monitor.end('config.json');
    const file = { file: 'config.json', fileTotal: 100, source: 'store' };
    expect(events).toMatchObject([
      { status: 'initiate', file: 'config.json', fileLoaded: 0, fileTotal: 0 },
      { ...file, status: 'download', fileLoaded: 0 },
      { ...file, status: 'progress', fileLoaded: 60 },
      { ...file, status: 'progress', fileLoaded: 100 },
      { ...file, status: 'done', fileLoaded: 100 },
    ]);
  });

  it('counts an empty file as known', () => {
    const { monitor, last } = createWatched();
    monitor.announce('empty');
    monitor.begin('empty', 0, 'network');
    monitor.end('empty');
    monitor.begin('full', 5, 'network');
    monitor.add('full', 5);
    monitor.end('full');
    expect(last()).toMatchObject({ loaded: 5, total: 5, progress: 1 });
  });
});

describe('the sum', () => {
  it('is of all files, and progress waits until every size is known', () => {
    const { monitor, clock, last } = createWatched();
    monitor.announce('a');
    monitor.announce('b');
    monitor.begin('a', 100, 'network');
    clock.now += 1000;
    monitor.add('a', 50);
    expect(last()).toMatchObject({ loaded: 50, total: 100, progress: 0 });
    monitor.begin('b', 300, 'network');
    expect(last()).toMatchObject({ file: 'b', loaded: 50, total: 400, progress: 0.125 });
  });

  it('does not wait for a file that the model lacks', () => {
    const { monitor, last } = createWatched();
    monitor.announce('a');
    monitor.announce('lacking');
    monitor.begin('a', 100, 'network');
    monitor.add('a', 100);
    monitor.withdraw('lacking');
    monitor.end('a');
    expect(last()).toMatchObject({ loaded: 100, total: 100, progress: 1 });
  });

  it('keeps progress where it is when another file is announced late', () => {
    const { monitor, clock, events, last } = createWatched();
    monitor.begin('a', 100, 'network');
    clock.now += 1000;
    monitor.add('a', 80);
    monitor.announce('late');
    monitor.begin('late', 300, 'network');
    expect(last()).toMatchObject({ loaded: 80, total: 400, progress: 0.8 });
    expectNeverBack(events);
  });

  it('grows with a file that is larger than its header told', () => {
    const { monitor, clock, events, last } = createWatched();
    monitor.begin('compressed', 10, 'network');
    clock.now += 1000;
    monitor.add('compressed', 25);
    expect(last()).toMatchObject({ fileLoaded: 25, fileTotal: 25, loaded: 25, total: 25 });
    expectNeverBack(events);
  });

  it('says nothing of a file whose size no header tells until it is complete', () => {
    const { monitor, clock, last } = createWatched();
    monitor.announce('unknown');
    monitor.begin('unknown', 0, 'network');
    clock.now += 1000;
    monitor.add('unknown', 1000);
    expect(last()).toMatchObject({ status: 'progress', fileLoaded: 1000, loaded: 1000 });
    // Anything else would show a full bar from the first byte on.
    expect(last().progress).toBe(0);
    monitor.end('unknown');
    expect(last()).toMatchObject({ status: 'done', fileTotal: 1000, progress: 1 });
  });

  it('does not go back when a file comes from the network that the store could not give', () => {
    const { monitor, events } = createWatched();
    monitor.begin('a', 500, 'store');
    monitor.begin('a', 0, 'network');
    monitor.add('a', 500);
    monitor.end('a');
    expectNeverBack(events);
  });

  it('never goes back, in whatever order files come', () => {
    // Seven files of sizes that are told, and a step for each byte count; 7 and 11 share no factor, so all orders mix.
    const { monitor, clock, events } = createWatched();
    const sizes = [100, 1, 2500, 40, 999, 7, 10_000];
    const left = [...sizes];
    for (let step = 0; left.some((size) => size > 0); step++) {
      const index = (step * 11) % sizes.length;
      const file = `file-${index}`;
      if (step < sizes.length) monitor.announce(file);
      else if (step < 2 * sizes.length) monitor.begin(file, sizes[index]!, index % 2 ? 'store' : 'network');
      else if (left[index]! > 0) {
        const bytes = Math.min(left[index]!, 1 + ((step * 37) % 400));
        left[index]! -= bytes;
        clock.now += 15;
        monitor.add(file, bytes);
        if (left[index] === 0) monitor.end(file);
      }
    }
    monitor.ready(plan);
    expectNeverBack(events);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(events.at(-1)).toEqual({ status: 'ready', loaded: total, total, progress: 1, source: 'network', plan });
  });
});

describe('progress events', () => {
  it('come at most every 40 ms for each file, and lose no byte', () => {
    const { monitor, clock, statuses, last } = createWatched();
    monitor.begin('a', 1000, 'network');
    for (let step = 0; step < 100; step++) {
      clock.now += 1;
      monitor.add('a', 10);
    }
    expect(statuses().filter((status) => status === 'progress')).toHaveLength(2);
    monitor.end('a');
    expect(last()).toMatchObject({ status: 'done', fileLoaded: 1000 });
  });

  it('of one file do not silence another', () => {
    const { monitor, clock, events } = createWatched();
    for (const file of ['a', 'b']) monitor.begin(file, 100, 'network');
    clock.now += 40;
    for (const file of ['a', 'b', 'a', 'b']) monitor.add(file, 10);
    expect(events.filter(({ status }) => status === 'progress').map((event) => 'file' in event && event.file)).toEqual([
      'a',
      'b',
    ]);
  });
});

describe('the source of the whole load', () => {
  it.each([
    [['network', 'network'], 'network'],
    [['store', 'network'], 'network'],
    [['store', 'store'], 'store'],
    [['memory', 'memory'], 'memory'],
  ] as const)('of files from %s is %s', (sources, expected) => {
    const { monitor, events } = createWatched();
    for (const [index, source] of sources.entries()) {
      monitor.begin(`file-${index}`, 1, source);
      monitor.add(`file-${index}`, 1);
      monitor.end(`file-${index}`);
    }
    monitor.ready(plan);
    expect(events.at(-1)).toMatchObject({ status: 'ready', source: expected });
  });

  it('does not count a file that the model lacks', () => {
    const { monitor, events } = createWatched();
    monitor.announce('lacking');
    monitor.withdraw('lacking');
    monitor.begin('a', 1, 'store');
    monitor.add('a', 1);
    monitor.end('a');
    monitor.ready(plan);
    expect(events.at(-1)).toMatchObject({ source: 'store' });
  });
});
