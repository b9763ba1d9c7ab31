import { expect, it, vi } from 'vitest';
import { type Call, createCalls } from './calls.ts';

/** Calls on a clock that the test sets. */
function createClocked(deadline = 1000) {
  const clock = { now: 0 };
  const changes: Call['outcome'][] = [];
  const calls = createCalls({
    deadline,
    describe: (thrown) => ({
      failure: { code: String(thrown), message: '', hint: '', retryable: false },
      typed: thrown !== 'strange',
    }),
    onChange: (call) => changes.push(call.outcome),
    now: () => clock.now,
  });
  const kind = 'steady';
  return { calls, clock, changes, kind } as const;
}

const never = () => new Promise<never>(() => {});

it('counts each call in the way in which it ended', async () => {
  const { calls, kind } = createClocked();
  const controller = new AbortController();
  const made = [
    calls.make({ kind, what: 'answered' }, async () => 1),
    calls.make({ kind, what: 'rejected' }, () => Promise.reject('CODE')),
    calls.make({ kind, what: 'strange' }, () => Promise.reject('strange')),
    calls.make({ kind, what: 'aborted', signal: controller.signal }, async () => {
      controller.abort();
      throw controller.signal.reason;
    }),
    calls.make({ kind, what: 'failed under a signal', signal: new AbortController().signal }, () =>
      Promise.reject('CODE'),
    ),
  ];
  calls.make({ kind, what: 'pending' }, never);
  expect(await Promise.all(made.map(({ value }) => value))).toEqual([1, undefined, undefined, undefined, undefined]);
  expect(made.map(({ call }) => call.outcome)).toEqual(['answered', 'rejected', 'untyped', 'aborted', 'rejected']);
  expect(made[1]!.call.failure).toMatchObject({ code: 'CODE' });
  expect(calls.tally()).toEqual({
    made: 6,
    answered: 1,
    rejected: 2,
    aborted: 1,
    untyped: 1,
    pending: 1,
    overdue: 0,
  });
});

it('tells of a call when it is made and when it has settled, with its times', async () => {
  const { calls, clock, changes, kind } = createClocked();
  clock.now = 10;
  const { call, value } = calls.make({ kind, what: 'a call' }, async () => 'answer');
  clock.now = 30;
  await value;
  expect(changes).toEqual(['pending', 'answered']);
  expect(call).toMatchObject({ calledAt: 10, settledAt: 30 });
});

it('calls overdue what is pending past the deadline, and only that', async () => {
  const { calls, clock, kind } = createClocked(1000);
  const { value } = calls.make({ kind, what: 'answered' }, async () => 1);
  await value;
  calls.make({ kind, what: 'pending' }, never);
  clock.now = 1000;
  calls.make({ kind, what: 'younger' }, never);
  expect(calls.tally().overdue).toBe(0);
  clock.now = 1001;
  expect(calls.tally()).toMatchObject({ pending: 2, overdue: 1 });
});

/** A call that takes from one moment to another to be made, as calls of the library do, and rejects when it is aborted. */
function makeAborted({ calls, clock, kind }: ReturnType<typeof createClocked>, from: number, until: number) {
  const controller = new AbortController();
  clock.now = from;
  const { call, value } = calls.make({ kind, what: 'aborted', signal: controller.signal }, () => {
    clock.now = until;
    return new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason));
    });
  });
  return { call, value, abort: () => controller.abort() };
}

it('learns how a call was aborted from the run that began while it was made', async () => {
  const clocked = createClocked();
  const first = makeAborted(clocked, 10, 12);
  const second = makeAborted(clocked, 20, 22);
  first.abort();
  second.abort();
  await Promise.all([first.value, second.value]);
  clocked.calls.noteRun({ start: 15, abort: 'queued' });
  expect([first.call.abort, second.call.abort]).toEqual([undefined, undefined]);
  clocked.calls.noteRun({ start: 21, abort: 'terminated' });
  clocked.calls.noteRun({ start: 11, abort: 'step' });
  expect([first.call.abort, second.call.abort]).toEqual(['step', 'terminated']);
});

it('keeps the way in which the part of a call was aborted that had come furthest', async () => {
  const clocked = createClocked();
  const { call, value, abort } = makeAborted(clocked, 10, 12);
  clocked.calls.noteRun({ start: 11, abort: 'queued' });
  abort();
  await value;
  clocked.calls.noteRun({ start: 11, abort: 'step' });
  clocked.calls.noteRun({ start: 12, abort: 'queued' });
  clocked.calls.noteRun({ start: 12 });
  expect(call.abort).toBe('step');
});

it('tells of an aborted call again when it is known how', async () => {
  const clocked = createClocked();
  const { value, abort } = makeAborted(clocked, 10, 12);
  const heard = vi.spyOn(clocked.changes, 'push');
  abort();
  await value;
  clocked.calls.noteRun({ start: 11, abort: 'step' });
  expect(heard.mock.calls).toEqual([['aborted'], ['aborted']]);
});
