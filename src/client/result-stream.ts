import type { HearChunk } from './pipeline.ts';
import type { ResultStream } from './tasks/task-calls.ts';

/** More than will ever wait: so that the stream asks after every piece that is read, not only when all of them are. */
const roomForAll = 2 ** 31;

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
  const begin = (controller: ReadableStreamDefaultController<Chunk>) => {
    // What is no signal is refused where all options are checked.
    const signal = given instanceof AbortSignal ? AbortSignal.any([given, left.signal]) : (given ?? left.signal);
    result = run(signal, (chunk, taken) => {
      if (left.signal.aborted) return;
      untaken.push(taken);
      controller.enqueue(chunk as Chunk);
    });
    // Whoever reads the stream hears of it there.
    result.then(
      () => left.signal.aborted || controller.close(),
      (error) => controller.error(error),
    );
  };
  const stream = new ReadableStream<Chunk>(
    {
      start: begin,
      pull(controller) {
        const unread = roomForAll - controller.desiredSize!;
        while (untaken.length > unread) untaken.shift()!();
      },
      cancel: (reason) => left.abort(reason ?? new DOMException('The stream was left.', 'AbortError')),
    },
    { highWaterMark: roomForAll },
  );
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
