import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { crash } from '../workers/fake-model-worker.conformance.ts';
import { answerRun, createDispatch, inputsOf } from './fake-dispatch.conformance.ts';
import { createModel, turn } from './fake-model.conformance.ts';

const outOfMemory = () => new InsituError('OUT_OF_MEMORY', 'There is no memory left.', { hint: 'Take a smaller one.' });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a model that is in no worker', () => {
  it('is loaded for the first who waits, once for all, and then they are served', async () => {
    const { run, fillings, addWorker } = createDispatch();
    const model = createModel('org/name');
    const runs = ['1', '2', '3'].map((input) => run(model, input));
    expect(fillings.map((filling) => filling.model)).toEqual([model]);
    const fake = addWorker();
    await fillings[0]!.succeed(fake);
    for (const answer of ['a', 'b', 'c']) await answerRun(fake, answer);
    expect(runs.map(({ outcome }) => outcome)).toEqual([{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
    expect(fillings).toHaveLength(1);
  });

  it('and cannot be loaded fails all who wait, and is tried again for the next', async () => {
    const { run, fillings, addWorker, runs } = createDispatch();
    const model = createModel('org/name');
    const failing = [run(model, '1'), run(model, '2')];
    const why = crash();
    await fillings[0]!.fail(why);
    expect(failing.map(({ outcome }) => outcome)).toEqual([{ error: why }, { error: why }]);
    expect(model.tally).toMatchObject({ failed: 2, answered: 0 });
    expect(runs()).toMatchObject([
      { status: 'error', code: 'WORKER_CRASHED' },
      { status: 'error', code: 'WORKER_CRASHED' },
    ]);
    expect(fillings, 'nobody waits any more').toHaveLength(1);

    const next = run(model, '3');
    const fake = addWorker();
    await fillings[1]!.succeed(fake);
    await answerRun(fake, 'answer');
    expect(next.outcome).toEqual({ value: 'answer' });
  });

  it('lets other models pass meanwhile', async () => {
    const { run, addWorker } = createDispatch();
    const [unloaded, other] = [createModel('unloaded'), createModel('other')];
    const fake = addWorker(other);
    run(unloaded, '1');
    const { outcome } = run(other, '2');
    await answerRun(fake, 'answer');
    expect(outcome).toEqual({ value: 'answer' });
  });
});

describe('a model that lacks a copy', () => {
  it('gets it when all that are there have work, and the work goes on meanwhile', async () => {
    const { run, addWorker, fillings } = createDispatch();
    const model = createModel('org/name', { replicas: 2 });
    const first = addWorker(model);
    run(model, '1');
    expect(fillings, 'one is enough for one').toHaveLength(0);
    run(model, '2');
    run(model, '3');
    expect(fillings).toHaveLength(1);
    await answerRun(first);
    expect(inputsOf(first)).toEqual(['1', '2']);
    const second = addWorker();
    await fillings[0]!.succeed(second);
    expect(inputsOf(second)).toEqual(['3']);
    run(model, '4');
    expect(fillings, 'it has all of them').toHaveLength(1);
  });

  it('goes on with those it has when one cannot be loaded, and does not try all the time', async () => {
    const { run, addWorker, fillings } = createDispatch();
    const model = createModel('org/name', { replicas: 2 });
    const first = addWorker(model);
    const runs = ['1', '2', '3'].map((input) => run(model, input));
    await fillings[0]!.fail(outOfMemory());
    expect(fillings).toHaveLength(1);
    for (const answer of ['a', 'b', 'c']) await answerRun(first, answer);
    expect(runs.map(({ outcome }) => outcome)).toEqual([{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
    expect(fillings).toHaveLength(1);

    await vi.advanceTimersByTimeAsync(30_000);
    run(model, '4');
    run(model, '5');
    expect(fillings, 'after a while it does').toHaveLength(2);
  });

  it('is tried at once when none is left', async () => {
    const { run, addWorker, fillings } = createDispatch();
    const model = createModel('org/name', { replicas: 2 });
    const first = addWorker(model);
    run(model, '1');
    run(model, '2');
    await fillings[0]!.fail(outOfMemory());
    first.die(crash());
    await turn();
    expect(fillings).toHaveLength(2);
  });
});

describe('a worker that dies', () => {
  it('fails the run that it had, and those who wait are served by another', async () => {
    const { run, addWorker, fillings } = createDispatch();
    const model = createModel('org/name');
    const first = addWorker(model);
    const [lost, next] = [run(model, 'lost'), run(model, 'next')];
    const why = crash();
    first.die(why);
    await turn();
    expect(lost.outcome).toEqual({ error: why });
    expect(next.outcome).toEqual({});
    const fresh = addWorker();
    await fillings[0]!.succeed(fresh);
    expect(inputsOf(fresh)).toEqual(['next']);
    expect(model).toMatchObject({ running: 1, tally: { failed: 1 } });
  });
});

describe('a run without memory', () => {
  it('is done once more in a fresh worker, before all who wait', async () => {
    const { run, addWorker, fillings, memory, runs } = createDispatch();
    const model = createModel('org/name');
    const first = addWorker(model);
    const [large, next] = [run(model, 'large'), run(model, 'next')];
    let unloaded = () => {};
    memory.unloadIdle.mockImplementation(() => new Promise<void>((resolve) => (unloaded = resolve)));
    const why = outOfMemory();
    first.open('run')[0]!.fail(why);
    await turn();
    expect(first.worker.death).toMatchObject({ cause: why });
    expect(memory.unloadIdle.mock.calls).toEqual([[model, 'out-of-memory']]);
    unloaded();
    await turn();
    expect(large.outcome).toEqual({});
    const fresh = addWorker();
    await fillings[0]!.succeed(fresh);
    await answerRun(fresh, 'answer');
    expect(large.outcome).toEqual({ value: 'answer' });
    await answerRun(fresh, 'answer');
    expect(next.outcome).toEqual({ value: 'answer' });
    expect(inputsOf(fresh)).toEqual(['large', 'next']);
    expect(runs().map(({ status }) => status)).toEqual(['ok', 'ok']);
  });

  it('in the fresh worker neither fails, and leaves that one be', async () => {
    const { run, addWorker, fillings, memory } = createDispatch();
    const model = createModel('org/name');
    const first = addWorker(model);
    const large = run(model, 'large');
    first.open('run')[0]!.fail(outOfMemory());
    await turn();
    const fresh = addWorker();
    await fillings[0]!.succeed(fresh);
    const why = outOfMemory();
    fresh.open('run')[0]!.fail(why);
    await turn();
    expect(large.outcome).toEqual({ error: why });
    expect(fresh.worker.death).toBeUndefined();
    expect(memory.unloadIdle).toHaveBeenCalledOnce();
    expect(model.tally).toMatchObject({ failed: 1, answered: 0 });
    const next = run(model, 'next');
    await answerRun(fresh, 'answer');
    expect(next.outcome).toEqual({ value: 'answer' });
  });

  it('can be aborted while room is made for it, and is counted', async () => {
    const { run, addWorker, memory, runs, fillings } = createDispatch();
    const model = createModel('org/name');
    const first = addWorker(model);
    const controller = new AbortController();
    const large = run(model, 'large', { signal: controller.signal });
    let unloaded = () => {};
    memory.unloadIdle.mockImplementation(() => new Promise<void>((resolve) => (unloaded = resolve)));
    first.open('run')[0]!.fail(outOfMemory());
    await turn();
    controller.abort('enough');
    await large.settled;
    expect(large.outcome.error).toBe('enough');
    unloaded();
    await turn();
    expect(fillings, 'it is not done again').toHaveLength(0);
    expect(model.running).toBe(0);
    expect(model.tally.aborted).toEqual({ queued: 0, step: 1, terminated: 0 });
    expect(runs()).toMatchObject([{ status: 'aborted' }]);
  });
});
