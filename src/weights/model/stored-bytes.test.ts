import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { graph, wholeOf } from '../store/test-database.conformance.ts';
import type { StoredVersion } from '../store/weight-store.ts';
import { type Bytes, patternOf } from '../transfer/file-server.conformance.ts';
import { readStored, sizeOfParts } from './stored-bytes.ts';
import { storeChecked } from './test-model.conformance.ts';

const sizes = [100, 300, 1, 200];
const all = patternOf(601);
const starts = [0, 100, 400, 401];
const partOf = (index: number): Bytes => all.slice(starts[index], starts[index]! + sizes[index]!);

let version: StoredVersion;
beforeEach(async () => {
  const store = createMemoryStore();
  await storeChecked(store, graph, {}, ...sizes.map((_, index) => partOf(index)));
  version = await wholeOf(store, graph);
});

/** The version with other Blobs for some of its parts. */
const withBlobs = (blobs: Record<number, Blob | undefined>): StoredVersion => ({
  ...version,
  parts: version.parts.map((part, index) => (index in blobs ? { ...part, blob: blobs[index] } : part)),
});

/** A Blob whose bytes can no longer be read: browsers do that when their file is gone. */
function unreadable(size: number): Blob {
  const fail = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
  return Object.defineProperties(new Blob([new Uint8Array(size)]), {
    arrayBuffer: { value: fail },
    stream: { value: () => new ReadableStream({ pull: fail }) },
  });
}

const flipped = (bytes: Bytes, at: number) => {
  const copy = bytes.slice();
  copy[at]! ^= 1;
  return new Blob([copy]);
};

describe('readStored', () => {
  it('gives all bytes of a sound version', async () => {
    expect(await readStored(version)).toEqual({ bytes: all, damaged: [] });
    expect((await readStored(version)).bytes.buffer.byteLength).toBe(all.length);
  });

  it('gives nothing of a version without parts', async () => {
    expect(await readStored({ ...version, parts: [] })).toEqual({ bytes: new Uint8Array(0), damaged: [] });
  });

  it.each<[string, () => Record<number, Blob | undefined>, number[]]>([
    ['is gone', () => ({ 1: undefined }), [1]],
    ['is shorter', () => ({ 1: new Blob([partOf(1).slice(1)]) }), [1]],
    ['is longer', () => ({ 1: new Blob([partOf(1), 'x']) }), [1]],
    ['is empty', () => ({ 2: new Blob([]) }), [2]],
    ['has another bit in its first byte', () => ({ 0: flipped(partOf(0), 0) }), [0]],
    ['has another bit in its last byte', () => ({ 3: flipped(partOf(3), 199) }), [3]],
    ['has one byte, and another', () => ({ 2: flipped(partOf(2), 0) }), [2]],
    ['is that of another place', () => ({ 1: new Blob([all.slice(0, 300)]) }), [1]],
    ['are several', () => ({ 0: undefined, 1: flipped(partOf(1), 7), 3: new Blob([]) }), [0, 1, 3]],
    ['are all', () => ({ 0: undefined, 1: undefined, 2: undefined, 3: undefined }), [0, 1, 2, 3]],
  ])('tells exactly the damaged parts where one %s', async (_, blobs, expected) => {
    const { bytes, damaged } = await readStored(withBlobs(blobs()));
    expect(damaged).toEqual(
      expected.map((index) => ({
        index,
        start: starts[index],
        end: starts[index]! + sizes[index]!,
        checksum: version.parts[index]!.checksum,
      })),
    );
    expect(bytes).toHaveLength(all.length);
    for (const [index, start] of starts.entries()) {
      if (!expected.includes(index)) expect(bytes.slice(start, start + sizes[index]!)).toEqual(partOf(index));
    }
  });

  it('tells parts that were swapped', async () => {
    const store = createMemoryStore();
    const [one, two] = [patternOf(50), patternOf(50, 1)];
    await storeChecked(store, graph, {}, one, two);
    version = await wholeOf(store, graph);
    expect((await readStored(version)).damaged).toEqual([]);
    const { damaged } = await readStored(withBlobs({ 0: new Blob([two]), 1: new Blob([one]) }));
    expect(damaged.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('tells the part whose file cannot be read any more, and reads the others', async () => {
    // Node joins Blobs without asking them; browsers fail when the joined one is read.
    const joined = globalThis.Blob;
    globalThis.Blob = class extends joined {
      constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
        super(parts, options);
        if (parts.some((part) => part instanceof joined && part.arrayBuffer !== joined.prototype.arrayBuffer))
          return unreadable(this.size);
      }
    };
    try {
      const { bytes, damaged } = await readStored(withBlobs({ 1: unreadable(300) }));
      expect(damaged.map(({ index }) => index)).toEqual([1]);
      for (const index of [0, 2, 3]) {
        expect(bytes.slice(starts[index], starts[index]! + sizes[index]!)).toEqual(partOf(index));
      }
    } finally {
      globalThis.Blob = joined;
    }
  });
});

it('sizeOfParts is the size of what should be there', () => {
  expect(sizeOfParts(version)).toBe(601);
  expect(sizeOfParts(withBlobs({ 0: undefined }))).toBe(601);
  expect(sizeOfParts({ parts: [] })).toBe(0);
});
