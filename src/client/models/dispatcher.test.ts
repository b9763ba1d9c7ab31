import { describe, expect, it } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { answerRun, createDispatch, inputsOf } from './fake-dispatch.conformance.ts';
import { createModel, turn } from './fake-model.conformance.ts';

const failure = new InsituError('INPUT_INVALID', 'This is no text.', { hint: 'Pass one.' });

describe('a run', () => {
  it('goes to a worker that has the model, and resolves to its answer', async () => {
    const { addWorker, run, runs } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    const { outcome, settled } = run(model, 'text', { options: { topK: 2 }, priority: 'background' });
    expect(fake.open('run')).toMatchObject([
      {
        argument: {
          modelId: 7,
          inputs: ['text'],
          options: { topK: 2 },
          priority: 'background',
          stream: false,
          progress: false,
        },
      },
    ]);
    expect(model.running).toBe(1);
    expect(fake.worker.running).toEqual(['background']);
    await answerRun(fake, 'answer');
    await settled;
    expect(outcome).toEqual({ value: 'answer' });
    expect(model).toMatchObject({
      running: 0,
      tally: { answered: 1, failed: 0, wait: { count: 1 }, run: { count: 1 } },
    });
    expect(fake.worker.running).toEqual([]);
    expect(runs()).toEqual([
      {
        type: 'run',
        task: 'feature-extraction',
        model: 'org/name',
        worker: fake.worker.id,
        status: 'ok',
        priority: 'background',
        start: expect.any(Number),
        duration: expect.any(Number),
        waited: expect.any(Number),
      },
    ]);
  });

  it('has the inputs it was called with, whatever becomes of the array', async () => {
    const { addWorker, run } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    run(model, 'first');
    const batch = ['one', 'two'];
    run(model, batch);
    batch.push('three');
    await answerRun(fake);
    expect(inputsOf(fake)).toEqual(['first', ['one', 'two']]);
  });

  it('that fails rejects, and the next one goes on', async () => {
    const { addWorker, run, runs } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    const [bad, good] = [run(model, 'bad'), run(model, 'good')];
    fake.open('run')[0]!.fail(failure);
    await bad.settled;
    expect(bad.outcome.error).toBe(failure);
    await answerRun(fake, 'answer');
    await good.settled;
    expect(good.outcome).toEqual({ value: 'answer' });
    expect(model.tally).toMatchObject({ answered: 1, failed: 1 });
    expect(runs()).toMatchObject([
      { status: 'error', code: 'INPUT_INVALID', message: 'This is no text.' },
      { status: 'ok' },
    ]);
  });

  it('that cannot be sent rejects, and the next one goes on', async () => {
    const { addWorker, run } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    const { send } = fake.worker;
    fake.worker.send = () => {
      throw failure;
    };
    const { outcome, settled } = run(model);
    await settled;
    expect(outcome.error).toBe(failure);
    expect(model.running).toBe(0);
    fake.worker.send = send;
    run(model, 'good');
    expect(inputsOf(fake)).toEqual(['good']);
  });
});

