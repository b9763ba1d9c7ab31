import { createHash } from 'node:crypto';
import { vi } from 'vitest';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { FileRules, RemoteModel } from '../../protocol/model-location.ts';
import type { ManifestFile, ModelManifest } from '../../protocol/model-manifest.ts';
import { loadPartChecksum } from '../checksum.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder } from '../store/test-database.conformance.ts';
import type { FileInfo, FileKey, FileWriter, WeightStore } from '../store/weight-store.ts';
import type { DownloadNews, NewsChannel } from '../tabs/download-news.ts';
import { createFileLocks } from '../tabs/file-locks.ts';
import { type Bytes, type ServedFile, createFileServer } from '../transfer/file-server.conformance.ts';
import { createLoadMonitor } from './load-monitor.ts';
import { type RemoteFileContext, getRemoteFile } from './remote-file.ts';
import { openRemoteModel, type OpenModelOptions, type WeightSources } from './remote-model.ts';

export const location: RemoteModel = {
  kind: 'remote',
  reference: 'org/name',
  baseUrl: folder,
  revision: 'main',
  immutable: false,
  hub: false,
};

export const rules: FileRules = { revalidate: 'background', localFilesOnly: false, session: 'session 1' };

export const sha256Of = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex');

export const textOf = (bytes: Bytes | undefined): string => new TextDecoder().decode(bytes);

export const encode = (text: string): Bytes => new TextEncoder().encode(text);

export const manifestOf = (files: Record<string, Bytes>): ModelManifest => ({
  format: 'insitu-model-1',
  model: 'org/name',
  files: Object.entries(files).map(([path, bytes]) => fileOf(path, bytes)),
});

export const fileOf = (path: string, bytes: Bytes): ManifestFile => ({
  path,
  size: bytes.length,
  sha256: sha256Of(bytes),
});

/** Serves the files of the model, by path, to everything that fetches. */
export function serveModel(files: Record<string, Bytes | ServedFile>) {
  const server = createFileServer(1024);
  const serve = (path: string, file: Bytes | ServedFile) =>
    server.files.set(folder + path, 'body' in file ? file : { body: file, etag: `"${sha256Of(file).slice(0, 8)}"` });
  for (const [path, file] of Object.entries(files)) serve(path, file);
  vi.stubGlobal('fetch', server.fetch);
  return {
    ...server,
    serve,
    remove: (path: string) => server.files.delete(folder + path),
    /** What was asked for so far, e.g. `GET config.json` or `GET onnx/model.onnx bytes=7-`. */
    asked: () =>
      server.requests.map(({ method, path, range }) =>
        [method, path.slice(folder.length), range].filter(Boolean).join(' '),
      ),
    forget: () => void (server.requests.length = 0),
  };
}

/** News that stay in this test: a real channel reaches every thread of the process. */
export function createNews(): NewsChannel & { told: DownloadNews[] } {
  const told: DownloadNews[] = [];
  const listeners = new Set<(news: DownloadNews) => void>();
  return {
    told,
    tell(news) {
      told.push(news);
      for (const hear of listeners) hear(news);
    },
    listen({ model, path }, hear) {
      const own = (news: DownloadNews) => news.model === model && news.path === path && hear(news);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}

/** What the loads of one test share. Storage has room. */
export function createSources(store: WeightStore = createMemoryStore()): WeightSources & { store: WeightStore } {
  return {
    store,
    locks: createFileLocks(null),
    news: createNews(),
    room: { reserve: async () => undefined, evictOne: async () => false },
  };
}

/** A monitor and what it has told. */
export function createWatched() {
  const events: LoadEvent[] = [];
  return { events, monitor: createLoadMonitor((event) => events.push(event)) };
}

/** Opens the model for one load. */
export function openLoad(
  sources: WeightSources = createSources(),
  { location: at = location, ...options }: Partial<OpenModelOptions> & { location?: RemoteModel } = {},
) {
  const { events, monitor } = createWatched();
  const { signal } = new AbortController();
  const files = openRemoteModel(at, { ...sources, rules, monitor, signal, ...options });
  return { files, events };
}

/** Loads these files of the model to the end. */
export async function load(sources: WeightSources, paths: readonly string[], options: Partial<OpenModelOptions> = {}) {
  const { files, events } = openLoad(sources, options);
  const found = await Promise.all(paths.map((path) => files.find(path)));
  await files.keep();
  files.release();
  return { found, events };
}

/** What one file of a load is got with. */
export function createContext(
  sources: WeightSources = createSources(),
  options: Partial<RemoteFileContext> = {},
): RemoteFileContext {
  return {
    ...sources,
    location,
    rules,
    monitor: createWatched().monitor,
    signal: new AbortController().signal,
    inMemory: true,
    writingMayBegin: Promise.resolve(),
    onFetching: () => {},
    ...options,
  };
}

/** Gets a file of a load, and waits until nothing of it is written any more. */
export async function getOnce(key: FileKey, sources: WeightSources, options: Partial<RemoteFileContext> = {}) {
  const { monitor, events } = createWatched();
  let settled: Promise<void> = Promise.resolve();
  const onFetching = (until: Promise<void>) => (settled = until);
  const file = await getRemoteFile(key, createContext(sources, { monitor, onFetching, ...options }), () => {});
  await settled;
  return { file, events };
}

export async function appendChecked(writer: FileWriter, ...parts: Bytes[]): Promise<void> {
  const checksumOf = await loadPartChecksum();
  for (const part of parts) await writer.append([part], { size: part.length, checksum: checksumOf([part]) });
}

/** Stores a whole file as a load stores it. */
export async function storeChecked(store: WeightStore, key: FileKey, info: FileInfo, ...parts: Bytes[]): Promise<void> {
  const writer = await store.write(key, info);
  await appendChecked(writer, ...parts);
  const all = Uint8Array.from(Buffer.concat(parts));
  await writer.commit({ size: all.length, sha256: sha256Of(all), ...info });
}

/** A promise and what ends it. */
export function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}
