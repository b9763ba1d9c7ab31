import type { HearChunk } from './pipeline.ts';
import type { ResultStream } from './tasks/task-calls.ts';

/**
 * A stream of what a run gives piece by piece. Each piece that is read asks the run for another.
 *
 * @param given Aborts the run from outside.
 * @param run Begins at once. Its signal aborts when nobody reads any more.
 */
export function createResultStream<Chunk, Output>(
  given: AbortSignal | undefined,
  run: (signal: AbortSignal, onChunk: HearChunk) => Promise<Output>,
): ResultStream<Chunk, Output> {
  const left = new AbortController();
  const untaken: (() => void)[] = [];
  let result!: Promise<Output>;
  const stream = new ReadableStream<Chunk>({
    start(controller) {
      result = run(given ? AbortSignal.any([given, left.signal]) : left.signal, (chunk, taken) => {
        untaken.push(taken);
        controller.enqueue(chunk as Chunk);
      });
      // Whoever reads the stream hears of it there.
      result.then(
        () => left.signal.aborted || controller.close(),
        (error) => controller.error(error),
      );
    },
    pull: () => untaken.shift()?.(),
    cancel: (reason) => left.abort(reason ?? new DOMException('The stream was left.', 'AbortError')),
  });
  return Object.assign(stream, { result, [Symbol.asyncIterator]: () => readAll(stream) });
}

/** Browsers differ in whether streams are iterable. Leaving the loop cancels. */
async function* readAll<Chunk>(stream: ReadableStream<Chunk>): AsyncGenerator<Chunk> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
    reader.releaseLock();
  }
}
