import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { abortable, answerRun, createDispatch, inputsOf } from './fake-dispatch.conformance.ts';
import { createModel, turn } from './fake-model.conformance.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an abort before the call', () => {
  it('rejects with the reason, and nothing is queued', async () => {
    const { addWorker, run, dispatcher } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    const { outcome, settled } = run(model, 'text', { signal: AbortSignal.abort('before') });
    await settled;
    expect(outcome.error).toBe('before');
    expect(dispatcher.waiting).toBe(0);
    expect(inputsOf(fake)).toEqual([]);
  });
});

describe('an abort of a run that waits', () => {
  it('rejects at once with the very reason, and the run never reaches a worker', async () => {
    const { addWorker, run, dispatcher, runs } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    run(model, 'running');
    const { given, abort } = abortable();
    const aborted = run(model, 'aborted', given);
    run(model, 'next');
    const why = { any: 'reason' };
    abort(why);
    await aborted.settled;
    expect(aborted.outcome.error).toBe(why);
    expect(dispatcher.waiting).toBe(1);
    await answerRun(fake);
    expect(inputsOf(fake)).toEqual(['running', 'next']);
    expect(model.tally.aborted).toEqual({ queued: 1, step: 0, terminated: 0 });
    expect(runs()[0]).toMatchObject({ status: 'aborted', abort: 'queued' });
    expect(runs()[0]).not.toHaveProperty('worker');
  });

  it('of a model that is being loaded leaves the load alone', async () => {
    const { run, fillings, addWorker } = createDispatch();
    const model = createModel('org/name');
    const { given, abort } = abortable();
    const aborted = run(model, 'aborted', given);
    const next = run(model, 'next');
    abort('enough');
    await aborted.settled;
    expect(aborted.outcome.error).toBe('enough');
    const fake = addWorker();
    await fillings[0]!.succeed(fake);
    await answerRun(fake, 'answer');
    await next.settled;
    expect(next.outcome).toEqual({ value: 'answer' });
    expect(inputsOf(fake)).toEqual(['next']);
  });
});

