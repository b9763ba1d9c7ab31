import { describe, expect, it, vi } from 'vitest';
import type { Priority } from '../protocol/priority.ts';
import { createStepQueue } from './step-queue.ts';

const never = new AbortController().signal;

/** Lets everything happen that needs no more than time. */
const turn = async () => {
  // A step that has waited begins in a task of its own.
  for (let task = 0; task < 3; task++) await new Promise((resolve) => setImmediate(resolve));
};

/** A queue whose steps end when the test says so. */
function createSteps() {
  const queue = createStepQueue();
  const begun: string[] = [];
  let running: { succeed(): void; fail(reason: Error): void } | undefined;

  /** Wants a step, which gives its own name. */
  const want = (name: string, priority: Priority = 'normal', signal = never): Promise<string> =>
    queue.run(priority, signal, () => {
      begun.push(name);
      expect(running, `${name} begins when nothing else runs`).toBeUndefined();
      return new Promise((resolve, reject) => (running = { succeed: () => resolve(name), fail: reject }));
    });
  /** Ends the step that runs, and lets the next one begin. */
  const end = async (failure?: Error) => {
    const { succeed, fail } = running!;
    running = undefined;
    if (failure) fail(failure);
    else succeed();
    await turn();
  };
  const endAll = async () => {
    while (running) await end();
  };
  return { queue, begun, want, end, endAll };
}

describe('createStepQueue', () => {
  it('runs one step at a time, and gives what it gives', async () => {
    const { want, end, begun } = createSteps();
    const [first, second] = [want('first'), want('second')];
    await turn();
    expect(begun).toEqual(['first']);
    await end();
    expect(await first).toBe('first');
    expect(begun).toEqual(['first', 'second']);
    await end();
    expect(await second).toBe('second');
  });

  it('begins a step without delay where nothing runs, also after it was busy', async () => {
    const { want, end, begun } = createSteps();
    void want('first');
    expect(begun).toEqual(['first']);
    await end();
    void want('second');
    expect(begun).toEqual(['first', 'second']);
  });

  it('keeps the order of steps of one priority', async () => {
    const { want, endAll, begun } = createSteps();
    const names = ['a', 'b', 'c', 'd', 'e'];
    const all = Promise.all(names.map((name) => want(name)));
    await endAll();
    expect(await all).toEqual(names);
    expect(begun).toEqual(names);
  });

  it('takes the highest priority first, whatever came first', async () => {
    const { want, endAll, begun } = createSteps();
    void want('running');
    void want('background 1', 'background');
    void want('normal 1', 'normal');
    void want('interactive 1', 'interactive');
    void want('background 2', 'background');
    void want('normal 2', 'normal');
    void want('interactive 2', 'interactive');
    await endAll();
    expect(begun).toEqual([
      'running',
      ...['interactive 1', 'interactive 2'],
      ...['normal 1', 'normal 2'],
      ...['background 1', 'background 2'],
    ]);
  });

  it('lets a step of higher priority wait for one step at most', async () => {
    const { want, end, endAll, begun } = createSteps();
    for (const name of ['one', 'two', 'three']) void want(name, 'background');
    await end();
    void want('now', 'interactive');
    await endAll();
    expect(begun).toEqual(['one', 'two', 'now', 'three']);
  });

  it('alternates between two callers of equal priority who take their turn anew for each step', async () => {
    const { want, endAll, begun } = createSteps();
    const batch = async (name: string) => {
      for (const step of [1, 2, 3]) await want(`${name}${step}`);
    };
    const batches = Promise.all([batch('a'), batch('b')]);
    await endAll();
    await batches;
    expect(begun).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  });
});

