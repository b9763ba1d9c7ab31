import { describe, expect, it, vi } from 'vitest';
import { crash } from '../workers/fake-model-worker.conformance.ts';
import { answer, createLoader, insituError, outcomeOf, progress } from './fake-loader.conformance.ts';
import { createModel, plan, seat, turn } from './fake-model.conformance.ts';
import type { LoadListening } from './hosted-model.ts';

describe('a load', () => {
  it('puts the model into a worker, and notes what it is told', async () => {
    const { fillSeat, fakes, events, loadIn, leave } = createLoader();
    const model = createModel('org/name');
    const filling = fillSeat(model);
    const call = await loadIn(0);
    expect(call.argument).toBe(model.request);
    expect(model).toMatchObject({ fillings: 1, seats: [] });
    expect([...model.filling]).toEqual([fakes[0]!.worker]);
    call.answer(answer);
    const taken = await filling;
    expect(taken).toEqual({ worker: fakes[0]!.worker, modelId: 3, bytes: 100, interrupt: answer.interrupt });
    expect(model).toMatchObject({ fillings: 0, bytes: 100, plan, tally: { loads: 1, load: { count: 1 } } });
    expect(model.seats).toEqual([taken]);
    expect(model.filling.size).toBe(0);
    expect(fakes[0]!.worker.heap).toBe(5000);
    expect(leave).not.toHaveBeenCalled();
    expect(events).toEqual([
      {
        type: 'load',
        task: 'feature-extraction',
        model: 'org/name',
        worker: fakes[0]!.worker.id,
        status: 'ok',
        start: expect.any(Number),
        duration: expect.any(Number),
        bytes: 100,
      },
    ]);
  });

  it('tells what the worker tells, also after its answer', async () => {
    const { fillSeat, loadIn } = createLoader();
    const heard: unknown[] = [];
    const filling = fillSeat(createModel('org/name'), { onEvent: (event) => void heard.push(event) });
    const call = await loadIn(0);
    call.tell(progress(10));
    call.answer(answer);
    await filling;
    call.tell({ status: 'stored' });
    expect(heard).toEqual([progress(10), { status: 'stored' }]);
  });

  it('goes to a worker that has no copy of the model, and gets none', async () => {
    const { fillSeat, place, fakes, loadIn } = createLoader();
    const model = createModel('org/name', { replicas: 3 });
    const first = seat(model);
    const fillings = [fillSeat(model), fillSeat(model)];
    for (const index of [0, 1]) (await loadIn(index)).answer(answer);
    await Promise.all(fillings);
    const others = place.mock.calls.map(([options]) => [...options.others]);
    expect(others).toEqual([[first.worker], [first.worker, fakes[0]!.worker]]);
  });

  it('makes room as soon as it is known how much, and once more when all is known', async () => {
    const { fillSeat, memory, loadIn } = createLoader();
    const model = createModel('org/name');
    const filling = fillSeat(model);
    const call = await loadIn(0);
    for (const total of [10, 70]) call.tell(progress(total));
    expect(memory.makeRoom.mock.calls).toEqual([
      [model, 10],
      [model, 70],
    ]);
    memory.makeRoom.mockImplementation((of) => {
      expect(of.seats, 'it counts already').toHaveLength(1);
      return undefined;
    });
    call.answer(answer);
    await filling;
    expect(memory.makeRoom.mock.calls.slice(2)).toEqual([[model, 0]]);
    call.tell({ status: 'stored', total: 100 });
    expect(memory.makeRoom, 'it has its room').toHaveBeenCalledTimes(3);
  });
});

describe('a load that is aborted', () => {
  it('rejects at once with the very reason, tells the worker, and leaves it', async () => {
    const { fillSeat, loadIn, leave, events } = createLoader();
    const controller = new AbortController();
    const outcome = outcomeOf(fillSeat(createModel('org/name'), { signal: controller.signal }));
    const call = await loadIn(0);
    const why = { any: 'reason' };
    controller.abort(why);
    expect(await outcome).toBe(why);
    expect(call.aborted).toBe(true);
    expect(leave).toHaveBeenCalledOnce();
    expect(events).toMatchObject([{ status: 'aborted' }]);
  });

  it('and is loaded all the same, for the abort came too late, is unloaded', async () => {
    const { fillSeat, fakes, loadIn } = createLoader();
    const controller = new AbortController();
    const model = createModel('org/name');
    const outcome = outcomeOf(fillSeat(model, { signal: controller.signal }));
    const call = await loadIn(0);
    controller.abort('enough');
    expect(await outcome).toBe('enough');
    call.answer(answer);
    await vi.waitFor(() => expect(fakes[0]!.open('unload')).toMatchObject([{ argument: answer.modelId }]));
    expect(model.seats).toEqual([]);
  });

  it('when it is loaded stays', async () => {
    const { fillSeat, fakes, loadIn } = createLoader();
    const controller = new AbortController();
    const filling = fillSeat(createModel('org/name'), { signal: controller.signal });
    const call = await loadIn(0);
    call.answer(answer);
    await filling;
    controller.abort();
    await turn();
    expect(call.aborted).toBe(false);
    expect(fakes[0]!.calls).toEqual([call]);
  });
});

