// @ts-check
import { pipeline } from 'insitu';
import { startHarness } from './harness.mjs';
import { sentence } from './sentence.mjs';

startHarness(
  sentence,
  async () => {
    const embed = await pipeline('feature-extraction', '/models/insitu/all-MiniLM-L6-v2/', { dtype: 'q8' });
    return { embed: (input) => embed(input, { pooling: 'mean', normalize: true }) };
  },
  storedUrls,
);

/** @returns {Promise<string[]>} */
async function storedUrls() {
  // Opening a database that is not there would create it, without the stores that insitu expects.
  const databases = await indexedDB.databases();
  if (!databases.some(({ name }) => name === 'insitu-weights')) return [];
  const database = await settled(indexedDB.open('insitu-weights'));
  const files = database.transaction('files').objectStore('files');
  // Below ['file'] are the records of files: a file has one from when its first byte is written, and is `whole` with its last.
  const records = IDBKeyRange.bound(['file'], ['file', []]);
  const [keys, values] = await Promise.all([settled(files.getAllKeys(records)), settled(files.getAll(records))]);
  database.close();
  return keys.flatMap((key, index) => {
    const [, model, path] = /** @type {string[]} */ (key);
    return values[index].whole ? [`${model}${path}`] : [];
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
