import { describe, expect, it, vi } from 'vitest';
import type { ClientEvent } from '../observe/client-event.ts';
import { crash, createFakeModelWorker } from '../workers/fake-model-worker.conformance.ts';
import type { ModelWorker } from '../workers/worker-pool.ts';
import { createModel, seat, turn } from './fake-model.conformance.ts';
import type { HostedModel } from './hosted-model.ts';
import { createMemoryKeeper } from './memory-keeper.ts';

/** A model of so many bytes in a worker of its own. */
function createSeated(name: string, bytes: number, usedAt: number) {
  const model = createModel(name);
  model.usedAt = usedAt;
  return { model, fake: seat(model, bytes) };
}

function createKeeper(budget: number, ...models: HostedModel[]) {
  const wanted = new Set<HostedModel>();
  const events: ClientEvent[] = [];
  const leave = vi.fn(async (_worker: ModelWorker) => {});
  const memory = createMemoryKeeper({
    budget,
    models: new Set(models),
    pool: { leave },
    observe: (event) => void events.push(event),
    wanted: (model) => wanted.has(model),
  });
  return { memory, wanted, leave, events };
}

const isLoaded = ({ seats }: HostedModel) => seats.length > 0;

describe('the bytes of all models', () => {
  it('are those of every copy in a worker', () => {
    const [one, two, none] = [createModel('one'), createModel('two'), createModel('none')];
    seat(one, 100);
    seat(one, 100);
    seat(two, 30);
    none.bytes = 1000;
    const { memory } = createKeeper(Infinity, one, two, none);
    expect(memory.bytes).toBe(230);
    one.seats.pop();
    expect(memory.bytes).toBe(130);
  });
});

describe('room for a model', () => {
  it('is made by unloading what was not used for longest, and no more than that', () => {
    const [a, b, c] = [createSeated('a', 30, 300), createSeated('b', 30, 100), createSeated('c', 30, 200)];
    const wants = createModel('wants');
    const { memory, events } = createKeeper(100, a.model, b.model, c.model, wants);
    expect(memory.makeRoom(wants, 10)).toBeUndefined();
    expect([a, b, c].map(({ model }) => isLoaded(model))).toEqual([true, true, true]);
    expect(memory.makeRoom(wants, 50)).toBeUndefined();
    expect([a, b, c].map(({ model }) => isLoaded(model))).toEqual([true, false, false]);
    expect(memory.bytes).toBe(30);
    expect(events).toEqual([
      { type: 'unload', task: 'feature-extraction', model: 'b', bytes: 30, reason: 'budget' },
      { type: 'unload', task: 'feature-extraction', model: 'c', bytes: 30, reason: 'budget' },
    ]);
  });

  it('is not made by unloading what is in use', () => {
    const names = ['running', 'loading', 'wanted', 'idle'];
    const [running, loading, wanted, idle] = names.map((name) => createSeated(name, 25, 0).model);
    const { memory, wanted: waitedFor } = createKeeper(100, running!, loading!, wanted!, idle!);
    running!.running = 1;
    loading!.fillings = 1;
    waitedFor.add(wanted!);
    expect(memory.makeRoom(createModel('wants'), 100), 'it is over the budget then').toBeUndefined();
    expect([running, loading, wanted, idle].map((model) => isLoaded(model!))).toEqual([true, true, true, false]);
  });

  it('is not made by unloading the model itself: a second copy is to come', () => {
    const { model } = createSeated('own', 60, 0);
    const { memory } = createKeeper(100, model);
    memory.makeRoom(model, 60);
    expect(isLoaded(model)).toBe(true);
  });

  it('is made neither for nor by models that are in no worker', () => {
    const none = createModel('none');
    const { memory, events } = createKeeper(100, none);
    expect(memory.makeRoom(createModel('wants'), 100)).toBeUndefined();
    expect(events).toEqual([]);
  });

  it('is refused to what will never fit, and nothing is unloaded for it', () => {
    const { model } = createSeated('idle', 50, 0);
    const wants = createModel('wants');
    const { memory, events } = createKeeper(1_500_000, model, wants);
    expect(memory.makeRoom(wants, 1_500_000)).toBeUndefined();
    expect(memory.exceeds(wants)).toBe(false);
    seat(model, 50);
    events.length = 0;
    expect(memory.makeRoom(wants, 2_345_678)).toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: "wants has 2.3 MB, and the client's memoryBudget is 1.5 MB.",
      hint: expect.stringContaining('memoryBudget'),
    });
    expect(memory.exceeds(wants)).toBe(true);
    expect(isLoaded(model)).toBe(true);
    expect(events).toEqual([]);
  });
});

