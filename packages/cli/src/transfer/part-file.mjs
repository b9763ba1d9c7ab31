// @ts-check
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * What was known of a file when its first byte arrived. The rest must belong to the same file.
 *
 * @typedef {object} PartState
 * @property {string} [etag]
 * @property {string} [lastModified]
 * @property {number} [size]
 * @property {string} [sha256]
 * @property {string} [gitObjectId]
 */

/** A file that is arriving: its bytes so far in `<file>.part`, what is known of it in `<file>.part.json`. */
export class PartFile {
  /** @param {string} target */
  constructor(target) {
    this.target = target;
    this.path = `${target}.part`;
    this.statePath = `${target}.part.json`;
  }

  /**
   * How much is here of the file that is expected; of another one, or of none that can be told, nothing is.
   *
   * @param {PartState} expected
   * @returns {Promise<PartState & { offset: number }>}
   */
  async read(expected) {
    const found = await stat(this.path).catch(() => undefined);
    const state = await readFile(this.statePath, 'utf8').then(parseState, () => undefined);
    if (!found || !state || !mayContinue(state, expected) || found.size > (state.size ?? Infinity))
      return { offset: 0 };
    return { ...state, offset: found.size };
  }

  /**
   * @param {PartState} state
   * @returns {Promise<import('node:fs/promises').FileHandle>} Of the empty file.
   */
  async begin(state) {
    // Emptied first: bytes of one file beside the state of another would be taken for its beginning.
    const handle = await open(this.path, 'w');
    await writeFile(this.statePath, JSON.stringify(state));
    return handle;
  }

  /** @returns {Promise<import('node:fs/promises').FileHandle>} Which writes after what is here. */
  continue() {
    return open(this.path, 'a');
  }

  /** Makes it the file that it is a part of. */
  async complete() {
    await rename(this.path, this.target);
    await rm(this.statePath, { force: true });
  }

  async discard() {
    await rm(this.path, { force: true });
    await rm(this.statePath, { force: true });
  }
}

/**
 * @param {string} content
 * @returns {PartState | undefined}
 */
function parseState(content) {
  try {
    const state = JSON.parse(content);
    return typeof state === 'object' && state !== null ? state : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {PartState} state
 * @param {PartState} expected
 */
function mayContinue(state, expected) {
  const keys = /** @type {const} */ (['size', 'sha256', 'gitObjectId']);
  const other = keys.some(
    (key) => state[key] !== undefined && expected[key] !== undefined && state[key] !== expected[key],
  );
  const sameContent = state.sha256 ?? state.gitObjectId;
  // Without a hash only the server can tell whether the rest belongs to the same file.
  return !other && Boolean(sameContent ?? strongEtag(state.etag) ?? state.lastModified);
}

/**
 * RFC 9110, 13.1.5: a weak ETag must not be used for ranges.
 *
 * @param {string | undefined} etag
 */
export function strongEtag(etag) {
  return etag === undefined || etag.startsWith('W/') ? undefined : etag;
}