describe('a step that has waited', () => {
  it('begins when whoever had the turn before has told of it, however long its way is', async () => {
    const queue = createStepQueue();
    let told = false;
    const first = queue.run('normal', never, async () => {});
    const answer = first.then(async () => {
      for (let hop = 0; hop < 100; hop++) await Promise.resolve();
      told = true;
    });
    const second = queue.run('normal', never, async () => told);
    await answer;
    expect(await second).toBe(true);
  });

  it('does not begin when it is aborted in that moment, and hands over', async () => {
    const queue = createStepQueue();
    const controller = new AbortController();
    const first = queue.run('normal', never, async () => {});
    const second = queue.run('normal', controller.signal, async () => 'begun');
    const third = queue.run('normal', never, async () => 'third');
    await first;
    controller.abort('enough');
    await expect(second).rejects.toBe('enough');
    expect(await third).toBe('third');
  });
});

describe('a step that fails', () => {
  it('hands over, and tells why', async () => {
    const { want, end, begun } = createSteps();
    const [first, second] = [want('first'), want('second')];
    const settled = Promise.allSettled([first]);
    await end(new Error('out of luck'));
    expect(await settled).toMatchObject([{ reason: { message: 'out of luck' } }]);
    expect(begun).toEqual(['first', 'second']);
    await end();
    expect(await second).toBe('second');
  });

  it('hands over where it fails before it has begun to wait', async () => {
    const { queue, want, endAll, begun } = createSteps();
    const thrown = queue.run('normal', never, () => {
      throw new Error('thrown');
    });
    void want('next');
    await expect(thrown).rejects.toThrow('thrown');
    await turn();
    expect(begun).toEqual(['next']);
    await endAll();
    void want('last');
    expect(begun).toEqual(['next', 'last']);
  });
});

describe('a step whose signal aborts', () => {
  it('rejects at once while it waits, and never runs', async () => {
    const { want, endAll, begun } = createSteps();
    const controller = new AbortController();
    const running = want('running');
    const aborted = want('aborted', 'interactive', controller.signal);
    const next = want('next');
    controller.abort('enough');
    await expect(aborted).rejects.toBe('enough');
    expect(begun, 'its turn has not come').toEqual(['running']);
    await endAll();
    expect(await Promise.all([running, next])).toEqual(['running', 'next']);
    expect(begun).toEqual(['running', 'next']);
  });

  it('leaves the others of its line in their order', async () => {
    const { want, endAll, begun } = createSteps();
    const controller = new AbortController();
    void want('running');
    void want('before');
    const aborted = [want('aborted 1', 'normal', controller.signal), want('aborted 2', 'normal', controller.signal)];
    void want('after');
    controller.abort('enough');
    expect(await Promise.allSettled(aborted)).toMatchObject([{ reason: 'enough' }, { reason: 'enough' }]);
    await endAll();
    expect(begun).toEqual(['running', 'before', 'after']);
  });

  it('rejects where it had aborted before, and nobody waits for it', async () => {
    const { want, begun } = createSteps();
    await expect(want('late', 'normal', AbortSignal.abort('before'))).rejects.toBe('before');
    const running = vi.fn();
    void want('running').then(running);
    expect(begun).toEqual(['running']);
    await expect(want('late', 'normal', AbortSignal.abort('before'))).rejects.toBe('before');
    expect(running).not.toHaveBeenCalled();
  });

  it.each([
    ['that did not wait', async () => {}],
    ['that had waited', async (steps: ReturnType<typeof createSteps>) => void steps.want('earlier')],
  ])('is not interrupted while it runs: one %s', async (_, before) => {
    const steps = createSteps();
    await before(steps);
    const controller = new AbortController();
    const own = steps.want('own', 'normal', controller.signal);
    const next = steps.want('next');
    if (steps.begun[0] === 'earlier') await steps.end();
    expect(steps.begun.at(-1)).toBe('own');
    controller.abort('enough');
    await turn();
    expect(steps.begun.at(-1), 'it still runs').toBe('own');
    await steps.endAll();
    expect(await own).toBe('own');
    expect(await next, 'the next one has kept its place').toBe('next');
  });
});
