import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadPartChecksum } from '../checksum.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { graph, read, readPartial, storeBeginning } from '../store/test-database.conformance.ts';
import { type FileInfo, type FileWriter, type PartCheck, SupersededError } from '../store/weight-store.ts';
import { type WriteBehind, type WriteBehindOptions, createWriteBehind } from './write-behind.ts';

const megabyte = 1024 * 1024;
const bytesOf = (...values: number[]) => Uint8Array.of(...values);

// Once it is there, everything below happens without a turn of the event loop.
beforeAll(async () => void (await loadPartChecksum()));
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lets everything happen that waits for nothing from outside. */
const turn = () => vi.advanceTimersByTimeAsync(0);

/** A writer that notes each step, and fails at those named. */
function createWriter(...failing: string[]) {
  const steps: string[] = [];
  const checks: PartCheck[] = [];
  const step = async (name: string) => {
    steps.push(name);
    if (failing.includes(name)) throw new DOMException(`${name} failed`, 'QuotaExceededError');
  };
  const writer: FileWriter = {
    append(chunks, check) {
      checks.push(check);
      return step(`append ${chunks.map(({ length }) => length).join('+')}`);
    },
    commit: (info: FileInfo) => step(`commit ${info.etag ?? ''}`.trim()),
    discard: () => step('discard'),
  };
  const open = () => step('open').then(() => writer);
  return { open, steps, checks };
}

/** A writer whose parts are written when the test says so. */
function createSlowWriter() {
  const written: (() => void)[] = [];
  const append = vi.fn<FileWriter['append']>(() => new Promise((resolve) => written.push(resolve)));
  const writer: FileWriter = { append, commit: async () => {}, discard: async () => {} };
  return { writer, written };
}

function create(failing: string[] = [], options: WriteBehindOptions = {}) {
  const writer = createWriter(...failing);
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => failures.push(error);
  return { ...writer, failures, file: createWriteBehind(writer.open, { now: Date.now, onFailure, ...options }) };
}

describe('a part', () => {
  it('is closed at 32 MB, in the middle of a chunk if need be', async () => {
    const { file, steps, checks } = create();
    const chunk = new Uint8Array(20 * megabyte).fill(1);
    const bytes = 1024 * 1024;
    for (let count = 0; count < 4; count++) {
      await file.add(chunk);
      await turn();
    }
    file.commit({ etag: '"1"' });
    expect(await file.settled).toBe(true);
    expect(steps).toEqual([
      'open',
      `append ${20 * bytes}+${12 * bytes}`,
      `append ${8 * bytes}+${20 * bytes}+${4 * bytes}`,
      `append ${16 * bytes}`,
      'commit "1"',
    ]);
    const checksumOf = await loadPartChecksum();
    const sizes = [32, 32, 16].map((size) => size * megabyte);
    expect(checks).toEqual(sizes.map((size) => ({ size, checksum: checksumOf([new Uint8Array(size).fill(1)]) })));
  });

  it('is closed after a second: what a slow connection brings should not be lost', async () => {
    const { file, steps } = create();
    void file.add(bytesOf(1));
    await vi.advanceTimersByTimeAsync(900);
    void file.add(bytesOf(2));
    await turn();
    expect(steps).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    void file.add(bytesOf(3, 4));
    await turn();
    expect(steps).toEqual(['open', 'append 1+1+2']);
    void file.add(bytesOf(5));
    await turn();
    expect(steps).toHaveLength(2);
  });

  it('is closed also when the connection has gone quiet', async () => {
    const { file, steps } = create();
    void file.add(bytesOf(1));
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps).toEqual(['open', 'append 1']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(steps).toHaveLength(2);
  });

  it('is closed also when the connection has gone quiet while the one before was written', async () => {
    const { writer, written } = createSlowWriter();
    const file = createWriteBehind(async () => writer, { now: Date.now });
    void file.add(bytesOf(1));
    await vi.advanceTimersByTimeAsync(1000);
    void file.add(bytesOf(2, 3));
    await vi.advanceTimersByTimeAsync(4000);
    written.shift()!();
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.mocked(writer.append).mock.calls.map(([chunks]) => chunks)).toEqual([[bytesOf(1)], [bytesOf(2, 3)]]);
  });

  it('of no bytes is none', async () => {
    const { file, steps } = create();
    void file.add(new Uint8Array(0));
    file.commit({});
    expect(await file.settled).toBe(true);
    expect(steps).toEqual(['open', 'commit']);
  });
});

describe('writing', () => {
  it('does not begin before it may', async () => {
    let begin = () => {};
    const { file, steps } = create([], { begin: new Promise<void>((resolve) => (begin = resolve)) });
    void file.add(bytesOf(1));
    file.commit({});
    await vi.advanceTimersByTimeAsync(60_000);
    expect(steps).toEqual([]);
    begin();
    expect(await file.settled).toBe(true);
    expect(steps).toEqual(['open', 'append 1', 'commit']);
  });

  it('makes the connection wait when 64 MB are held back, until there is room', async () => {
    let begin = () => {};
    const { file, steps } = create([], { begin: new Promise<void>((resolve) => (begin = resolve)) });
    const chunk = new Uint8Array(32 * megabyte);
    expect(file.add(chunk)).toBeUndefined();
    const room = file.add(chunk);
    const roomy = vi.fn();
    void room!.then(roomy);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(roomy).not.toHaveBeenCalled();
    begin();
    await room;
    expect(steps[0]).toBe('open');
    file.commit({});
    expect(await file.settled).toBe(true);
    expect(steps).toEqual(['open', `append ${chunk.length}`, `append ${chunk.length}`, 'commit']);
  });

  it('does each step after the one before', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const steps: string[] = [];
    const slow = async (name: string) => {
      steps.push(`${name} begins`);
      await gate;
      steps.push(`${name} ends`);
    };
    const writer = { append: () => slow('append'), commit: () => slow('commit'), discard: () => slow('discard') };
    const file = createWriteBehind(async () => writer);
    void file.add(bytesOf(1));
    file.commit({});
    await turn();
    expect(steps).toEqual(['append begins']);
    open();
    expect(await file.settled).toBe(true);
    expect(steps).toEqual(['append begins', 'append ends', 'commit begins', 'commit ends']);
  });
});

