import { describe, expect, it } from 'vitest';
import type { WeightStore } from './weight-store.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const folder = 'https://models.example/org/name/resolve/main/';
const key = `${folder}onnx/model.onnx`;

const bytesOf = (...values: number[]): Bytes => Uint8Array.of(...values);

/** Bytes in which every part differs from every other. */
function patternOf(size: number): Bytes {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index++) bytes[index] = index * 31 + (index >>> 12);
  return bytes;
}

const equal = (a: Bytes, b: Bytes) => a.length === b.length && a.every((value, index) => value === b[index]);

async function store(into: WeightStore, at: string, ...parts: Bytes[]): Promise<void> {
  const writer = await into.write(at);
  for (const part of parts) await writer.append(part);
  await writer.commit();
}

/** What a store gives for a key: the values of a file, the marker, or nothing. */
async function read(from: WeightStore, at: string): Promise<number[] | 'missing' | undefined> {
  const found = await from.find(at);
  if (typeof found !== 'object') return found;
  const bytes = await found.bytes();
  expect(bytes.length).toBe(found.size);
  return [...bytes];
}

/**
 * What every driver of {@link WeightStore} must do. A driver's test calls this and adds its own quirks.
 *
 * @param open Opens an empty store.
 */
export function testWeightStore(name: string, open: () => WeightStore): void {
  describe(`${name} as a weight store`, () => {
    describe('a file is whole or not there', () => {
      it('until it is committed', async () => {
        const files = open();
        const writer = await files.write(key);
        expect(await files.find(key)).toBeUndefined();
        await writer.append(bytesOf(1, 2));
        await writer.append(bytesOf(3));
        expect(await files.find(key)).toBeUndefined();
        await writer.commit();
        expect(await read(files, key)).toEqual([1, 2, 3]);
      });

      it('after it was aborted', async () => {
        const files = open();
        const writer = await files.write(key);
        await writer.append(bytesOf(1, 2));
        await writer.abort();
        expect(await files.find(key)).toBeUndefined();
        await store(files, key, bytesOf(9));
        expect(await read(files, key)).toEqual([9]);
      });

      it('when it is empty', async () => {
        const files = open();
        await store(files, key);
        expect(await files.find(key)).toMatchObject({ size: 0 });
        expect(await read(files, key)).toEqual([]);
      });

      it('when it is large', async () => {
        const files = open();
        const all = patternOf(10 * 1024 * 1024 + 7);
        const part = 4 * 1024 * 1024;
        await store(files, key, all.subarray(0, part), all.subarray(part, 2 * part), all.subarray(2 * part));
        const found = await files.find(key);
        if (typeof found !== 'object') throw new Error('The file is not there.');
        expect(found.size).toBe(all.length);
        expect(equal(await found.bytes(), all)).toBe(true);
      });

      it('when it has many small parts', async () => {
        const files = open();
        const parts = Array.from({ length: 25 }, (_, index) => bytesOf(index, index + 100));
        await store(files, key, ...parts);
        expect(await read(files, key)).toEqual(parts.flatMap((part) => [...part]));
      });
    });

    describe('a file that is written again', () => {
      it('is replaced, also by a shorter one', async () => {
        const files = open();
        await store(files, key, bytesOf(1, 2), bytesOf(3, 4), bytesOf(5));
        await store(files, key, bytesOf(6));
        expect(await read(files, key)).toEqual([6]);
      });

      it('stays as it was until the commit', async () => {
        const files = open();
        await store(files, key, bytesOf(1), bytesOf(2));
        const writer = await files.write(key);
        await writer.append(bytesOf(3));
        expect(await read(files, key)).toEqual([1, 2]);
        await writer.commit();
        expect(await read(files, key)).toEqual([3]);
      });

      it('stays as it was when the second write is aborted', async () => {
        const files = open();
        await store(files, key, bytesOf(1), bytesOf(2));
        const writer = await files.write(key);
        await writer.append(bytesOf(3));
        await writer.abort();
        expect(await read(files, key)).toEqual([1, 2]);
      });
    });

    describe('two writers at once', () => {
      it('of two files do not mix them', async () => {
        const files = open();
        const [one, two] = await Promise.all([files.write(key), files.write(`${key}_data`)]);
        await one.append(bytesOf(1));
        await two.append(bytesOf(7, 8));
        await Promise.all([one.append(bytesOf(2)), two.append(bytesOf(9))]);
        await one.commit();
        expect(await files.find(`${key}_data`)).toBeUndefined();
        await two.commit();
        expect(await read(files, key)).toEqual([1, 2]);
        expect(await read(files, `${key}_data`)).toEqual([7, 8, 9]);
      });

      // Two tabs, or two pipelines, that load one model; its file may have changed on the server in between.
      it('of one file leave the whole file of the last commit', async () => {
        const files = open();
        const old = await files.write(key);
        await old.append(bytesOf(1, 1));
        const young = await files.write(key);
        await young.append(bytesOf(2, 2));
        await old.append(bytesOf(1));
        await young.append(bytesOf(2));
        await young.commit();
        expect(await read(files, key)).toEqual([2, 2, 2]);
        await old.commit();
        expect(await read(files, key)).toEqual([1, 1, 1]);
      });

      it('of one file do not end each other: one is aborted, the other commits', async () => {
        const files = open();
        const aborted = await files.write(key);
        const other = await files.write(key);
        await aborted.append(bytesOf(1));
        await other.append(bytesOf(1));
        await aborted.abort();
        await other.append(bytesOf(2));
        await other.commit();
        expect(await read(files, key)).toEqual([1, 2]);
      });

      it('of one file do not end each other: one commits, the other is aborted after', async () => {
        const files = open();
        const aborted = await files.write(key);
        const other = await files.write(key);
        await aborted.append(bytesOf(1));
        await other.append(bytesOf(1));
        await other.commit();
        await aborted.abort();
        expect(await read(files, key)).toEqual([1]);
      });
    });

    describe('keys are names, not paths', () => {
      // Each is a prefix of another, or looks like what a driver may build of one.
      const keys = [
        folder,
        `${folder}a`,
        `${folder}a/`,
        `${folder}a/0`,
        `${folder}ab`,
        `${folder}a%2F0`,
        '',
        '0',
        'ä/✓',
      ];

      const readAll = (files: WeightStore) => Promise.all(keys.map((each) => read(files, each)));

      it('of which each has its own file', async () => {
        const files = open();
        for (const [index, each] of keys.entries()) await store(files, each, bytesOf(index), bytesOf(index));
        expect(await readAll(files)).toEqual(keys.map((_, index) => [index, index]));
      });

      it.each(keys)('of which %j can go alone', async (gone) => {
        const files = open();
        for (const each of keys) await store(files, each, bytesOf(1));
        await files.remove(gone);
        expect(await readAll(files)).toEqual(keys.map((each) => (each === gone ? undefined : [1])));
      });

      it('of which one can be written anew, or aborted, alone', async () => {
        const files = open();
        await store(files, `${folder}a/0`, bytesOf(1));
        await store(files, `${folder}a`, bytesOf(2));
        const writer = await files.write(`${folder}a`);
        await writer.abort();
        expect(await read(files, `${folder}a/0`)).toEqual([1]);
      });
    });

    describe('a missing file', () => {
      it('is told from one that nobody asked for', async () => {
        const files = open();
        expect(await files.find(key)).toBeUndefined();
        await files.writeMissing(key);
        expect(await files.find(key)).toBe('missing');
        expect(await files.find(folder)).toBeUndefined();
      });

      it('can come', async () => {
        const files = open();
        await files.writeMissing(key);
        await store(files, key, bytesOf(1));
        expect(await read(files, key)).toEqual([1]);
      });

      it('can have been there', async () => {
        const files = open();
        await store(files, key, bytesOf(1));
        await files.writeMissing(key);
        expect(await files.find(key)).toBe('missing');
      });

      it('can be forgotten', async () => {
        const files = open();
        await files.writeMissing(key);
        await files.remove(key);
        expect(await files.find(key)).toBeUndefined();
      });
    });

    describe('removing', () => {
      it('forgets a file for good', async () => {
        const files = open();
        await store(files, key, bytesOf(1), bytesOf(2));
        await files.remove(key);
        expect(await files.find(key)).toBeUndefined();
      });

      it('takes a key that is not there', async () => {
        await expect(open().remove(key)).resolves.toBeUndefined();
      });
    });

    describe('bytes belong to whoever has them', () => {
      it('those handed in may be used again after they were appended', async () => {
        const files = open();
        const writer = await files.write(key);
        const part = bytesOf(1, 2, 3);
        await writer.append(part);
        part.fill(9);
        await writer.append(part);
        await writer.commit();
        part.fill(0);
        expect(await read(files, key)).toEqual([1, 2, 3, 9, 9, 9]);
      });

      it('those handed in may be a window of something larger', async () => {
        const files = open();
        await store(files, key, bytesOf(0, 1, 2, 3, 0).subarray(1, 4));
        expect(await read(files, key)).toEqual([1, 2, 3]);
      });

      it('those handed out may be changed, or given to another thread', async () => {
        const files = open();
        await store(files, key, bytesOf(1, 2), bytesOf(3));
        const found = await files.find(key);
        if (typeof found !== 'object') throw new Error('The file is not there.');
        const bytes = await found.bytes();
        bytes.fill(9);
        structuredClone(bytes, { transfer: [bytes.buffer] });
        expect([...(await found.bytes())]).toEqual([1, 2, 3]);
        expect(await read(files, key)).toEqual([1, 2, 3]);
      });

      it('those handed out fill their memory: a reader may take the buffer for the file', async () => {
        const files = open();
        await store(files, key, bytesOf(1, 2), bytesOf(3));
        const found = await files.find(key);
        if (typeof found !== 'object') throw new Error('The file is not there.');
        expect((await found.bytes()).buffer.byteLength).toBe(3);
      });
    });
  });
}
