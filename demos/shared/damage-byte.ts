const databaseName = 'insitu-weights';
const storeName = 'files';

/** Where a byte of a stored file lies. */
export interface BytePlace {
  path: string;
  /** In the file. */
  position: number;
  /** Number of the part that holds it, from 1, and of all parts of the file. */
  part: number;
  parts: number;
  /** Bytes of that part. */
  partSize: number;
  /** Its key in the object store, and its position in the part. */
  key: IDBValidKey;
  offset: number;
}

export interface FlippedByte extends BytePlace {
  before: number;
  after: number;
}

interface PartEntry {
  version: string;
  index: number;
  blob: Blob;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The database did not answer.'));
  });

/** Opens the library's database, but never makes one: an empty one would be in the library's way. */
async function withParts<T>(use: (database: IDBDatabase) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(databaseName);
  opening.onupgradeneeded = () => opening.transaction?.abort();
  const database = await done(opening).catch((cause: unknown) => {
    throw new Error('There is no stored model to damage.', { cause });
  });
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

const read = async (database: IDBDatabase, key: IDBValidKey): Promise<PartEntry | undefined> =>
  done<PartEntry | undefined>(database.transaction(storeName).objectStore(storeName).get(key));

/** Parts of one file in their order. */
async function partsOf(
  database: IDBDatabase,
  model: string,
  path: string,
): Promise<{ key: IDBValidKey; size: number }[]> {
  const range = IDBKeyRange.bound(['part', model, path], ['part', model, path, []]);
  const store = database.transaction(storeName).objectStore(storeName);
  const [keys, entries] = await Promise.all([done(store.getAllKeys(range)), done<PartEntry[]>(store.getAll(range))]);
  return entries.map(({ blob }, at) => ({ key: keys[at]!, size: blob.size }));
}

/** Turns over the lowest bit of the byte in the middle of a stored file, behind the back of the library. */
export function flipByte(model: string, path: string): Promise<FlippedByte> {
  return withParts(async (database) => {
    const parts = await partsOf(database, model, path);
    const position = Math.floor(parts.reduce((sum, { size }) => sum + size, 0) / 2);
    let start = 0;
    for (const [at, { key, size }] of parts.entries()) {
      if (position >= start + size) {
        start += size;
        continue;
      }
      const offset = position - start;
      const entry = (await read(database, key))!;
      const bytes = new Uint8Array(await entry.blob.arrayBuffer());
      const before = bytes[offset]!;
      const after = before ^ 1;
      bytes[offset] = after;
      const store = database.transaction(storeName, 'readwrite').objectStore(storeName);
      await done(store.put({ ...entry, blob: new Blob([bytes]) } satisfies PartEntry, key));
      return { path, position, part: at + 1, parts: parts.length, partSize: size, key, offset, before, after };
    }
    throw new Error(`${path} is not stored.`);
  });
}

/** Reads a byte where it lay; `undefined` where it does not lie any more. */
export function readByte({ key, offset }: BytePlace): Promise<number | undefined> {
  return withParts(async (database) => {
    const entry = await read(database, key);
    return entry && new Uint8Array(await entry.blob.slice(offset, offset + 1).arrayBuffer())[0];
  });
}
