import type { IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Repository, type RepositoryFile, listTree } from './repository.ts';
import { type Route, type Router, allowed, refused } from './route.ts';

export interface HubRoutesOptions {
  repositories: Map<string, Repository>;
  /** The bearer token that a repository asks for. */
  tokens: Map<string, string>;
  gzip: boolean;
  resolveCache: boolean;
  hidesUnknown: boolean;
  /** @returns A URL of the CDN for a file. */
  signedUrl(file: RepositoryFile): string;
}

/** The Hub's URLs: files, what git has of them, and the parts of the API that tell commits and hashes. */
export function createHubRoutes(options: HubRoutesOptions): Router {
  return (request, segments) => {
    if (request.method === 'OPTIONS') return allowed(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refused(405, undefined, 'Method not allowed');
    const asked = parsePath(segments);
    if (!asked) return refused(404, undefined, 'Not found');
    const { name, action, revision, path } = asked;

    const repository = options.repositories.get(name);
    const authorization = request.headers.authorization;
    const token = options.tokens.get(name);
    if (token !== undefined && authorization === undefined) {
      return refused(401, 'GatedRepo', `Access to model ${name} is restricted. Please log in.`);
    }
    if (token !== undefined && authorization !== `Bearer ${token}`) {
      return refused(403, 'GatedRepo', `Access to model ${name} is restricted and you are not in the authorized list.`);
    }
    if (!repository) {
      const hidden = options.hidesUnknown && authorization === undefined;
      return hidden
        ? refused(401, undefined, 'Invalid username or password.')
        : refused(404, 'RepoNotFound', 'Repository not found');
    }
    const commit = repository.commit(revision);
    if (!commit) return refused(404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    if (action === 'revision') return json({ id: name, sha: commit.sha });
    if (action === 'tree') {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      return json(listTree(commit, searchParams.get('recursive') === 'true'));
    }
    const file = commit.files.get(path);
    if (!file) return refused(404, 'EntryNotFound', 'Entry not found', commit.sha);
    if (action === 'raw') return raw(file, commit.sha);
    if (file.pointer !== undefined) return toCdn(file, commit.sha, options.signedUrl(file));
    if (action === 'resolve' && options.resolveCache) return toResolveCache(file, name, commit.sha);
    return content(file, commit.sha, options.gzip && acceptsGzip(request));
  };
}

interface Asked {
  name: string;
  action: 'resolve' | 'resolve-cache' | 'raw' | 'tree' | 'revision';
  revision: string;
  path: string;
}

function parsePath(segments: string[]): Asked | undefined {
  if (segments[0] !== 'api') {
    const [organisation, model, action, revision, ...path] = segments;
    if ((action !== 'resolve' && action !== 'raw') || revision === undefined) return undefined;
    return { name: `${organisation}/${model}`, action, revision, path: path.join('/') };
  }
  if (segments[1] === 'resolve-cache' && segments[2] === 'models') {
    const [organisation, model, revision, ...path] = segments.slice(3);
    if (revision === undefined) return undefined;
    return { name: `${organisation}/${model}`, action: 'resolve-cache', revision, path: path.join('/') };
  }
  const [, kind, organisation, model, action, revision] = segments;
  if (kind !== 'models' || (action !== 'tree' && action !== 'revision') || revision === undefined) return undefined;
  return { name: `${organisation}/${model}`, action, revision, path: '' };
}

function json(value: object): Route {
  return {
    step: 'api',
    status: 200,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

function raw(file: RepositoryFile, commit: string): Route {
  return {
    step: 'raw',
    file: file.name,
    status: 200,
    headers: { 'Content-Type': contentType(file), ETag: `"${file.oid}"`, 'X-Repo-Commit': commit },
    body: file.pointer ?? file.bytes,
  };
}

function toCdn(file: RepositoryFile, commit: string, url: string): Route {
  return {
    step: 'redirect',
    file: file.name,
    status: 302,
    headers: {
      Location: url,
      // Of the pointer, not of the bytes: that is what the other two are for.
      ETag: `"${file.oid}"`,
      'X-Linked-ETag': `"${file.sha256}"`,
      'X-Linked-Size': String(file.bytes.length),
      'X-Repo-Commit': commit,
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'no-store',
      'Content-Type': 'text/plain; charset=utf-8',
    },
    body: `Found. Redirecting to ${url}`,
  };
}

function toResolveCache(file: RepositoryFile, name: string, commit: string): Route {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const etag = `"${file.oid}"`;
  return {
    step: 'redirect',
    file: file.name,
    status: 307,
    headers: {
      Location: `/api/resolve-cache/models/${name}/${commit}/${path}?etag=${encodeURIComponent(etag)}`,
      'X-Linked-ETag': etag,
      'X-Repo-Commit': commit,
      'Accept-Ranges': 'bytes',
      'Content-Type': 'text/plain; charset=utf-8',
    },
    body: 'Temporary Redirect',
  };
}

function content(file: RepositoryFile, commit: string, compressed: boolean): Route {
  return {
    step: 'content',
    file: file.name,
    representation: {
      bytes: compressed ? gzipSync(file.bytes) : file.bytes,
      identity: compressed ? `${file.sha256} gzip` : file.sha256,
      etag: compressed ? `W/"${file.oid}"` : `"${file.oid}"`,
      hasRanges: !compressed,
      headers: {
        'Content-Type': contentType(file),
        'X-Repo-Commit': commit,
        Vary: 'Accept-Encoding',
        ...(compressed && { 'Content-Encoding': 'gzip' }),
      },
    },
  };
}

/** The Hub calls every text plain, JSON too. */
function contentType({ pointer, bytes }: RepositoryFile): string {
  return pointer === undefined && bytes.includes(0) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(request.headers['accept-encoding']?.toString() ?? '');
}