describe('the end', () => {
  it.each<[string, (file: WriteBehind) => void, boolean, string[]]>([
    ['commit', (file) => file.commit({}), true, ['open', 'append 1', 'append 2', 'commit']],
    ['leave', (file) => file.leave(), false, ['open', 'append 1', 'append 2']],
    ['discard', (file) => file.discard(), false, ['open', 'append 1', 'discard']],
  ])('by %s tells whether the file is stored: %3$s', async (_, end, stored, expected) => {
    const { file, steps, failures } = create();
    void file.add(bytesOf(1));
    await vi.advanceTimersByTimeAsync(1000);
    void file.add(bytesOf(2, 3));
    end(file);
    expect(await file.settled).toBe(stored);
    expect(steps).toEqual(expected);
    expect(failures).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    expect(file.add(bytesOf(4))).toBeUndefined();
  });

  it('by discard touches no store that nothing was written to', async () => {
    const { file, steps } = create();
    void file.add(bytesOf(1));
    file.discard();
    expect(await file.settled).toBe(false);
    expect(steps).toEqual([]);
  });

  it('by commit waits for what is to be known of the file', async () => {
    const { file, steps } = create();
    let know = () => {};
    file.commit(new Promise((resolve) => (know = () => resolve({ etag: '"1"' }))));
    await turn();
    expect(steps).toEqual(['open']);
    know();
    expect(await file.settled).toBe(true);
    expect(steps).toEqual(['open', 'commit "1"']);
  });

  it('by commit of an empty file stores it', async () => {
    const store = createMemoryStore();
    const file = createWriteBehind(() => store.write(graph, {}));
    file.commit({ size: 0 });
    expect(await file.settled).toBe(true);
    expect(await read(store, graph)).toEqual([]);
  });

  it('by leave leaves what the next download goes on from', async () => {
    const store = createMemoryStore();
    const file = createWriteBehind(() => store.write(graph, {}));
    void file.add(bytesOf(1, 2));
    file.leave();
    await file.settled;
    expect(await readPartial(store, graph)).toEqual([[1, 2]]);
  });
});

describe('a store that fails', () => {
  it.each(['open', 'append 1', 'append 2', 'commit'])(
    'at %s: the file is not stored, which is told once, and nothing of it stays',
    async (failing) => {
      const { file, steps, failures } = create([failing]);
      void file.add(bytesOf(1));
      await vi.advanceTimersByTimeAsync(1000);
      void file.add(bytesOf(2, 3));
      file.commit({});
      expect(await file.settled).toBe(false);
      expect(failures).toEqual([expect.objectContaining({ name: 'QuotaExceededError', message: `${failing} failed` })]);
      expect(steps.at(-1)).toBe(failing === 'open' ? 'open' : 'discard');
      expect(file.add(bytesOf(4))).toBeUndefined();
    },
  );

  it('also at the discard that follows only tells what failed first', async () => {
    const { file, steps, failures } = create(['append 1', 'discard']);
    void file.add(bytesOf(1));
    file.commit({});
    expect(await file.settled).toBe(false);
    expect(failures).toMatchObject([{ message: 'append 1 failed' }]);
    expect(steps).toEqual(['open', 'append 1', 'discard']);
  });

  it('because what is to be known of the file fails', async () => {
    const { file, failures } = create();
    const failure = new Error('no SHA-256');
    file.commit(Promise.reject(failure));
    expect(await file.settled).toBe(false);
    expect(failures).toEqual([failure]);
  });

  it('lets a connection go on that waits for room', async () => {
    const { file } = create(['open']);
    const chunk = new Uint8Array(40 * megabyte);
    void file.add(chunk);
    await expect(Promise.all([file.add(chunk), file.settled])).resolves.toEqual([undefined, false]);
  });

  it('that refuses the file beforehand is no failure', async () => {
    const onFailure = vi.fn();
    const file = createWriteBehind(async () => undefined, { onFailure });
    void file.add(bytesOf(1));
    file.commit({});
    expect(await file.settled).toBe(false);
    expect(onFailure).not.toHaveBeenCalled();
  });
});

it('a file that another writer has taken over is left to it', async () => {
  const store = createMemoryStore();
  const onFailure = vi.fn();
  const file = createWriteBehind(() => store.write(graph, {}), { now: Date.now, onFailure });
  void file.add(bytesOf(1));
  await vi.advanceTimersByTimeAsync(1000);
  expect(await readPartial(store, graph)).toEqual([[1]]);
  await storeBeginning(store, graph, {}, bytesOf(7));
  void file.add(bytesOf(2));
  file.commit({});
  expect(await file.settled).toBe(false);
  expect(onFailure).toHaveBeenCalledExactlyOnceWith(expect.any(SupersededError));
  expect(await readPartial(store, graph)).toEqual([[7]]);
});
