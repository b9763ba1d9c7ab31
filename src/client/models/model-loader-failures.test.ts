import { describe, expect, it } from 'vitest';
import { crash } from '../workers/fake-model-worker.conformance.ts';
import { retire } from '../workers/retirement.ts';
import { answer, createLoader, insituError, outcomeOf, progress } from './fake-loader.conformance.ts';
import { createModel, turn } from './fake-model.conformance.ts';

describe('a load that fails', () => {
  it('rejects with the reason, and is not tried again', async () => {
    const { fillSeat, fakes, events, leave, loadIn } = createLoader();
    const model = createModel('org/name');
    const outcome = outcomeOf(fillSeat(model));
    const why = insituError('MODEL_NOT_FOUND');
    (await loadIn(0)).fail(why);
    expect(await outcome).toBe(why);
    expect(fakes).toHaveLength(1);
    expect(leave).toHaveBeenCalledExactlyOnceWith(fakes[0]!.worker);
    expect(model).toMatchObject({ fillings: 0, seats: [], tally: { loads: 0 } });
    expect(model.filling.size).toBe(0);
    expect(events).toMatchObject([{ status: 'error', code: 'MODEL_NOT_FOUND', message: why.message }]);
  });

  it('with its worker is not tried again: the next worker might die of it too', async () => {
    const { fillSeat, fakes, loadIn, leave } = createLoader();
    const outcome = outcomeOf(fillSeat(createModel('org/name')));
    await loadIn(0);
    const why = crash();
    fakes[0]!.die(why);
    expect(await outcome).toBe(why);
    expect(fakes).toHaveLength(1);
    expect(leave).toHaveBeenCalledOnce();
  });

  it('because its worker had to end for another call is sent again, three times at most', async () => {
    const { fillSeat, fakes, loadIn, leave, events } = createLoader();
    const outcome = outcomeOf(fillSeat(createModel('org/name')));
    for (const index of [0, 1, 2, 3]) {
      await loadIn(index);
      await retire(fakes[index]!.worker, 'another call');
    }
    expect(await outcome).toMatchObject({ code: 'WORKER_CRASHED', cause: 'another call' });
    expect(leave).toHaveBeenCalledTimes(4);
    expect(events.map((event) => 'status' in event && event.status)).toEqual(Array(4).fill('error'));
  });

  it('is not begun where the model has taken too many workers with it', async () => {
    const { fillSeat, place } = createLoader();
    const model = createModel('org/name');
    for (let death = 0; death < 5; death++) model.budget.died(crash());
    await expect(fillSeat(model)).rejects.toMatchObject({ code: 'WORKER_CRASHED', retryable: false });
    expect(place).not.toHaveBeenCalled();
    expect(model.fillings).toBe(0);
  });
});

describe('a load without memory', () => {
  it('is tried once more in a fresh worker, after what nobody uses was unloaded', async () => {
    const { fillSeat, fakes, loadIn, memory, place, events } = createLoader();
    const model = createModel('org/name');
    const filling = fillSeat(model);
    let unloaded = () => {};
    memory.unloadIdle.mockImplementation(() => new Promise<void>((resolve) => (unloaded = resolve)));
    const why = insituError('OUT_OF_MEMORY');
    (await loadIn(0)).fail(why);
    await turn();
    expect(fakes[0]!.worker.death, 'its memory never shrinks').toMatchObject({ cause: why });
    expect(memory.unloadIdle.mock.calls).toEqual([[model, 'out-of-memory']]);
    expect(place, 'not before there is room').toHaveBeenCalledOnce();
    unloaded();
    (await loadIn(1)).answer(answer);
    expect(await filling).toMatchObject({ worker: fakes[1]!.worker });
    expect(events).toMatchObject([{ status: 'error', code: 'OUT_OF_MEMORY' }, { status: 'ok' }]);
  });

  it('again fails, and leaves no worker in that state', async () => {
    const { fillSeat, fakes, loadIn, memory } = createLoader();
    const outcome = outcomeOf(fillSeat(createModel('org/name')));
    (await loadIn(0)).fail(insituError('OUT_OF_MEMORY'));
    const why = insituError('OUT_OF_MEMORY');
    (await loadIn(1)).fail(why);
    expect(await outcome).toBe(why);
    expect(fakes.map(({ worker }) => worker.state)).toEqual(['dead', 'dead']);
    expect(memory.unloadIdle).toHaveBeenCalledOnce();
  });

  it('because it exceeds the budget is stopped at once, and ends no worker', async () => {
    const { fillSeat, fakes, loadIn, memory, leave, events } = createLoader();
    const why = insituError('OUT_OF_MEMORY');
    const heard: unknown[] = [];
    const outcome = outcomeOf(fillSeat(createModel('org/name'), { onEvent: (event) => void heard.push(event) }));
    const call = await loadIn(0);
    call.tell(progress(10));
    memory.makeRoom.mockReturnValue(why);
    memory.exceeds.mockReturnValue(true);
    call.tell(progress(1000));
    expect(await outcome).toBe(why);
    expect(call.aborted).toBe(true);
    expect(heard).toEqual([progress(10), progress(1000)]);
    expect(fakes).toHaveLength(1);
    expect(fakes[0]!.worker.death, 'it did not try').toBeUndefined();
    expect(memory.unloadIdle).not.toHaveBeenCalled();
    expect(leave).toHaveBeenCalledOnce();
    expect(events).toMatchObject([{ status: 'error', code: 'OUT_OF_MEMORY' }]);
  });
});
