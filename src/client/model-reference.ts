import { describe } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { ModelLocation } from '../protocol/worker-api.ts';
import { pageUrl, withSlash } from './page-url.ts';

/** Where model ids of the form `org/name` are looked up. */
export interface HubOptions {
  /** @default 'https://huggingface.co' */
  host?: string;
  /** Path of a model's folder below the host. @default '{model}/resolve/{revision}/' */
  pathTemplate?: string;
}

const npmHost = 'https://cdn.jsdelivr.net/npm/';

/** A path that leaves its folder; a URL would be shortened by it. */
const leavesFolder = (path: string) => path.split('/').some((segment) => segment === '.' || segment === '..');

/**
 * Resolves a model reference to the folder it means. Nothing is probed: what looks like a Hub id is one.
 *
 * @param reference `org/name` or `org/name@revision` · `/path/`, `./path/`, `https://host/path/` · `npm:package@version/path`
 * @param revision Used where the reference has none. @default 'main'
 * @throws InsituError `OPTION_INVALID`
 */
export function resolveModel(reference: unknown, hub: HubOptions, revision = 'main'): ModelLocation {
  if (typeof reference !== 'string') throw invalidReference(reference);
  const baseUrl = folderOf(reference, hub, revision);
  // Paths of files are appended to the folder, and the sum is the key of the store.
  if (!baseUrl || baseUrl.search || baseUrl.hash) throw invalidReference(reference);
  return { reference, baseUrl: baseUrl.href };
}

function folderOf(reference: string, hub: HubOptions, revision: string): URL | undefined {
  if (/^(https?:\/\/|\.{0,2}\/(?!\/))/.test(reference)) {
    try {
      return pageUrl(withSlash(reference));
    } catch {
      return undefined;
    }
  }
  const [, path] = /^npm:((?:@[\w.-]+\/)?[\w.-].*)$/.exec(reference) ?? [];
  if (path) return leavesFolder(path) ? undefined : new URL(withSlash(path), npmHost);

  const [, model, ownRevision] = /^([\w.-]+(?:\/[\w.-]+)?)(?:@([\w./-]+))?$/.exec(reference) ?? [];
  if (!model || leavesFolder(model)) return undefined;
  const version = ownRevision ?? revision;
  if (version === '.' || version === '..') return undefined;
  const folder = (hub.pathTemplate ?? '{model}/resolve/{revision}/')
    .replace('{model}', model)
    .replace('{revision}', encodeURIComponent(version));
  return new URL(withSlash(folder), pageUrl(withSlash(hub.host ?? 'https://huggingface.co')));
}

function invalidReference(given: unknown): InsituError {
  return new InsituError('OPTION_INVALID', `${describe(given)} is not a model reference.`, {
    hint: 'Use a Hub id (org/name or org/name@revision), the address of a folder (/models/name/), or npm:package@version/path.',
  });
}
