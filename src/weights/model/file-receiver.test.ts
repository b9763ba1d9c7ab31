import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { AnswerHead } from '../transfer/answer.ts';
import { type Bytes, patternOf } from '../transfer/file-server.conformance.ts';
import { type ReceiverOptions, createFileReceiver } from './file-receiver.ts';
import type { WriteBehind } from './write-behind.ts';

const sha256Of = (bytes: Bytes) => createHash('sha256').update(bytes).digest('hex');
const headOf = (size?: number): AnswerHead => ({ ...(size !== undefined && { size }), redirected: false });

/** A writer that notes what it was given. */
function createWriter() {
  const chunks: Bytes[] = [];
  const room = Promise.resolve();
  const writer = {
    add: (chunk: Bytes) => {
      chunks.push(chunk);
      return room;
    },
    commit: vi.fn(),
    leave: vi.fn(),
    discard: vi.fn(),
    settled: Promise.resolve(true),
  } satisfies WriteBehind;
  return { writer, room, written: () => Uint8Array.from(Buffer.concat(chunks)) };
}

function create(options: Partial<ReceiverOptions> = {}) {
  const writers: (ReturnType<typeof createWriter> & { start: number })[] = [];
  const counts: number[] = [];
  const begins: number[] = [];
  const receiver = createFileReceiver({
    inMemory: true,
    beginning: undefined,
    expects: () => false,
    openWriter(_, start) {
      writers.push({ ...createWriter(), start });
      return writers.at(-1)!.writer;
    },
    onBegin: (_, start) => begins.push(start),
    onBytes: (count) => counts.push(count),
    ...options,
  });
  const writeAll = async (bytes: Bytes, chunk = 300) => {
    for (let at = 0; at < bytes.length; at += chunk) await receiver.write(bytes.slice(at, at + chunk));
  };
  return { receiver, writers, counts, begins, writeAll };
}

const body = patternOf(1000);

describe('the bytes', () => {
  it.each([
    ['told', headOf(1000)],
    ['not told', headOf()],
    ['told as that of compressed bytes', { likelySize: 10, redirected: true }],
    ['told as more than comes', headOf(2000)],
  ])('are all that came, where the size is %s, and fill their memory', async (_, head) => {
    const { receiver, writers, counts, writeAll } = create();
    await receiver.begin(head, 0);
    await writeAll(body);
    expect(receiver.bytes()).toEqual(body);
    expect(receiver.bytes()!.buffer.byteLength).toBe(1000);
    expect(receiver.size).toBe(1000);
    expect(writers[0]!.written()).toEqual(body);
    expect(counts).toEqual([300, 300, 300, 100]);
  });

  it('may be none', async () => {
    const { receiver } = create();
    await receiver.begin(headOf(0), 0);
    expect(receiver.bytes()).toEqual(new Uint8Array(0));
    expect(await receiver.sha256()).toBe(sha256Of(new Uint8Array(0)));
  });

  it('that the store has not written yet stay as they are, whatever becomes of the chunk', async () => {
    const { receiver, writers } = create();
    await receiver.begin(headOf(), 0);
    const chunk = patternOf(100);
    for (let count = 0; count < 10; count++) await receiver.write(chunk);
    chunk.fill(0);
    expect(writers[0]!.written()).toEqual(
      Uint8Array.from({ length: 1000 }, (_, index) => patternOf(100)[index % 100]!),
    );
  });

  it('are kept only where they are wanted', async () => {
    const { receiver, writers, writeAll } = create({ inMemory: false });
    await receiver.begin(headOf(1000), 0);
    await writeAll(body);
    expect(receiver.bytes()).toBeUndefined();
    expect(writers[0]!.written()).toEqual(body);
    expect(await receiver.sha256()).toBe(sha256Of(body));
  });

  it('that there is no memory for are a RangeError', async () => {
    await expect(create().receiver.begin(headOf(2 ** 52), 0)).rejects.toThrow(RangeError);
  });

  it('wait for room where the writer has none', async () => {
    const { receiver, writers } = create();
    await receiver.begin(headOf(), 0);
    expect(receiver.write(body)).toBe(writers[0]!.room);
  });
});

