import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { FileLoadEvent, LoadEvent } from '../../protocol/load-event.ts';
import { createLoadMonitor } from './load-monitor.ts';

const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: [] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (milliseconds: number) => void vi.advanceTimersByTime(milliseconds);

/** A monitor, and what it has told. */
function createWatched() {
  const events: LoadEvent[] = [];
  const monitor = createLoadMonitor((event) => events.push(event), Date.now);
  const last = () => events.at(-1) as FileLoadEvent;
  const statuses = () => events.map(({ status }) => status);
  return { monitor, events, last, statuses };
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
    const { monitor, events } = createWatched();
    monitor.announce('config.json');
    monitor.announce('config.json');
    monitor.begin('config.json', 100, 'store');
    pass(1000);
    monitor.add('config.json', 60);
    pass(1000);
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
    const { monitor, last } = createWatched();
    monitor.announce('a');
    monitor.announce('b');
    monitor.begin('a', 100, 'network');
    pass(1000);
    monitor.add('a', 50);
    expect(last()).toMatchObject({ loaded: 50, total: 100, progress: 0 });
    monitor.add('a', 7);
    expect(monitor.bytes, 'also what no event has told yet').toBe(57);
    monitor.begin('b', 300, 'network');
    expect(last()).toMatchObject({ file: 'b', loaded: 57, total: 400, progress: 57 / 400 });
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
    const { monitor, events, last } = createWatched();
    monitor.begin('a', 100, 'network');
    pass(1000);
    monitor.add('a', 80);
    monitor.announce('late');
    monitor.begin('late', 300, 'network');
    expect(last()).toMatchObject({ loaded: 80, total: 400, progress: 0.8 });
    expectNeverBack(events);
  });

  it('grows with a file that is larger than its header told', () => {
    const { monitor, events, last } = createWatched();
    monitor.begin('compressed', 10, 'network');
    pass(1000);
    monitor.add('compressed', 25);
    expect(last()).toMatchObject({ fileLoaded: 25, fileTotal: 25, loaded: 25, total: 25 });
    expectNeverBack(events);
  });

  it('says nothing of a file whose size no header tells until it is complete', () => {
    const { monitor, last } = createWatched();
    monitor.announce('unknown');
    monitor.begin('unknown', 0, 'network');
    pass(1000);
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
    const { monitor, events } = createWatched();
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
        pass(15);
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

describe('a file that begins again', () => {
  it('after its connection broke goes on, and the sum does not go back', () => {
    const { monitor, events, last, statuses } = createWatched();
    monitor.begin('a', 100, 'network');
    pass(40);
    monitor.add('a', 60);
    monitor.begin('a', 100, 'network', 60);
    expect(last()).toMatchObject({ status: 'progress', fileLoaded: 60, loaded: 60, progress: 0.6 });
    monitor.begin('a', 100, 'network');
    expect(last()).toMatchObject({ status: 'progress', fileLoaded: 0, loaded: 60, total: 100, progress: 0.6 });
    pass(40);
    monitor.add('a', 30);
    expect(last()).toMatchObject({ fileLoaded: 30, loaded: 60, progress: 0.6 });
    pass(40);
    monitor.add('a', 70);
    monitor.end('a');
    expect(last()).toMatchObject({ status: 'done', fileLoaded: 100, loaded: 100, progress: 1 });
    expect(statuses().filter((status) => status === 'download')).toHaveLength(1);
    expectNeverBack(events);
  });

  it('counts what an earlier visit has left', () => {
    const { monitor, last } = createWatched();
    monitor.begin('a', 100, 'network', 75);
    expect(last()).toMatchObject({ status: 'download', fileLoaded: 75, fileTotal: 100, loaded: 75, progress: 0.75 });
  });
});

describe('progress events', () => {
  it('come at most every 40 ms for each file, and lose no byte', () => {
    const { monitor, statuses, last } = createWatched();
    monitor.begin('a', 1000, 'network');
    for (let step = 0; step < 100; step++) {
      pass(1);
      monitor.add('a', 10);
    }
    expect(statuses().filter((status) => status === 'progress')).toHaveLength(2);
    monitor.end('a');
    expect(last()).toMatchObject({ status: 'done', fileLoaded: 1000 });
  });

  it('come also for what arrived last, when nothing more does', () => {
    const { monitor, last, events } = createWatched();
    monitor.begin('a', 100, 'network');
    monitor.add('a', 30);
    monitor.add('a', 40);
    expect(events).toHaveLength(2);
    pass(40);
    expect(last()).toMatchObject({ status: 'progress', fileLoaded: 70 });
    pass(10_000);
    expect(events).toHaveLength(3);
  });

  it('do not come after the end of a file, nor after it was withdrawn', () => {
    const { monitor, events } = createWatched();
    for (const file of ['a', 'b']) {
      monitor.begin(file, 100, 'network');
      monitor.add(file, 30);
    }
    monitor.end('a');
    monitor.withdraw('b');
    const { length } = events;
    pass(10_000);
    expect(events).toHaveLength(length);
  });

  it('of one file do not silence another', () => {
    const { monitor, events } = createWatched();
    for (const file of ['a', 'b']) monitor.begin(file, 100, 'network');
    pass(40);
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
    [['disk', 'disk'], 'disk'],
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

describe('what becomes of the load in the store', () => {
  const full = new InsituError('STORAGE_QUOTA', 'Full.', { hint: 'Remove something.' });

  it('is told once where it is not stored', () => {
    const { monitor, events } = createWatched();
    monitor.begin('a', 100, 'network', 50);
    monitor.notStored(full);
    monitor.notStored(new InsituError('STORAGE_UNAVAILABLE', 'Refused.', { hint: '' }));
    const sums = { loaded: 50, total: 100, progress: 0.5 };
    const { code, message, hint } = full;
    expect(events.slice(2)).toEqual([{ status: 'not-stored', code, message, hint, ...sums }]);
  });

  it('is told where it is stored', () => {
    const { monitor, events } = createWatched();
    monitor.begin('a', 100, 'network');
    monitor.add('a', 100);
    monitor.end('a');
    monitor.stored();
    expect(events.at(-1)).toEqual({ status: 'stored', loaded: 100, total: 100, progress: 1 });
  });
});

it('a size that is announced makes the total, and the server knows it better', () => {
  const { monitor, last } = createWatched();
  monitor.announce('a', 100, 'disk');
  expect(last()).toMatchObject({ status: 'initiate', source: 'disk' });
  monitor.announce('b', 300);
  monitor.begin('b', 300, 'network');
  expect(last()).toMatchObject({ total: 400, progress: 0 });
  monitor.begin('a', 120, 'disk');
  expect(last()).toMatchObject({ total: 420 });
});
