import type { FileLoadEvent } from 'insitu';
import { expect, it } from 'vitest';
import { createByteTally } from './byte-tally.ts';

const event = (file: string, status: FileLoadEvent['status'], fileLoaded: number, source: FileLoadEvent['source']) => ({
  file,
  status,
  fileLoaded,
  fileTotal: 100,
  source,
  loaded: 0,
  total: 0,
  progress: 0,
});

it('counts what came over the network', () => {
  const tally = createByteTally();
  tally.add(event('a', 'initiate', 0, 'network'));
  tally.add(event('a', 'download', 0, 'network'));
  tally.add(event('a', 'progress', 60, 'network'));
  tally.add(event('a', 'done', 100, 'network'));
  tally.add(event('b', 'download', 0, 'store'));
  tally.add(event('b', 'done', 100, 'store'));
  expect(tally).toMatchObject({ fetched: 100, resumedFrom: 0 });
});

it('tells where an interrupted download goes on', () => {
  const tally = createByteTally();
  tally.add(event('a', 'initiate', 0, 'network'));
  tally.add(event('a', 'download', 40, 'network'));
  tally.add(event('a', 'done', 100, 'network'));
  expect(tally).toMatchObject({ fetched: 60, resumedFrom: 40 });
});

it('counts anew when a server begins from the start', () => {
  const tally = createByteTally();
  tally.add(event('a', 'download', 40, 'network'));
  tally.add(event('a', 'progress', 0, 'network'));
  tally.add(event('a', 'done', 100, 'network'));
  expect(tally).toMatchObject({ fetched: 100, resumedFrom: 0 });
});