describe('the SHA-256', () => {
  it('is computed on the way where something is expected of it', async () => {
    const expects = vi.fn(() => true);
    const { receiver, writeAll } = create({ expects });
    const head = headOf(1000);
    await receiver.begin(head, 0);
    await writeAll(body);
    expect(receiver.arrivedSha256()).toBe(sha256Of(body));
    expect(receiver.arrivedSha256()).toBe(sha256Of(body));
    expect(await receiver.sha256()).toBe(sha256Of(body));
    expect(expects).toHaveBeenCalledExactlyOnceWith(head);
  });

  it('is computed later where nothing is, because the model should start first', async () => {
    const { receiver, writeAll } = create();
    await receiver.begin(headOf(), 0);
    await writeAll(body);
    expect(receiver.arrivedSha256()).toBeUndefined();
    expect(await receiver.sha256()).toBe(sha256Of(body));
    expect(receiver.arrivedSha256()).toBe(sha256Of(body));
  });
});

describe('a connection that is made again', () => {
  it.each([true, false])('goes on with what is here; in memory: %s', async (inMemory) => {
    const { receiver, writers, begins, writeAll } = create({ inMemory, expects: () => true });
    await receiver.begin(headOf(1000), 0);
    await writeAll(body.slice(0, 400));
    await receiver.begin(headOf(1000), 400);
    await writeAll(body.slice(400));
    expect(receiver.arrivedSha256()).toBe(sha256Of(body));
    expect(receiver.bytes()).toEqual(inMemory ? body : undefined);
    expect(writers).toHaveLength(1);
    expect(writers[0]!.written()).toEqual(body);
    expect(writers[0]!.writer.discard).not.toHaveBeenCalled();
    expect(begins).toEqual([0, 400]);
  });

  it.each([true, false])('or begins anew, and then nothing of before is left; in memory: %s', async (inMemory) => {
    const { receiver, writers, begins, writeAll } = create({ inMemory, expects: () => true });
    await receiver.begin(headOf(1000), 0);
    await writeAll(patternOf(700, 1));
    expect(receiver.arrivedSha256()).toBe(sha256Of(patternOf(700, 1)));
    await receiver.begin(headOf(1000), 0);
    expect(receiver.size).toBe(0);
    await writeAll(body);
    expect(receiver.arrivedSha256()).toBe(sha256Of(body));
    expect(receiver.bytes()).toEqual(inMemory ? body : undefined);
    expect(writers.map(({ start }) => start)).toEqual([0, 0]);
    expect(writers[0]!.writer.discard).toHaveBeenCalledOnce();
    expect(writers[1]!.written()).toEqual(body);
    expect(receiver.writer).toBe(writers[1]!.writer);
    expect(begins).toEqual([0, 0]);
  });
});

describe('what an earlier download left', () => {
  const beginning = body.slice(0, 400);

  it.each([true, false])('is the beginning of the file, and not written again; in memory: %s', async (inMemory) => {
    const { receiver, writers, counts, writeAll } = create({ inMemory, beginning, expects: () => true });
    await receiver.begin(headOf(1000), 400);
    expect(receiver.size).toBe(400);
    await writeAll(body.slice(400));
    expect(receiver.bytes()).toEqual(inMemory ? body : undefined);
    expect(receiver.arrivedSha256()).toBe(sha256Of(body));
    expect(writers.map(({ start }) => start)).toEqual([400]);
    expect(writers[0]!.written()).toEqual(body.slice(400));
    expect(counts).toEqual([300, 300]);
  });

  it('is void where the answer begins anew', async () => {
    const { receiver, writers, writeAll } = create({ beginning });
    await receiver.begin(headOf(1000), 0);
    await writeAll(body);
    expect(receiver.bytes()).toEqual(body);
    expect(writers[0]!.written()).toEqual(body);
  });

  it('is void where a later answer begins anew', async () => {
    const { receiver, writers, writeAll } = create({ beginning, expects: () => true });
    await receiver.begin(headOf(1000), 400);
    await writeAll(body.slice(400, 500));
    await receiver.begin(headOf(1000), 0);
    await writeAll(body);
    expect(receiver.bytes()).toEqual(body);
    expect(receiver.arrivedSha256()).toBe(sha256Of(body));
    expect(writers.map(({ start }) => start)).toEqual([400, 0]);
  });
});