describe('an abort of a run that a worker has', () => {
  it('rejects at once, and leaves the worker be when it stops by itself in time', async () => {
    const { addWorker, run, runs, pool } = createDispatch({ cancelGrace: 150 });
    const model = createModel('org/name');
    const fake = addWorker(model);
    const { given, abort } = abortable();
    const aborted = run(model, 'aborted', given);
    const next = run(model, 'next');
    abort('enough');
    await aborted.settled;
    expect(aborted.outcome.error).toBe('enough');
    expect(fake.open('run')[0]!.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(149);
    expect(inputsOf(fake), 'the worker is not free yet').toEqual(['aborted']);
    fake.open('run')[0]!.fail('enough');
    await turn();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(fake.worker.death).toBeUndefined();
    expect(pool.warm).not.toHaveBeenCalled();
    await answerRun(fake, 'answer');
    await next.settled;
    expect(next.outcome).toEqual({ value: 'answer' });
    expect(model.tally).toMatchObject({ aborted: { queued: 0, step: 1, terminated: 0 }, answered: 1, failed: 0 });
    expect(runs()[0]).toMatchObject({ status: 'aborted', abort: 'step', worker: fake.worker.id });
  });

  it('ends the worker when it does not stop in time, and a spare gets ready', async () => {
    const { addWorker, run, runs, pool, fillings } = createDispatch({ cancelGrace: 150 });
    const model = createModel('org/name');
    const fake = addWorker(model);
    const { given, abort } = abortable();
    const aborted = run(model, 'aborted', given);
    const next = run(model, 'next');
    abort('enough');
    await aborted.settled;
    await vi.advanceTimersByTimeAsync(149);
    expect(fake.worker.death).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.worker.death).toMatchObject({ code: 'WORKER_CRASHED', cause: 'enough' });
    expect(pool.warm).toHaveBeenCalledOnce();
    expect(model.tally.aborted).toEqual({ queued: 0, step: 0, terminated: 1 });
    expect(runs()).toMatchObject([{ status: 'aborted', abort: 'terminated', worker: fake.worker.id }]);

    await turn();
    expect(fillings).toHaveLength(1);
    const fresh = addWorker();
    await fillings[0]!.succeed(fresh);
    await answerRun(fresh, 'answer');
    await next.settled;
    expect(next.outcome).toEqual({ value: 'answer' });
    expect(inputsOf(fresh), 'what was aborted is not done again').toEqual(['next']);
  });

  it('is given its first second by default, and 150 ms from then on', async () => {
    const endsAfter = async (age: number) => {
      const { addWorker, run } = createDispatch({ cancelGrace: undefined });
      const model = createModel('org/name');
      const fake = addWorker(model);
      const { given, abort } = abortable();
      void run(model, 'aborted', given);
      await vi.advanceTimersByTimeAsync(age);
      abort('enough');
      let waited = 0;
      for (; !fake.worker.death; waited += 10) await vi.advanceTimersByTimeAsync(10);
      return waited;
    };
    expect(await endsAfter(20)).toBe(980);
    expect(await endsAfter(840)).toBe(160);
    expect(await endsAfter(9000)).toBe(150);
  });

  it('does again elsewhere what others had in that worker, and they do not notice', async () => {
    const { addWorker, run, runs, fillings } = createDispatch({ cancelGrace: 150 });
    const [model, innocent] = [createModel('org/name'), createModel('innocent')];
    addWorker(model, innocent);
    const first = run(innocent, 'innocent', { priority: 'background' });
    run(innocent, 'later', { priority: 'background' });
    const { given, abort } = abortable();
    const aborted = run(model, 'aborted', given);
    abort('enough');
    await aborted.settled;
    await vi.advanceTimersByTimeAsync(150);
    await turn();
    expect(first.outcome).toEqual({});
    expect(fillings.map((filling) => filling.model)).toEqual([innocent]);
    const fresh = addWorker();
    await fillings[0]!.succeed(fresh);
    await answerRun(fresh, 'answer');
    await first.settled;
    expect(first.outcome).toEqual({ value: 'answer' });
    await answerRun(fresh);
    expect(inputsOf(fresh), 'in their order').toEqual(['innocent', 'later']);
    expect(innocent.tally).toMatchObject({ answered: 2, failed: 0, aborted: { queued: 0, step: 0, terminated: 0 } });
    expect(runs().map(({ model: of, status }) => [of, status])).toEqual([
      ['org/name', 'aborted'],
      ['innocent', 'ok'],
      ['innocent', 'ok'],
    ]);
  });

  it('and what is to be done again can be aborted meanwhile', async () => {
    const { addWorker, run, fillings } = createDispatch({ cancelGrace: 150 });
    const [model, innocent] = [createModel('org/name'), createModel('innocent')];
    addWorker(model, innocent);
    const [low, high] = [abortable('background'), abortable()];
    const first = run(innocent, 'innocent', low.given);
    run(model, 'aborted', high.given);
    high.abort('enough');
    await vi.advanceTimersByTimeAsync(150);
    await turn();
    low.abort('of this too');
    await first.settled;
    expect(first.outcome.error).toBe('of this too');
    expect(innocent.tally.aborted).toEqual({ queued: 1, step: 0, terminated: 0 });
    const fresh = addWorker();
    await fillings[0]!.succeed(fresh);
    expect(inputsOf(fresh)).toEqual([]);
  });

  it('ends the worker at once without a grace', async () => {
    const { addWorker, run } = createDispatch({ cancelGrace: 0 });
    const model = createModel('org/name');
    const fake = addWorker(model);
    const { given, abort } = abortable();
    run(model, 'aborted', given);
    abort('enough');
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.worker.death).toBeDefined();
  });

  it.each([Infinity, 2 ** 40])('never ends the worker where it has so much time: %s', async (cancelGrace) => {
    const { addWorker, run } = createDispatch({ cancelGrace });
    const model = createModel('org/name');
    const fake = addWorker(model);
    const { given, abort } = abortable();
    const aborted = run(model, 'aborted', given);
    abort('enough');
    await aborted.settled;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(fake.worker.death).toBeUndefined();
  });

  it('after its answer changes nothing', async () => {
    const { addWorker, run } = createDispatch({ cancelGrace: 150 });
    const model = createModel('org/name');
    const fake = addWorker(model);
    const { given, abort } = abortable();
    const [added, removed] = [
      vi.spyOn(given.signal, 'addEventListener'),
      vi.spyOn(given.signal, 'removeEventListener'),
    ];
    const { settled } = run(model, 'text', given);
    const [call] = fake.open('run');
    await answerRun(fake, 'answer');
    await settled;
    expect(removed.mock.calls, 'nobody listens any more').toHaveLength(added.mock.calls.length);
    abort('too late');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(call!.aborted).toBe(false);
    expect(fake.worker.death).toBeUndefined();
    expect(model.tally).toMatchObject({ answered: 1, aborted: { queued: 0, step: 0, terminated: 0 } });
  });
});

describe('a spare', () => {
  it('gets ready for a run that takes long and may be aborted', async () => {
    const { addWorker, run, pool } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    run(model, 'short', abortable().given);
    await vi.advanceTimersByTimeAsync(300);
    await answerRun(fake);
    run(model, 'without a signal');
    await vi.advanceTimersByTimeAsync(10_000);
    await answerRun(fake);
    // As of another tab, whose caller holds no signal.
    run(model, 'with a signal that nobody holds', { ...abortable().given, abortable: false });
    await vi.advanceTimersByTimeAsync(10_000);
    await answerRun(fake);
    expect(pool.warm).not.toHaveBeenCalled();
    run(model, 'long', abortable().given);
    await vi.advanceTimersByTimeAsync(400);
    expect(pool.warm).toHaveBeenCalledOnce();
  });

  it.each([
    ['is not wanted where the worker ends with its last model', 1, 0],
    ['is wanted where the worker has another model', 2, 1],
  ])('%s', async (_, models, spares) => {
    const { addWorker, run, dispatcher, pool } = createDispatch({ cancelGrace: 150 });
    const [model, other] = [createModel('org/name'), createModel('other')];
    const fake = addWorker(...[model, other].slice(0, models));
    const { settled } = run(model, 'text', abortable().given);
    model.ending.abort(new InsituError('DISPOSED', 'It was disposed of.', { hint: 'Load it again.' }));
    dispatcher.drop(model, model.ended);
    await settled;
    await vi.advanceTimersByTimeAsync(150);
    expect(fake.worker.death).toMatchObject({ cause: model.ended });
    expect(pool.warm).toHaveBeenCalledTimes(spares);
  });
});
