import { describe, expect, it } from 'vitest';
import { createModel, seat } from '../models/fake-model.conformance.ts';
import type { HostedModel } from '../models/hosted-model.ts';
import { createFakeModelWorker } from '../workers/fake-model-worker.conformance.ts';
import { addTime } from './run-tally.ts';
import { readHostStats, readModelStats } from './stats.ts';

describe('the stats of a model', () => {
  it('say where it is', () => {
    const model = createModel('org/name', { replicas: 2 });
    expect(readModelStats(model, 0)).toMatchObject({ state: 'unloaded', replicas: 0, bytes: 0 });
    model.fillings = 1;
    expect(readModelStats(model, 0)).toMatchObject({ state: 'loading', replicas: 0 });
    seat(model, 100);
    expect(readModelStats(model, 0), 'a second copy is on its way').toMatchObject({ state: 'loaded', replicas: 1 });
    model.fillings = 0;
    seat(model, 100);
    expect(readModelStats(model, 0)).toMatchObject({ state: 'loaded', replicas: 2, bytes: 100 });
  });

  it('say what it does and has done', () => {
    const model = createModel('org/name');
    model.running = 1;
    model.tally.answered = 5;
    model.tally.aborted.terminated = 2;
    addTime(model.tally.wait, 30);
    expect(readModelStats(model, 3)).toMatchObject({
      task: 'feature-extraction',
      model: 'org/name',
      running: 1,
      waiting: 3,
      answered: 5,
      failed: 0,
      aborted: { queued: 0, step: 0, terminated: 2 },
      wait: { count: 1, last: 30, mean: 30, max: 30 },
    });
  });

  it('do not change any more once they are read', () => {
    const model = createModel('org/name');
    const stats = readModelStats(model, 0);
    model.tally.answered++;
    model.tally.aborted.step++;
    addTime(model.tally.run, 5);
    expect(stats).toMatchObject({ answered: 0, aborted: { step: 0 }, run: { count: 0 } });
  });
});

describe('the stats of a host', () => {
  it('are those of its workers, its models, and the sums', () => {
    const [one, other] = [createModel('one'), createModel('other')];
    const [fake, spare] = [createFakeModelWorker(), createFakeModelWorker()];
    seat(one, 100, fake);
    Object.assign(fake.worker, { seats: 1, heap: 5000 });
    Object.assign(spare.worker, { seats: 0, heap: 300 });
    fake.enter('ready');
    void fake.worker.call('unload', 1);
    one.running = 1;
    other.running = 2;
    const waiting = new Map([
      [one, 3],
      [other, 4],
    ]);
    const pool = { workers: [fake.worker], spare: spare.worker };
    const queue = { waiting: 7, waitingFor: (model: HostedModel) => waiting.get(model)! };
    expect(readHostStats(new Set([one, other]), pool, 100, queue, 1000)).toMatchObject({
      workers: [
        { id: fake.worker.id, state: 'ready', models: 1, calls: 1, heap: 5000, isolated: false, spare: false },
        { id: spare.worker.id, state: 'starting', models: 0, calls: 0, heap: 300, isolated: false, spare: true },
      ],
      models: [
        { model: 'one', state: 'loaded', waiting: 3 },
        { model: 'other', state: 'unloaded', waiting: 4 },
      ],
      bytes: 100,
      heap: 5300,
      queue: { waiting: 7, running: 3, limit: 1000 },
    });
  });

  it('are none before anything was done', () => {
    const pool = { workers: [], spare: undefined };
    expect(readHostStats(new Set(), pool, 0, { waiting: 0, waitingFor: () => 0 }, 10)).toEqual({
      workers: [],
      models: [],
      bytes: 0,
      heap: 0,
      queue: { waiting: 0, running: 0, limit: 10 },
    });
  });
});