describe('several runs', () => {
  it('of one worker are sent one after the other, in their order', async () => {
    const { addWorker, run, dispatcher } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    for (const input of ['1', '2', '3']) run(model, input);
    expect(inputsOf(fake)).toEqual(['1']);
    expect(dispatcher.waiting).toBe(2);
    expect(dispatcher.waitingFor(model)).toBe(2);
    await answerRun(fake);
    expect(inputsOf(fake)).toEqual(['1', '2']);
    await answerRun(fake);
    await answerRun(fake);
    expect(inputsOf(fake)).toEqual(['1', '2', '3']);
    expect(dispatcher.waiting).toBe(0);
  });

  it('of models in one worker take turns', async () => {
    const { addWorker, run } = createDispatch();
    const [one, other] = [createModel('one'), createModel('other')];
    const fake = addWorker(one, other);
    for (const input of ['1a', '1b', '1c']) run(one, input);
    run(other, '2a');
    for (let answers = 0; answers < 4; answers++) await answerRun(fake);
    expect(inputsOf(fake)).toEqual(['1a', '2a', '1b', '1c']);
  });

  it('of models in workers of their own run side by side', () => {
    const { addWorker, run } = createDispatch();
    const [one, other] = [createModel('one'), createModel('other')];
    const fakes = [addWorker(one), addWorker(other)];
    run(one, '1');
    run(other, '2');
    expect(fakes.map(inputsOf)).toEqual([['1'], ['2']]);
  });

  it('of a model with copies run side by side', async () => {
    const { addWorker, run } = createDispatch();
    const model = createModel('org/name', { replicas: 2 });
    const fakes = [addWorker(model), addWorker(model)];
    for (const input of ['1', '2', '3']) run(model, input);
    expect(fakes.map(inputsOf)).toEqual([['1'], ['2']]);
    await answerRun(fakes[1]!);
    expect(fakes.map(inputsOf)).toEqual([['1'], ['2', '3']]);
  });

  it('are no more at a time than the model may have', async () => {
    const { addWorker, run } = createDispatch();
    const model = createModel('org/name', { replicas: 3, concurrency: 2 });
    const fakes = [addWorker(model), addWorker(model), addWorker(model)];
    for (const input of ['1', '2', '3']) run(model, input);
    run(model, 'now', { priority: 'interactive' });
    expect(fakes.flatMap(inputsOf)).toEqual(['1', '2']);
    await answerRun(fakes[0]!);
    expect(fakes.flatMap(inputsOf).toString()).toBe('1,now,2');
  });

  it('are no more in the queue than it takes; those in workers do not count', async () => {
    const { addWorker, run } = createDispatch({ limit: 2 });
    const model = createModel('org/name');
    const fake = addWorker(model);
    const first = ['1', '2', '3'].map((input) => run(model, input));
    const full = run(model, '4');
    await full.settled;
    expect(full.outcome.error).toMatchObject({ code: 'QUEUE_FULL', retryable: true });
    await answerRun(fake);
    run(model, '5');
    for (let answers = 0; answers < 3; answers++) await answerRun(fake, 'answer');
    expect(inputsOf(fake)).toEqual(['1', '2', '3', '5']);
    expect(first.map(({ outcome }) => 'value' in outcome)).toEqual([true, true, true]);
  });
});

describe('a run of higher priority', () => {
  it('waits in front', async () => {
    const { addWorker, run } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    run(model, 'running', { priority: 'interactive' });
    run(model, 'background', { priority: 'background' });
    run(model, 'normal');
    run(model, 'interactive', { priority: 'interactive' });
    for (let answers = 0; answers < 3; answers++) await answerRun(fake);
    expect(inputsOf(fake)).toEqual(['running', 'interactive', 'normal', 'background']);
  });

  it('is sent while another runs, to get in between its steps; one of the same is not', async () => {
    const { addWorker, run } = createDispatch();
    const model = createModel('org/name');
    const fake = addWorker(model);
    run(model, 'background', { priority: 'background' });
    run(model, 'normal');
    run(model, 'normal 2');
    run(model, 'background 2', { priority: 'background' });
    expect(inputsOf(fake)).toEqual(['background', 'normal']);
    expect(fake.worker.running).toEqual(['background', 'normal']);
    run(model, 'interactive', { priority: 'interactive' });
    expect(inputsOf(fake)).toEqual(['background', 'normal', 'interactive']);
    fake.open('run')[0]!.answer();
    await turn();
    expect(inputsOf(fake), 'the others are still there').toHaveLength(3);
    expect(fake.worker.running).toEqual(['normal', 'interactive']);
  });

  it('goes to an idle worker, if there is one', () => {
    const { addWorker, run } = createDispatch();
    const model = createModel('org/name', { replicas: 2 });
    const fakes = [addWorker(model), addWorker(model)];
    run(model, 'background', { priority: 'background' });
    run(model, 'interactive', { priority: 'interactive' });
    expect(fakes.map(inputsOf)).toEqual([['background'], ['interactive']]);
  });
});

describe('a model that is dropped', () => {
  it('rejects what waits, and stops what runs; other models go on', async () => {
    const { addWorker, run, dispatcher, runs } = createDispatch();
    const [dropped, other] = [createModel('dropped'), createModel('other')];
    const fake = addWorker(dropped, other);
    const [running, waiting, good] = [run(dropped, 'running'), run(dropped, 'waiting'), run(other, 'good')];
    const why = new InsituError('DISPOSED', 'It was disposed of.', { hint: 'Load it again.' });
    dispatcher.drop(dropped, why);
    await Promise.all([running.settled, waiting.settled]);
    expect(running.outcome.error).toBe(why);
    expect(waiting.outcome.error).toBe(why);
    expect(fake.open('run')[0]!.aborted).toBe(true);
    await answerRun(fake);
    await answerRun(fake, 'answer');
    await good.settled;
    expect(good.outcome).toEqual({ value: 'answer' });
    expect(inputsOf(fake)).toEqual(['running', 'good']);
    expect(runs()).toMatchObject([
      { status: 'error', code: 'DISPOSED' },
      { status: 'aborted', abort: 'step' },
      { status: 'ok' },
    ]);
  });
});
