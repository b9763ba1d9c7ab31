import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelHandle } from '../models/model-host.ts';
import { type TestOrigin, type TestTab, closing, createTestOrigin, until } from './test-tabs.conformance.ts';

let origin: TestOrigin;
beforeEach(() => void (origin = createTestOrigin()));
afterEach(() => origin.end());

/** Runs a model, and notes what is heard of it. */
function read(handle: ModelHandle, signal?: AbortSignal) {
  const chunks: unknown[] = [];
  const progress: unknown[] = [];
  const asks: (() => void)[] = [];
  const result = handle.run({
    inputs: ['x'],
    options: {},
    priority: 'normal',
    signal,
    onChunk(chunk, taken) {
      chunks.push(chunk);
      asks.push(taken);
    },
    onProgress: (now) => void progress.push(now),
  });
  const outcome: { value?: unknown; error?: unknown } = {};
  const settled = result.then(
    (value) => void (outcome.value = value),
    (error: unknown) => void (outcome.error = error),
  );
  return { chunks, progress, asks, outcome, settled };
}

/** A guest of an owner whose runs the test answers. */
async function createReaders() {
  const [owner, guest] = [origin.createTab({ answersAtOnce: false }), origin.createTab({ answersAtOnce: false })];
  await owner.load();
  const handle = await guest.load();
  return { owner, guest, handle, runs: owner.built[0]!.runs };
}

describe('a stream from another tab', () => {
  it('brings the pieces in order, the progress, and the result', async () => {
    const { handle, runs } = await createReaders();
    const { chunks, progress, outcome, settled } = read(handle);
    await until(() => runs.length === 1);
    runs[0]!.onChunk!('one', () => {});
    runs[0]!.onProgress!({ done: 1, total: 2 });
    runs[0]!.onChunk!({ index: 1, value: 'two' }, () => {});
    runs[0]!.finish('all');
    await settled;
    expect(chunks).toEqual(['one', { index: 1, value: 'two' }]);
    expect(progress).toEqual([{ done: 1, total: 2 }]);
    expect(outcome).toEqual({ value: 'all' });
  });

  it('asks for more as it is read there', async () => {
    const { handle, runs } = await createReaders();
    const { asks } = read(handle);
    await until(() => runs.length === 1);
    const taken = vi.fn();
    runs[0]!.onChunk!('one', () => taken('one'));
    runs[0]!.onChunk!('two', () => taken('two'));
    await until(() => asks.length === 2);
    expect(taken).not.toHaveBeenCalled();
    asks[0]!();
    await until(() => taken.mock.calls.length > 0);
    expect(taken.mock.calls).toEqual([['one']]);
    asks[1]!();
    await until(() => taken.mock.calls.length > 1);
    expect(taken.mock.calls).toEqual([['one'], ['two']]);
  });

  it('is stopped there by its signal', async () => {
    const { handle, runs } = await createReaders();
    const controller = new AbortController();
    const { chunks, outcome, settled } = read(handle, controller.signal);
    await until(() => runs.length === 1);
    runs[0]!.onChunk!('one', () => {});
    await until(() => chunks.length === 1);
    controller.abort('enough');
    await settled;
    expect(outcome).toEqual({ error: 'enough' });
    await until(() => runs[0]!.signal!.aborted);
    runs[0]!.onChunk!('two', () => {});
    await handle.stats();
    expect(chunks).toEqual(['one']);
  });

  it('is none where nobody asks for pieces', async () => {
    const { handle, runs } = await createReaders();
    const answer = handle.run({ inputs: ['x'], options: {}, priority: 'normal' });
    await until(() => runs.length === 1);
    expect(runs[0]!.onChunk).toBeUndefined();
    expect(runs[0]!.onProgress).toBeUndefined();
    runs[0]!.finish('all');
    expect(await answer).toBe('all');
  });
});

/** How an owner can end, without and with a word. */
const ends: [string, (owner: TestTab) => unknown][] = [
  ['crashes', (owner) => owner.crash()],
  ['is closed', (owner) => owner.host.close(closing)],
];

describe.each(ends)('when the owner %s', (_, end) => {
  it('a stream of which nothing was heard is sent to the next owner', async () => {
    const { owner, guest, handle, runs } = await createReaders();
    const { chunks, outcome, settled } = read(handle);
    await until(() => runs.length === 1);
    await end(owner);
    await until(() => guest.built[0]?.runs.length === 1);
    const [again] = guest.built[0]!.runs;
    again!.onChunk!('one', () => {});
    again!.finish('all');
    await settled;
    expect(chunks).toEqual(['one']);
    expect(outcome).toEqual({ value: 'all' });
  });

  it('a stream of which something was heard has crashed, and the next call is answered', async () => {
    const { owner, guest, handle, runs } = await createReaders();
    const { chunks, outcome, settled } = read(handle);
    await until(() => runs.length === 1);
    runs[0]!.onChunk!('one', () => {});
    await until(() => chunks.length === 1);
    await end(owner);
    await settled;
    expect(outcome.error).toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
    const next = read(handle);
    await until(() => guest.built[0]?.runs.length === 1);
    guest.built[0]!.runs[0]!.finish('all');
    await next.settled;
    expect(next.outcome).toEqual({ value: 'all' });
    expect(chunks).toEqual(['one']);
  });
});
