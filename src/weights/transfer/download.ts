import { type AnswerHead, PassingFailure, askForFile } from './answer.ts';
import { htmlError, memoryError, networkError } from './failures.ts';
import { type RetryRules, withRetries } from './retry.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** How much of a file is looked at to tell whether it is a page. */
const sniffedBytes = 256;

/** A connection that brings nothing for so long counts as broken. */
const stallMs = 20_000;

/** As much as counts as progress. A server that breaks off after every byte would otherwise be asked for ever. */
const progressBytes = 64 * 1024;

/** Takes the bytes of one file. */
export interface FileSink {
  /**
   * The next bytes belong at `start`: 0, or where what is here ends. At 0 everything that came before is void.
   */
  begin(head: AnswerHead, start: number): Promise<void> | void;
  /** May ask for a pause by returning a promise. */
  write(chunk: Bytes): Promise<void> | void;
}

export interface DownloadOptions {
  headers?: Readonly<Record<string, string>> | undefined;
  signal: AbortSignal;
  /** What is here already. */
  resume?: { from: number; of: Pick<AnswerHead, 'etag' | 'lastModified' | 'size'> } | undefined;
  retry?: RetryRules;
  stallMs?: number;
}

/**
 * Fetches one file, however many connections it takes: after a broken one it goes on where that ended.
 *
 * @returns What the server said of the file; `undefined` where it has no such file (404, 410), and then `begin` is not called.
 * @throws InsituError `OFFLINE`, `NETWORK`, `HTTP_STATUS`, `ASSET_IS_HTML`, `OUT_OF_MEMORY`; the signal's reason when aborted.
 */
export async function download(
  url: string,
  sink: FileSink,
  { headers, signal, resume, retry, stallMs: stall = stallMs }: DownloadOptions,
): Promise<AnswerHead | undefined> {
  let position = resume?.from ?? 0;
  /** What was here before and went lost is no progress: a server that always breaks off would be asked for ever. */
  let furthest = position;
  let known: AnswerHead | undefined;
  return withRetries(
    signal,
    async ({ progressed }) => {
      const connection = new AbortController();
      const watch = watchForStall(connection, url, stall);
      try {
        const answer = await askForFile({
          url,
          headers,
          from: position,
          of: known ?? resume?.of ?? {},
          signal: AbortSignal.any([signal, connection.signal]),
        });
        if (!answer) return undefined;
        // A partial answer of another origin may hide what the first one told.
        known = answer.start > 0 ? { ...resume?.of, ...known, ...answer.head } : answer.head;
        position = answer.start;
        await sink.begin(known, position);
        await readBody(answer.body, position === 0, async (chunk) => {
          position += chunk.length;
          if (position - furthest >= progressBytes) {
            furthest = position;
            progressed();
          }
          // A sink that makes the connection wait is no stall of the connection.
          watch.pause();
          await sink.write(chunk);
          watch.touch();
        });
        if (known.size !== undefined && position < known.size) {
          throw new PassingFailure(networkError(`${url} ended after ${position} of ${known.size} bytes.`, undefined));
        }
        return { ...known, size: position };
      } catch (error) {
        signal.throwIfAborted();
        if (connection.signal.aborted) throw connection.signal.reason;
        throw error instanceof RangeError ? memoryError(url, known?.size ?? 0, error) : error;
      } finally {
        watch.stop();
      }
    },
    retry,
  );

  async function readBody(
    body: ReadableStream<Bytes>,
    fromTheStart: boolean,
    take: (chunk: Bytes) => Promise<void>,
  ): Promise<void> {
    const sniffer = fromTheStart ? createSniffer(url) : undefined;
    const reader = body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw new PassingFailure(networkError(`The connection broke while ${url} was arriving.`, error));
        });
        const passed = sniffer ? sniffer(value) : value;
        if (passed) await take(passed);
        if (done) return;
      }
    } catch (error) {
      await reader.cancel().catch(() => {});
      throw error;
    }
  }
}

/** Holds back the beginning of a file until it is clear that it is not a page; `undefined` is the end of the file. */
function createSniffer(url: string): (chunk: Bytes | undefined) => Bytes | undefined {
  let held: Bytes | undefined = new Uint8Array(0);
  return (chunk) => {
    if (!held) return chunk;
    const begun: Bytes = new Uint8Array(held.length + (chunk?.length ?? 0));
    begun.set(held);
    if (chunk) begun.set(chunk, held.length);
    if (chunk && begun.length < sniffedBytes) {
      held = begun;
      return undefined;
    }
    if (looksLikeHtml(begun)) throw htmlError(url);
    held = undefined;
    return begun;
  };
}

function looksLikeHtml(head: Uint8Array): boolean {
  return /^\s*<(!doctype\s+html|html[\s>])/i.test(new TextDecoder().decode(head.subarray(0, sniffedBytes)));
}

function watchForStall(connection: AbortController, url: string, stall: number) {
  let touched = Date.now();
  const timer = setInterval(
    () => {
      if (Date.now() - touched < stall) return;
      connection.abort(new PassingFailure(networkError(`${url} brought nothing for ${stall / 1000} s.`, undefined)));
    },
    Math.min(stall, 1000),
  );
  return {
    touch: () => (touched = Date.now()),
    pause: () => (touched = Infinity),
    stop: () => clearInterval(timer),
  };
}
