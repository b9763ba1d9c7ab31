import { describe } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { ModelLocation } from '../protocol/worker-api.ts';

/** Where model ids of the form `org/name` are looked up. */
export interface HubOptions {
  /** @default 'https://huggingface.co' */
  host?: string;
  /** Path of a model's folder below the host. @default '{model}/resolve/{revision}/' */
  pathTemplate?: string;
}

const npmHost = 'https://cdn.jsdelivr.net/npm/';

/**
 * Resolves a model reference to the folder it means. Nothing is probed: what looks like a Hub id is one.
 *
 * @param reference `org/name` or `org/name@revision` · `/path/`, `./path/`, `https://host/path/` · `npm:package@version/path`
 * @param revision Used where the reference has none. @default 'main'
 * @throws InsituError `OPTION_INVALID`
 */
export function resolveModel(reference: unknown, hub: HubOptions, revision = 'main'): ModelLocation {
  if (typeof reference !== 'string') throw invalidReference(describe(reference));
  if (/^(https?:\/\/|\.{0,2}\/)/.test(reference)) {
    return {
      reference,
      baseUrl: new URL(withSlash(reference), globalThis.document?.baseURI ?? globalThis.location.href).href,
    };
  }
  if (reference.startsWith('npm:')) {
    return { reference, baseUrl: npmHost + withSlash(reference.slice('npm:'.length)) };
  }
  const id = /^([\w.-]+(?:\/[\w.-]+)?)(?:@([\w./-]+))?$/.exec(reference);
  if (!id) throw invalidReference(describe(reference));
  const path = (hub.pathTemplate ?? '{model}/resolve/{revision}/')
    .replace('{model}', id[1]!)
    .replace('{revision}', encodeURIComponent(id[2] ?? revision));
  return { reference, baseUrl: withSlash(withSlash(hub.host ?? 'https://huggingface.co') + path) };
}

const withSlash = (path: string) => (path.endsWith('/') ? path : `${path}/`);

function invalidReference(given: string): InsituError {
  return new InsituError('OPTION_INVALID', `${given} is not a model reference.`, {
    hint: 'Use a Hub id (org/name or org/name@revision), the address of a folder (/models/name/), or npm:package@version/path.',
  });
}
