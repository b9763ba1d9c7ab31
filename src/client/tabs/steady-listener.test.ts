import { expect, it } from 'vitest';
import type { LoadEvent } from '../../protocol/load-event.ts';
import { progress, ready } from './fake-host.conformance.ts';
import { createLoadNews } from './load-news.ts';
import { createSteadyListener } from './steady-listener.ts';

const stored: LoadEvent = { status: 'stored', loaded: 100, total: 100, progress: 1 };
const notStored: LoadEvent = { ...stored, status: 'not-stored', code: 'STORAGE_QUOTA', message: 'Full.', hint: 'Go.' };

function hearAll(events: readonly LoadEvent[]) {
  const heard: LoadEvent[] = [];
  const listen = createSteadyListener((event) => heard.push(event));
  for (const event of events) listen(event);
  return heard;
}

it('sums never go backwards, while those of a file are what they are', () => {
  const heard = hearAll([progress(50), progress(10), progress(60, 200), progress(70)]);
  expect(heard).toMatchObject([
    { loaded: 50, total: 100, progress: 0.5, fileLoaded: 50 },
    { loaded: 50, total: 100, progress: 0.5, fileLoaded: 10 },
    { loaded: 60, total: 200, progress: 0.5, fileLoaded: 60 },
    { loaded: 70, total: 200, progress: 0.7, fileLoaded: 70 },
  ]);
});

it.each<[string, LoadEvent[], string[]]>([
  ['a second load after ready', [ready, progress(10), ready], ['ready']],
  ['what is stored after ready', [ready, stored, stored], ['ready', 'stored']],
  ['what is not stored before ready', [notStored, progress(100), ready, stored], ['not-stored', 'progress', 'ready']],
])('of %s, each thing is told once', (_, events, told) => {
  expect(hearAll(events).map(({ status }) => status)).toEqual(told);
});

it('nobody has to listen', () => {
  expect(() => createSteadyListener(undefined)(ready)).not.toThrow();
});

it('who comes later hears the last of each file, or that all is ready and whether it is stored', () => {
  const news = createLoadNews();
  const retold = () => {
    const heard: LoadEvent[] = [];
    news.retell((event) => heard.push(event));
    return heard;
  };
  expect(retold()).toEqual([]);
  for (const event of [progress(10), progress(20, 100, 'config.json'), progress(30)]) news.take(event);
  expect(retold()).toEqual([progress(30), progress(20, 100, 'config.json')]);
  news.take(ready);
  expect(retold()).toEqual([{ ...ready, source: 'memory' }]);
  news.take(stored);
  expect(retold()).toEqual([{ ...ready, source: 'memory' }, stored]);
});
