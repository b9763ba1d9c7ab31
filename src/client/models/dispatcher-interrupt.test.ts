import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { abortable, createDispatch } from './fake-dispatch.conformance.ts';
import { createModel } from './fake-model.conformance.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an abort where the runtime can be stopped between two operators', () => {
  /** A model whose runtime has its flag at the tenth byte. */
  const createInterruptible = (dispatch: ReturnType<typeof createDispatch>) => {
    const model = createModel('org/name');
    const fake = dispatch.addWorker(model);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    model.seats[0]!.interrupt = { memory, address: 10 };
    /** Addresses of all bytes that are not 0, with what they are. */
    const raised = () => {
      const found: [number, number][] = [];
      new Uint8Array(memory.buffer).forEach((byte, address) => byte && found.push([address, byte]));
      return found;
    };
    return { model, fake, memory, raised };
  };

  it('raises its flag, wherever its memory is by then, and only then', async () => {
    const dispatch = createDispatch();
    const { model, fake, memory, raised } = createInterruptible(dispatch);
    const { given, abort } = abortable();
    const { settled } = dispatch.run(model, 'text', given);
    memory.grow(1);
    expect(raised()).toEqual([]);
    abort('enough');
    await settled;
    expect(raised()).toEqual([[10, 1]]);
    expect(fake.open('run')[0]!.aborted, 'the worker is told as well').toBe(true);
  });

  it('while it waits leaves the flag alone: that would stop another run', async () => {
    const dispatch = createDispatch();
    const { model, raised } = createInterruptible(dispatch);
    dispatch.run(model, 'running');
    const { given, abort } = abortable();
    const { settled } = dispatch.run(model, 'waiting', given);
    abort('enough');
    await settled;
    expect(raised()).toEqual([]);
  });

  it('ends the worker when even that does not stop it', async () => {
    const dispatch = createDispatch({ cancelGrace: 150 });
    const { model, fake } = createInterruptible(dispatch);
    const { given, abort } = abortable();
    dispatch.run(model, 'text', given);
    abort('enough');
    await vi.advanceTimersByTimeAsync(150);
    expect(fake.worker.death).toMatchObject({ cause: 'enough' });
  });

  it('needs no spare for a run that takes long', async () => {
    const dispatch = createDispatch();
    const { model } = createInterruptible(dispatch);
    dispatch.run(model, 'long', abortable().given);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(dispatch.pool.warm).not.toHaveBeenCalled();
  });
});