describe('a load of a model that is disposed of', () => {
  it('rejects at once, tells the worker, and is unloaded where that came too late', async () => {
    const { fillSeat, fakes, loadIn, leave, events } = createLoader();
    const model = createModel('org/name');
    const outcome = outcomeOf(fillSeat(model));
    const call = await loadIn(0);
    model.ending.abort(insituError('DISPOSED'));
    expect(await outcome).toBe(model.ended);
    expect(call.aborted).toBe(true);
    expect(events).toMatchObject([{ status: 'aborted', code: 'DISPOSED' }]);
    expect(model.loads.size, 'the worker still has it').toBeGreaterThan(0);
    call.answer(answer);
    await vi.waitFor(() => expect(fakes[0]!.open('unload')).toHaveLength(1));
    expect(model.seats).toEqual([]);
    expect(fakes[0]!.open('unload')).toMatchObject([{ argument: answer.modelId }]);
    expect(leave).toHaveBeenCalledExactlyOnceWith(fakes[0]!.worker);
    fakes[0]!.open('unload')[0]!.answer();
    await vi.waitFor(() => expect(model.loads.size).toBe(0));
  });

  it('while it waits for its turn rejects at once, and starts no worker', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { fillSeat, place } = createLoader();
      const model = createModel('org/name');
      for (let death = 0; death < 3; death++) model.budget.died(crash());
      const outcome = outcomeOf(fillSeat(model));
      model.ending.abort(insituError('DISPOSED'));
      expect(await outcome).toBe(model.ended);
      await vi.advanceTimersByTimeAsync(1000);
      expect(place).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a load of an isolated model', () => {
  it('brings the files, and tells of them once', async () => {
    const brought = {
      ...createModel('org/name').request,
      location: { kind: 'disk', reference: 'org/name', files: [] },
    };
    const bringFiles = vi.fn(async (_: unknown, { onEvent }: LoadListening) => {
      onEvent!({ status: 'done', file: 'config.json', source: 'store', total: 10 } as never);
      return brought as never;
    });
    const { fillSeat, loadIn, place, memory } = createLoader({ bringFiles });
    const model = createModel('org/name', { isolate: true });
    const heard: unknown[] = [];
    const filling = fillSeat(model, { onEvent: (event) => void heard.push(event) });
    const call = await loadIn(0);
    expect(place.mock.calls).toMatchObject([[{ isolated: true }]]);
    expect(bringFiles.mock.calls).toMatchObject([[model.request, {}]]);
    expect(call.argument).toBe(brought);
    call.tell({ status: 'done', file: 'config.json', source: 'disk', total: 10 });
    call.tell({ status: 'ready', source: 'disk', total: 10 });
    call.answer(answer);
    await filling;
    expect(heard).toMatchObject([
      { status: 'done', source: 'store' },
      { status: 'ready', source: 'store' },
    ]);
    expect(memory.makeRoom).toHaveBeenCalledWith(model, 10);
  });

  it('brings no more when its worker has died meanwhile', async () => {
    const bringFiles = vi.fn((_: unknown, { signal, onEvent }: LoadListening) => {
      const outcome = new Promise<never>((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason));
      });
      fakes[0]!.die(crash('The frame was refused.'));
      onEvent!(progress(10) as never);
      return outcome;
    });
    const { fillSeat, fakes } = createLoader({ bringFiles });
    const outcome = outcomeOf(fillSeat(createModel('org/name', { isolate: true })));
    expect(await outcome).toMatchObject({ message: 'The frame was refused.' });
    expect(bringFiles).toHaveBeenCalledTimes(1);
  });
});
