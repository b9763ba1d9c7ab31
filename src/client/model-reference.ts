import { describe } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { DiskFile, DiskModel, ModelLocation, RemoteModel } from '../protocol/model-location.ts';
import { pageUrl, withSlash } from './page-url.ts';

/** Where model ids of the form `org/name` are looked up, and how. */
export interface HubOptions {
  /** @default 'https://huggingface.co' */
  host?: string;
  /** Path of a model's folder below the host. @default '{model}/resolve/{revision}/' */
  pathTemplate?: string;
  /** Sent with every request for a file of the hub, and only there; kept in memory alone. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Access token for private and gated models, or a function that gives one when a model is loaded. Kept in memory alone. A token
   * in a page is readable by everybody who can open the page.
   */
  token?: string | (() => string | Promise<string>);
}

/**
 * A model: a Hub id (`org/name`, `org/name@revision`), the address of a folder in Hub layout (`/models/name/`,
 * `https://host/path/`), `npm:package@version/path`, or files on the user's disk (from a file input, a drop, or
 * `showDirectoryPicker()`).
 */
export type ModelReference = string | readonly File[] | FileSystemDirectoryHandle;

const npmHost = 'https://cdn.jsdelivr.net/npm/';

/** A path that leaves its folder; a URL would be shortened by it. */
const leavesFolder = (path: string) => path.split('/').some((segment) => segment === '.' || segment === '..');

/**
 * Resolves a model reference to the files it means. Nothing is probed: what looks like a Hub id is one.
 *
 * @param revision Used where the reference has none. @default 'main'
 * @throws InsituError `OPTION_INVALID`; what `hub.token` throws.
 */
export async function resolveModel(reference: unknown, hub: HubOptions, revision?: string): Promise<ModelLocation> {
  return resolveDiskModel(reference) ?? resolveRemoteModel(reference, hub, revision);
}

/** Like {@link resolveModel}, for models that can be in the store. */
export async function resolveRemoteModel(reference: unknown, hub: HubOptions, revision = 'main'): Promise<RemoteModel> {
  if (typeof reference !== 'string') throw invalidReference(reference);
  const found = folderOf(reference) ?? npmFolder(reference) ?? (await hubFolder(reference, hub, revision));
  // Paths of files are appended to the folder, and the sum is the key of the store.
  if (!found || found.url.search || found.url.hash) throw invalidReference(reference);
  const { url, ...rest } = found;
  return { kind: 'remote', reference, baseUrl: url.href, hub: false, ...rest };
}

type Folder = { url: URL; immutable: boolean } & Partial<Pick<RemoteModel, 'hub' | 'revision' | 'headers'>>;

function folderOf(reference: string): Folder | undefined {
  if (!/^(https?:\/\/|\.{0,2}\/(?!\/))/.test(reference)) return undefined;
  try {
    return { url: pageUrl(withSlash(reference)), immutable: false };
  } catch {
    throw invalidReference(reference);
  }
}

function npmFolder(reference: string): Folder | undefined {
  const [, path] = /^npm:((?:@[\w.-]+\/)?[\w.-].*)$/.exec(reference) ?? [];
  if (!path || leavesFolder(path)) return undefined;
  // A range or a tag (`@1`, `@latest`) names another version tomorrow.
  const immutable = /^(?:@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\/|$)/.test(path);
  return { url: new URL(withSlash(path), npmHost), immutable };
}

async function hubFolder(reference: string, hub: HubOptions, revision: string): Promise<Folder | undefined> {
  const [, model, ownRevision] = /^([\w.-]+(?:\/[\w.-]+)?)(?:@([\w./-]+))?$/.exec(reference) ?? [];
  if (!model || leavesFolder(model)) return undefined;
  const version = ownRevision ?? revision;
  if (version === '.' || version === '..') return undefined;
  const path = (hub.pathTemplate ?? '{model}/resolve/{revision}/')
    .replace('{model}', model)
    .replace('{revision}', encodeURIComponent(version));
  const token = typeof hub.token === 'function' ? await hub.token() : hub.token;
  const headers = { ...hub.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  return {
    url: new URL(withSlash(path), pageUrl(withSlash(hub.host ?? 'https://huggingface.co'))),
    immutable: /^[\da-f]{40}$/.test(version),
    hub: true,
    revision: version,
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

function resolveDiskModel(reference: unknown): DiskModel | undefined {
  if (typeof reference !== 'object' || reference === null) return undefined;
  if (reference instanceof Array) {
    if (reference.length === 0 || !reference.every((file) => file instanceof File)) return undefined;
    const files = withoutCommonFolder(reference);
    return { kind: 'disk', reference: `${files.length} files of the disk`, files };
  }
  if (!('kind' in reference) || reference.kind !== 'directory' || !('getFileHandle' in reference)) return undefined;
  const directory = reference as FileSystemDirectoryHandle;
  return { kind: 'disk', reference: `the folder ${directory.name}`, files: directory };
}

/** A chosen folder's files have its own name in front of their paths. */
function withoutCommonFolder(files: readonly File[]): DiskFile[] {
  const paths = files.map((file) => file.webkitRelativePath || file.name);
  const folder = /^[^/]+\//.exec(paths[0]!)?.[0] ?? '';
  const common = paths.every((path) => path.startsWith(folder)) ? folder : '';
  return files.map((file, index) => ({ path: paths[index]!.slice(common.length), file }));
}

function invalidReference(given: unknown): InsituError {
  return new InsituError('OPTION_INVALID', `${describe(given)} is not a model reference.`, {
    hint: 'Use a Hub id (org/name@revision), the address of a folder (/models/name/), npm:package@version/path, or files of the disk (`[...input.files]`).',
  });
}
