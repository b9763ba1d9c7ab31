import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LoadClientEvent, RunClientEvent, WorkerClientEvent } from './client-event.ts';
import { createObserver } from './observer.ts';

const worker: WorkerClientEvent = { type: 'worker', worker: 1, state: 'ready' };
const run: RunClientEvent = {
  type: 'run',
  task: 'feature-extraction',
  model: 'org/name',
  worker: 1,
  status: 'ok',
  priority: 'normal',
  start: 1000,
  duration: 50,
  waited: 20,
};
const load: LoadClientEvent = {
  type: 'load',
  task: 'feature-extraction',
  model: 'org/name',
  worker: 1,
  status: 'ok',
  start: 500,
  duration: 300,
  bytes: 100,
};

const reportError = vi.fn();

beforeEach(() => {
  vi.stubGlobal('reportError', reportError);
  reportError.mockClear();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Measures that the browser's tools see, whatever is cleared later. */
function watchMeasures() {
  const measure = vi.spyOn(performance, 'measure');
  return () => measure.mock.results.map(({ value }) => value as PerformanceMeasure);
}

describe('a listener', () => {
  it('hears every event, as it is', () => {
    const heard: unknown[] = [];
    const observe = createObserver((event) => void heard.push(event), false);
    for (const event of [worker, load, run]) observe(event);
    expect(heard).toEqual([worker, load, run]);
  });

  it('that throws is reported, and hears the next event', () => {
    const mistake = new Error('a mistake of the application');
    const onEvent = vi.fn(() => {
      throw mistake;
    });
    const observe = createObserver(onEvent, false);
    observe(run);
    observe(worker);
    expect(onEvent).toHaveBeenCalledTimes(2);
    expect(reportError.mock.calls).toEqual([[mistake], [mistake]]);
  });

  it('need not be there', () => {
    expect(() => createObserver(undefined, false)(run)).not.toThrow();
    expect(reportError).not.toHaveBeenCalled();
  });
});

describe('the console', () => {
  it('has every event where that was asked for, also where a listener throws', () => {
    const debug = vi.spyOn(console, 'debug').mockImplementation(() => {});
    const observe = createObserver(() => {
      throw new Error('a mistake of the application');
    }, true);
    observe(worker);
    observe(run);
    expect(debug.mock.calls).toEqual([
      ['[insitu]', 'worker', worker],
      ['[insitu]', 'run', run],
    ]);
  });

  it('has nothing where nobody asked', () => {
    const debug = vi.spyOn(console, 'debug').mockImplementation(() => {});
    createObserver(() => {}, false)(run);
    expect(debug).not.toHaveBeenCalled();
  });
});

describe('the performance timeline', () => {
  it('has the time of a run, and of its wait, on a track of their own', () => {
    const measures = watchMeasures();
    createObserver(undefined, false)(run);
    expect(measures()).toMatchObject([
      { name: 'insitu:run', startTime: 1000, duration: 50 },
      { name: 'insitu:wait', startTime: 1000, duration: 20 },
    ]);
    expect(measures()[0]!.detail).toEqual({
      ...run,
      devtools: { dataType: 'track-entry', track: 'insitu', tooltipText: 'feature-extraction org/name: ok' },
    });
  });

  it('has no wait of a run that had none, nor of a load', () => {
    const measures = watchMeasures();
    const observe = createObserver(undefined, false);
    observe({ ...run, waited: 0 });
    observe(load);
    expect(measures().map(({ name, startTime, duration }) => [name, startTime, duration])).toEqual([
      ['insitu:run', 1000, 50],
      ['insitu:load', 500, 300],
    ]);
  });

  it('has nothing of what takes no time', () => {
    const measures = watchMeasures();
    createObserver(undefined, false)(worker);
    expect(measures()).toEqual([]);
  });

  it('keeps none of it, and all that the application has put there', () => {
    performance.measure('the page', { start: 0, end: 1 });
    const observe = createObserver(undefined, false);
    for (const event of [run, load]) observe(event);
    const kept = performance.getEntriesByType('measure').map(({ name }) => name);
    expect(kept).toEqual(['the page']);
    performance.clearMeasures();
  });

  it('may be missing', () => {
    const heard = vi.fn();
    vi.stubGlobal('performance', { now: () => 0 });
    createObserver(heard, false)(run);
    expect(heard).toHaveBeenCalledWith(run);
  });
});
