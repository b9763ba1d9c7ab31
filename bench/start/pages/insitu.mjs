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
  const keys = await settled(database.transaction('files').objectStore('files').getAllKeys());
  database.close();
  return keys.flatMap((key) => (Array.isArray(key) && key.length === 1 ? [String(key[0])] : []));
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
