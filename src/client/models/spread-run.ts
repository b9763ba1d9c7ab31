import { joinEmbeddings } from '../../protocol/join-embeddings.ts';
import type { Embeddings } from '../../protocol/tasks/text-tasks.ts';
import type { RunOfModel } from './dispatcher.ts';

/** Parts for each copy of a model: the last part of a batch should not leave the others waiting for long. */
const partsPerReplica = 4;

export type SpreadRun = typeof spreadRun;

/**
 * Spreads a batch over the copies of a model. Texts of similar length go together, the longest first; results come back in input
 * order.
 */
export async function spreadRun(
  run: RunOfModel,
  replicas: number,
  perform: (part: RunOfModel) => Promise<unknown>,
): Promise<unknown> {
  const { inputs, signal, onChunk, onProgress } = run;
  const [input, ...others] = inputs;
  // Of several arguments, one may belong to the others; conversations are arrays, but one input.
  const together = onChunk || others.length > 0 || !Array.isArray(input) || input.length < 2 || !input.every(isInput);
  if (together) return perform(run);
  const failed = new AbortController();
  const parts = partsOf(input, replicas * partsPerReplica);
  let done = 0;
  const performPart = async (indices: readonly number[]) => {
    let own = 0;
    const hear = (now: number) => {
      done += now - own;
      own = now;
      onProgress?.({ done, total: input.length });
    };
    return perform({
      ...run,
      inputs: [indices.map((index) => input[index] as unknown)],
      onProgress: onProgress && (({ done: now }) => hear(now)),
      signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
    });
  };
  try {
    return join(parts, await Promise.all(parts.map(performPart)));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

/** A text, or a picture or a recording that was made ready. */
const isInput = (input: unknown): boolean =>
  typeof input === 'string' || (typeof input === 'object' && input !== null && 'kind' in input);

function partsOf(inputs: readonly unknown[], most: number): number[][] {
  const lengthOf = (index: number) => (typeof inputs[index] === 'string' ? inputs[index].length : 0);
  const order = inputs.map((_, index) => index).sort((a, b) => lengthOf(b) - lengthOf(a));
  const size = Math.ceil(order.length / most);
  return Array.from({ length: Math.ceil(order.length / size) }, (_, part) =>
    order.slice(part * size, (part + 1) * size),
  );
}

/** A batch gives a list of results, or one tensor with a row for each. */
function join(parts: readonly (readonly number[])[], results: readonly unknown[]): unknown {
  if (Array.isArray(results[0])) {
    const joined: unknown[] = [];
    for (const [part, indices] of parts.entries()) {
      for (const [row, index] of indices.entries()) joined[index] = (results[part] as unknown[])[row];
    }
    return joined;
  }
  const rows: { of: Embeddings; row: number }[] = [];
  for (const [part, indices] of parts.entries()) {
    for (const [row, index] of indices.entries()) rows[index] = { of: results[part] as Embeddings, row };
  }
  return joinEmbeddings(rows);
}
