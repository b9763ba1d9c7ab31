import { describe } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import { joinEmbeddings } from '../../protocol/join-embeddings.ts';
import type { RunOptions, RunProgress } from '../../protocol/tasks/run-options.ts';
import type { Embeddings } from '../../protocol/tasks/text-tasks.ts';
import { type UnitVectors, unitVectors } from '../../protocol/unit-vectors.ts';
import type { Embedder } from '../classifier.ts';
import type { PipelineOrigin } from '../pipeline-origin.ts';

/** An embedder as it is called here, whatever its inputs. */
export type EmbedAny = ((input: unknown, options: RunOptions & Record<string, unknown>) => Promise<Embeddings>) &
  Pick<Embedder, 'task' | 'model' | 'plan' | 'stats'> & {
    stream(
      input: unknown,
      options: RunOptions & Record<string, unknown>,
    ): AsyncIterable<{ index: number; value: Embeddings }> & { result: Promise<Embeddings> };
  };

/** @throws InsituError `OPTION_INVALID` for anything but a pipeline that gives vectors. */
export function checkEmbedder(
  embedder: unknown,
  origin: PipelineOrigin | undefined,
): { embed: EmbedAny; origin: PipelineOrigin } {
  const { task } = (embedder ?? {}) as Partial<Embedder>;
  if (origin && (task === 'feature-extraction' || task === 'image-feature-extraction')) {
    return { embed: embedder as EmbedAny, origin };
  }
  throw new InsituError('OPTION_INVALID', `The embedder is ${task ? `a pipeline for ${task}` : describe(embedder)}.`, {
    hint: "Pass what `pipeline('feature-extraction', …)` or `pipeline('image-feature-extraction', …)` gave.",
  });
}

export const readsText = ({ task }: Pick<EmbedAny, 'task'>): boolean => task === 'feature-extraction';

/** Images cross the thread whole: so many are on their way at a time. */
const imagesTogether = 16;

/** Embeds inputs of any number. */
export async function embedAll(
  embed: EmbedAny,
  inputs: readonly unknown[],
  { onProgress, ...options }: RunOptions & Record<string, unknown>,
): Promise<Embeddings> {
  const total = inputs.length;
  const together = readsText(embed) ? total : imagesTogether;
  const rows: { of: Embeddings; row: number }[] = [];
  for (let from = 0; from < total; from += together) {
    const part = inputs.slice(from, from + together);
    const hear = onProgress && (({ done }: RunProgress) => onProgress({ done: from + done, total }));
    const of = await embed(part, { ...options, ...(hear && { onProgress: hear }) });
    rows.push(...part.map((_, row) => ({ of, row })));
  }
  return joinEmbeddings(rows) as Embeddings;
}

/** Something every embedder of its kind can embed: embedders are told apart by what they make of it. */
const probeText = 'The quick brown fox jumps over the lazy dog.';
const probeSide = 32;

/** @returns its vector of length 1 */
export async function embedProbe(embed: EmbedAny, options: RunOptions & Record<string, unknown>): Promise<UnitVectors> {
  return unitVectors(await embed(readsText(embed) ? [probeText] : [probeImage()], options));
}

function probeImage() {
  const data = new Uint8ClampedArray(probeSide * probeSide * 4);
  for (let at = 0; at < data.length; at += 4) {
    const [x, y] = [(at / 4) % probeSide, Math.floor(at / 4 / probeSide)];
    data.set([x * 8, y * 8, (x ^ y) * 8, 255], at);
  }
  return { data, width: probeSide, height: probeSide, channels: 4 };
}
