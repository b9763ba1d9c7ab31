import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import { flipByte, readByte } from './damage-byte.ts';

const model = 'http://host/model/';
const graph = 'onnx/model.onnx';

function open(upgrade?: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('insitu-weights');
    opening.onupgradeneeded = () => upgrade?.(opening.result);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('refused'));
  });
}

async function storeParts(path: string, ...parts: number[][]): Promise<void> {
  const database = await open((created) => created.createObjectStore('files'));
  const transaction = database.transaction('files', 'readwrite');
  parts.forEach((bytes, index) =>
    transaction
      .objectStore('files')
      .put({ version: 'v', index, blob: new Blob([new Uint8Array(bytes)]) }, ['part', model, path, 'v', index]),
  );
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}

beforeEach(async () => {
  await new Promise((resolve) => (indexedDB.deleteDatabase('insitu-weights').onsuccess = resolve));
});

it('turns over one bit in the middle of the file, and nothing else', async () => {
  await storeParts(graph, [1, 2, 3], [4, 5], [6]);
  const flipped = await flipByte(model, graph);
  expect(flipped).toMatchObject({ path: graph, position: 3, part: 2, parts: 3, partSize: 2, before: 4, after: 5 });
  expect(await readByte(flipped)).toBe(5);
  expect(await readByte({ ...flipped, offset: 1 })).toBe(5);
  expect(await readByte({ ...flipped, key: ['part', model, graph, 'v', 0], offset: 2 })).toBe(3);
});

it('turns it back the second time', async () => {
  await storeParts(graph, [8, 9]);
  await flipByte(model, graph);
  expect(await flipByte(model, graph)).toMatchObject({ before: 8, after: 9 });
});

it('takes only parts of the file itself', async () => {
  await storeParts(graph, [1, 2]);
  await storeParts(`${graph}_data`, [7, 7, 7, 7]);
  expect(await flipByte(model, graph)).toMatchObject({ parts: 1, before: 2 });
});

it('fails where the file is not stored', async () => {
  await storeParts(graph, [1]);
  await expect(flipByte(model, 'other')).rejects.toThrow('other is not stored');
});

it('makes no database where there is none', async () => {
  await expect(flipByte(model, graph)).rejects.toThrow('no stored model');
  expect(await indexedDB.databases()).toEqual([]);
});

it('tells that a part is gone', async () => {
  await storeParts(graph, [1]);
  const flipped = await flipByte(model, graph);
  expect(await readByte({ ...flipped, key: ['part', model, graph, 'other', 0] })).toBeUndefined();
});
