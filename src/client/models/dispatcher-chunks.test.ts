import { describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { isRetirement, retire } from '../workers/retirement.ts';
import { answerRun, createDispatch, inputsOf } from './fake-dispatch.conformance.ts';
import { createModel, turn } from './fake-model.conformance.ts';

const outOfMemory = () => new InsituError('OUT_OF_MEMORY', 'Too large.', { hint: 'Use less.' });

describe('a run that is read piece by piece', () => {
  it('asks for pieces, and hears them and its progress before the answer', async () => {
    const { run, addWorker } = createDispatch();
    const model = createModel('org/name');
    const worker = addWorker(model);
    const heard: unknown[] = [];
    const onChunk = (chunk: unknown) => void heard.push(chunk);
    const onProgress = (progress: unknown) => void heard.push(progress);
    const { outcome } = run(model, 'text', { onChunk, onProgress });
    const [call] = worker.open('run');
    expect(call!.argument).toMatchObject({ stream: true, progress: true });
    call!.tell({ type: 'chunk', chunk: 'one' });
    call!.tell({ type: 'progress', done: 1, total: 2 });
    call!.tell({ type: 'chunk', chunk: 'two' });
    await answerRun(worker, 'all');
    expect(heard).toEqual(['one', { done: 1, total: 2 }, 'two']);
    expect(outcome).toEqual({ value: 'all' });
  });

  it('tells the worker of each piece that was read', () => {
    const { run, addWorker } = createDispatch();
    const model = createModel('org/name');
    const worker = addWorker(model);
    const asks: (() => void)[] = [];
    run(model, 'text', { onChunk: (_, taken) => void asks.push(taken) });
    const [call] = worker.open('run');
    call!.tell({ type: 'chunk', chunk: 'one' });
    call!.tell({ type: 'chunk', chunk: 'two' });
    expect(call!.taken).toBe(0);
    asks[0]!();
    expect(call!.taken).toBe(1);
  });

  it('hears nothing more when it was aborted', () => {
    const { run, addWorker } = createDispatch();
    const model = createModel('org/name');
    const worker = addWorker(model);
    const controller = new AbortController();
    const onChunk = vi.fn();
    const { outcome, settled } = run(model, 'text', { onChunk, signal: controller.signal });
    const [call] = worker.open('run');
    call!.tell({ type: 'chunk', chunk: 'one' });
    controller.abort('enough');
    call!.tell({ type: 'chunk', chunk: 'two' });
    expect(onChunk).toHaveBeenCalledOnce();
    expect(call!.aborted).toBe(true);
    return settled.then(() => expect(outcome).toEqual({ error: 'enough' }));
  });

  it('is sent again when its worker ends for the sake of another before the first piece', async () => {
    const { run, addWorker, fillings } = createDispatch();
    const model = createModel('org/name');
    const first = addWorker(model);
    const { outcome } = run(model, 'text', { onChunk: () => {}, onProgress: () => {} });
    first.open('run')[0]!.tell({ type: 'progress', done: 1, total: 9 });
    await retire(first.worker, 'the other');
    await turn();
    expect(outcome).toEqual({});
    const second = addWorker();
    await fillings[0]!.succeed(second);
    expect(inputsOf(second)).toEqual(['text']);
    await answerRun(second, 'all');
    expect(outcome).toEqual({ value: 'all' });
  });

  it('is not sent again after the first piece: whoever began it hears why, and may', async () => {
    const { run, addWorker, fillings } = createDispatch();
    const model = createModel('org/name');
    const first = addWorker(model);
    const { outcome } = run(model, 'text', { onChunk: () => {} });
    first.open('run')[0]!.tell({ type: 'chunk', chunk: 'one' });
    await retire(first.worker, 'the other');
    await turn();
    expect(isRetirement(outcome.error)).toBe(true);
    expect(fillings).toHaveLength(0);
    expect(model.tally).toMatchObject({ failed: 1, answered: 0 });
  });
});

describe('a run whose inputs are given away', () => {
  it('gives them to the worker', () => {
    const { run, addWorker } = createDispatch();
    const model = createModel('org/name');
    const worker = addWorker(model);
    const { buffer } = new Uint8Array(4);
    run(model, 'text', { transfer: [buffer] });
    expect(worker.open('run')[0]!.transfer).toEqual([buffer]);
  });

  it('waits for a worker with them', async () => {
    const { run, addWorker, fillings } = createDispatch();
    const model = createModel('org/name');
    const { outcome } = run(model, 'text', { transfer: [new ArrayBuffer(4)] });
    const worker = addWorker();
    await fillings[0]!.succeed(worker);
    expect(worker.open('run')[0]!.transfer).toHaveLength(1);
    await answerRun(worker, 'all');
    expect(outcome).toEqual({ value: 'all' });
  });

  it('is not sent again when its worker ends for the sake of another; one that gave nothing away is', async () => {
    const { run, addWorker, fillings } = createDispatch();
    const model = createModel('org/name');
    const first = addWorker(model);
    const spent = run(model, 'spent', { transfer: [new ArrayBuffer(4)], priority: 'normal' });
    const whole = run(model, 'whole', { transfer: [], priority: 'interactive' });
    await retire(first.worker, 'the other');
    await turn();
    expect(isRetirement(spent.outcome.error)).toBe(true);
    expect(whole.outcome).toEqual({});
    const second = addWorker();
    await fillings[0]!.succeed(second);
    expect(inputsOf(second)).toEqual(['whole']);
  });

  it('and that has no memory is not done again: it has failed, and room is made all the same', async () => {
    const { run, addWorker, fillings, memory, runs } = createDispatch();
    const model = createModel('org/name');
    const first = addWorker(model);
    const { outcome } = run(model, 'large', { transfer: [new ArrayBuffer(4)] });
    const why = outOfMemory();
    first.open('run')[0]!.fail(why);
    await turn();
    expect(outcome).toEqual({ error: why });
    expect(memory.unloadIdle).toHaveBeenCalledOnce();
    expect(first.worker.death).toMatchObject({ cause: why });
    expect(fillings).toHaveLength(0);
    expect(model.tally).toMatchObject({ failed: 1, aborted: { step: 0, queued: 0, terminated: 0 } });
    expect(runs()).toMatchObject([{ status: 'error', code: 'OUT_OF_MEMORY' }]);
  });
});
