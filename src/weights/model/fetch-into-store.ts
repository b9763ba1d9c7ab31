import { InsituError } from '../../errors/insitu-error.ts';
import type { FileRules, RemoteModel } from '../../protocol/model-location.ts';
import type { ManifestFile } from '../../protocol/model-manifest.ts';
import type { RoomKeeper } from '../store/room-keeper.ts';
import {
  type FileInfo,
  type FileKey,
  type StoredFile,
  SupersededError,
  type WeightStore,
} from '../store/weight-store.ts';
import { toStorageError } from '../store/storage-error.ts';
import type { NewsChannel } from '../tabs/download-news.ts';
import type { AnswerHead } from '../transfer/answer.ts';
import { download } from '../transfer/download.ts';
import { integrityError } from '../transfer/failures.ts';
import { type HubPointer, fetchHubPointer } from '../transfer/hub-pointer.ts';
import { type FileReceiver, createFileReceiver } from './file-receiver.ts';
import type { LoadMonitor } from './load-monitor.ts';
import { readStored } from './stored-bytes.ts';
import { createWriteBehind } from './write-behind.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const newsIntervalMs = 100;

export interface FetchContext {
  location: RemoteModel;
  rules: FileRules;
  store: WeightStore;
  room: RoomKeeper;
  news: NewsChannel;
  monitor: LoadMonitor;
  signal: AbortSignal;
  /** The bytes are wanted by a runtime, not only by the store. */
  inMemory: boolean;
  writingMayBegin: Promise<void>;
  /** Aborted when nothing of the load is worth storing. */
  dropped?: AbortSignal;
  /** Hears why a file is not stored. Without it the download fails with that. */
  onNotStored?(error: InsituError): void;
}

export interface Fetching {
  /** The file; `undefined` where the server has none. */
  result: Promise<{ bytes: Bytes | undefined } | undefined>;
  /** Resolves when nothing of it is written any more. Never rejects. */
  settled: Promise<void>;
}

/** Downloads a file, goes on where an earlier download ended, proves it, and stores it. */
export function fetchIntoStore(
  key: FileKey,
  found: StoredFile,
  context: FetchContext,
  pinned: ManifestFile | undefined,
  onKnown: () => void,
): Fetching {
  const { location, store, room, news, monitor, signal, inMemory } = context;
  const url = key.model + key.path;
  const storing = new Set<Promise<boolean>>();
  let notStored: unknown;
  let pointer: Promise<HubPointer | undefined> | undefined;

  const attempt = async (resumeFrom: StoredFile['partial']): Promise<{ receiver: FileReceiver } | undefined> => {
    const beginning = resumeFrom && (await readBeginning(resumeFrom));
    const unfinished = beginning && resumeFrom;
    let total = 0;
    let toldAt = -Infinity;
    const receiver = createFileReceiver({
      inMemory,
      beginning,
      expects(head) {
        if (head.redirected && location.hub && !pinned) pointer ??= fetchHubPointer(url, location.headers, signal);
        return Boolean(pinned ?? head.sha256 ?? pointer);
      },
      openWriter(head, start) {
        // Asked for at once: what there is to say should be said before the model is ready.
        const refusal = room.reserve(key.model, Math.max(0, totalOf(head) - start));
        // When it fails itself, so does `open`.
        refusal.then((reason) => reason && fail(reason)).catch(() => {});
        const open = async () => {
          if (await refusal) return undefined;
          return store.write(key, infoOf(head), start > 0 ? unfinished : undefined);
        };
        const writer = createWriteBehind(open, {
          begin: context.writingMayBegin,
          makeRoom: () => room.evictOne(key.model),
          onFailure: fail,
        });
        context.dropped?.addEventListener('abort', writer.discard, { once: true });
        storing.add(writer.settled);
        return writer;
      },
      onBegin(head, start) {
        onKnown();
        total = totalOf(head);
        monitor.begin(key.path, total, 'network', start);
      },
      onBytes(count) {
        monitor.add(key.path, count);
        if (performance.now() - toldAt < newsIntervalMs) return;
        toldAt = performance.now();
        news.tell({ ...key, loaded: receiver.size, total });
      },
    });
    try {
      const head = await download(url, receiver, {
        headers: location.headers,
        signal,
        resume: unfinished && { from: beginning.length, of: unfinished.info },
      });
      if (!head) return undefined;
      await prove(receiver, head);
      receiver.writer?.commit(receiver.sha256().then((sha256) => ({ ...infoOf(head), size: receiver.size, sha256 })));
      return { receiver };
    } catch (error) {
      if (error instanceof InsituError && error.code === 'INTEGRITY_MISMATCH') receiver.writer?.discard();
      else receiver.writer?.leave();
      throw error;
    }
  };

  const totalOf = (head: AnswerHead) => pinned?.size ?? head.size ?? head.likelySize ?? 0;

  const prove = async (receiver: FileReceiver, head: AnswerHead) => {
    const proof = pinned ?? (await pointer);
    const size = proof?.size;
    if (size !== undefined && receiver.size !== size) {
      throw integrityError(url, `it has ${receiver.size} bytes, not ${size}`);
    }
    const sha256 = proof?.sha256 ?? head.sha256;
    if (sha256 && (await receiver.sha256()) !== sha256) {
      throw integrityError(url, `its SHA-256 is ${await receiver.sha256()}, not ${sha256}`);
    }
  };

  const run = async () => {
    const arrived = await attempt(found.partial).catch((error: unknown) => {
      // Once more, from the beginning: a proxy or a disk may have damaged it.
      if (error instanceof InsituError && error.code === 'INTEGRITY_MISMATCH') return attempt(undefined);
      throw error;
    });
    if (!arrived) {
      if (found.partial) await store.remove(key).catch(() => {});
      return undefined;
    }
    const { receiver } = arrived;
    if (inMemory) return { bytes: receiver.bytes() };
    if (!(await receiver.writer!.settled) && !(await isStored(await receiver.sha256())))
      throw notStored ?? unknownFailure();
    return { bytes: undefined };
  };

  /** Another tab may have stored it; an earlier version does not count. */
  const isStored = async (sha256: string) =>
    (await store.find(key).catch(() => undefined))?.whole?.info.sha256 === sha256;

  const fail = (error: unknown) => {
    // Another tab stores it.
    if (error instanceof SupersededError) return;
    notStored = toStorageError(error, url);
    context.onNotStored?.(notStored as InsituError);
  };

  const result = run();
  const settled = result
    .then(
      () => {},
      () => {},
    )
    .then(() => Promise.all(storing))
    .then(() => {});
  return { result, settled };
}

/** What is here of an interrupted download; nothing if it was damaged since. */
async function readBeginning(unfinished: NonNullable<StoredFile['partial']>): Promise<Bytes | undefined> {
  if (unfinished.parts.length === 0) return undefined;
  const { bytes, damaged } = await readStored(unfinished);
  return damaged.length === 0 ? bytes : undefined;
}

/** What the store keeps of what a server said. */
function infoOf({ size, etag, lastModified, sha256, commit }: AnswerHead): FileInfo {
  return {
    ...(size !== undefined && { size }),
    ...(etag && { etag }),
    ...(lastModified && { lastModified }),
    ...(sha256 && { sha256 }),
    ...(commit && { commit }),
  };
}

function unknownFailure(): InsituError {
  return new InsituError('STORAGE_UNAVAILABLE', 'The file was not stored.', { hint: 'Try again.', retryable: true });
}