describe('a model that is unloaded', () => {
  it('leaves its workers once they have freed it', async () => {
    const model = createModel('a');
    const [one, other] = [seat(model, 10), seat(model, 10)];
    model.seats[1]!.modelId = 8;
    const { memory, leave } = createKeeper(Infinity, model);
    const settled = vi.fn();
    const unloaded = memory.unload(model).then(settled);
    expect(model.seats, 'it takes no runs meanwhile').toEqual([]);
    await turn();
    expect(leave).not.toHaveBeenCalled();
    expect([one, other].flatMap(({ calls }) => calls.map(({ method, argument }) => [method, argument]))).toEqual([
      ['unload', 7],
      ['unload', 8],
    ]);
    one.open('unload')[0]!.answer();
    await turn();
    expect(leave.mock.calls).toEqual([[one.worker]]);
    expect(settled).not.toHaveBeenCalled();
    other.open('unload')[0]!.answer();
    await unloaded;
    expect(leave).toHaveBeenCalledTimes(2);
  });

  it('resolves when its worker is gone', async () => {
    const model = createModel('a');
    const fake = seat(model);
    const { memory, leave } = createKeeper(Infinity, model);
    let end = () => {};
    leave.mockImplementation(() => new Promise((resolve) => (end = resolve)));
    const settled = vi.fn();
    const unloaded = memory.unload(model).then(settled);
    fake.open('unload')[0]!.answer();
    await turn();
    expect(settled).not.toHaveBeenCalled();
    end();
    await unloaded;
  });

  it('is gone with a worker that dies meanwhile', async () => {
    const model = createModel('a');
    const fake = seat(model);
    const { memory, leave } = createKeeper(Infinity, model);
    const unloaded = memory.unload(model);
    fake.die(crash());
    await unloaded;
    expect(leave).toHaveBeenCalledExactlyOnceWith(fake.worker);
  });

  it('that is in no worker is unloaded already', async () => {
    const { memory, leave } = createKeeper(Infinity);
    await memory.unload(createModel('a'));
    expect(leave).not.toHaveBeenCalled();
  });
});

describe('all models that nobody uses', () => {
  it('are unloaded together, but this one', async () => {
    const worker = createFakeModelWorker();
    const [own, idle, other, busy] = ['own', 'idle', 'other', 'busy'].map((name) => createModel(name));
    for (const model of [own!, idle!, other!, busy!]) seat(model, 10, worker);
    busy!.running = 1;
    const { memory, events } = createKeeper(Infinity, own!, idle!, other!, busy!);
    const settled = vi.fn();
    const unloaded = memory.unloadIdle(own!, 'out-of-memory').then(settled);
    await turn();
    expect(settled).not.toHaveBeenCalled();
    expect(worker.open('unload')).toHaveLength(2);
    for (const call of worker.open('unload')) call.answer();
    await unloaded;
    expect([own, idle, other, busy].map((model) => isLoaded(model!))).toEqual([true, false, false, true]);
    expect(events).toMatchObject([
      { type: 'unload', model: 'idle', bytes: 10, reason: 'out-of-memory' },
      { type: 'unload', model: 'other', bytes: 10, reason: 'out-of-memory' },
    ]);
  });
});
