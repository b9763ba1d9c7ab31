import { expect, it } from 'vitest';
import { createWorkerLanes } from './worker-lanes.ts';

it('gives a worker the first lane in which none lives', () => {
  const lanes = createWorkerLanes();
  expect([lanes.start(1, 0).lane, lanes.start(2, 0).lane]).toEqual([0, 1]);
  lanes.change(1, 'dead', 5);
  expect([lanes.start(3, 6).lane, lanes.start(4, 7).lane]).toEqual([0, 2]);
  expect(lanes.alive.map(({ number }) => number)).toEqual([2, 3, 4]);
  expect(lanes.ended).toBe(1);
});

it('keeps the state and since when', () => {
  const lanes = createWorkerLanes();
  expect(lanes.start(1, 3)).toMatchObject({ state: 'starting', since: 3 });
  expect(lanes.change(1, 'busy', 5)).toMatchObject({ state: 'busy', since: 5 });
});

it('has no news of the same state, nor of a worker that it does not know', () => {
  const lanes = createWorkerLanes();
  lanes.start(1, 0);
  expect(lanes.change(1, 'starting', 5)).toBeUndefined();
  expect(lanes.change(2, 'busy', 5)).toBeUndefined();
});

it('learns why a worker died, and has no more news of it', () => {
  const lanes = createWorkerLanes();
  lanes.start(1, 0);
  lanes.start(2, 0);
  expect(lanes.change(1, 'dead', 5, 'WORKER_CRASHED')).toMatchObject({ since: 5, code: 'WORKER_CRASHED' });
  expect(lanes.change(2, 'dead', 6)).not.toHaveProperty('code');
  expect(lanes.change(1, 'dead', 7, 'WORKER_CRASHED')).toBeUndefined();
  expect(lanes.ended).toBe(2);
});
