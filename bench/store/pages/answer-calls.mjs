// @ts-check
// The worker's side for both libraries: what is timed, and that the bytes are held until they have been looked at.

/**
 * A file of a model on the bench's server.
 *
 * @typedef {object} StoredFile
 * @property {string} model Folder below `/models/`, without slashes at its ends.
 * @property {string} path Inside the folder.
 *
 * @typedef {object} Library
 * @property {(file: StoredFile) => Promise<void>} store Resolves when the next visit will find the file in the storage.
 * @property {(file: StoredFile) => Promise<Uint8Array<ArrayBuffer>>} read As a runtime would be given it.
 *
 * @typedef {object} Contents
 * @property {number} size
 * @property {string} sha256
 *
 * @typedef {object} Calls
 * @property {(file: StoredFile) => Promise<number>} store Milliseconds.
 * @property {(file: StoredFile) => Promise<number>} read Milliseconds.
 * @property {() => Promise<Contents>} contents Of what was read last.
 *
 * @typedef {{ id: number, call: keyof Calls, file: StoredFile }} Question
 * @typedef {{ id: number, value?: unknown, failure?: string }} Answer
 */

/** @param {Library} library */
export function answerCalls(library) {
  /** @type {Uint8Array<ArrayBuffer> | undefined} */
  let bytes;

  /** @type {Calls} */
  const calls = {
    async store(file) {
      const start = performance.now();
      await library.store(file);
      return performance.now() - start;
    },
    async read(file) {
      const start = performance.now();
      bytes = await library.read(file);
      return performance.now() - start;
    },
    async contents() {
      if (!bytes) throw new Error('Nothing was read.');
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
      return { size: bytes.length, sha256 };
    },
  };

  addEventListener('message', (/** @type {MessageEvent<Question>} */ { data: { id, call, file } }) => {
    const answer = (/** @type {Omit<Answer, 'id'>} */ rest) => postMessage({ id, ...rest });
    calls[call](file).then(
      (value) => answer({ value }),
      (error) => answer({ failure: String(error?.stack ?? error) }),
    );
  });
  // The page waits for it: whoever asks should not pay for the worker's start.
  postMessage({ id: 0, value: undefined });
}
