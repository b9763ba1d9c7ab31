import { InsituError } from '../../errors/insitu-error.ts';
import { ofType, oneOf } from '../../errors/check-options.ts';
import { joinEmbeddings } from '../../protocol/join-embeddings.ts';
import type { Embeddings, FeatureExtractionOptions, Pooling } from '../../protocol/tasks/text-tasks.ts';
import type { TensorData } from '../../runtime/runtime.ts';
import { engineTask } from '../engine-task.ts';
import { anyOf, gives, givesLogits } from '../files/model-fit.ts';
import { batchChecks, positiveWhole } from '../option-checks.ts';
import { packVectors } from '../texts/pack-vectors.ts';
import { runBuckets } from '../texts/run-buckets.ts';
import { textsOf } from '../inputs/text-input.ts';

/** Ways of pooling that read no padding; the others take the last token of a row, or all. */
const ignoringPadding: ReadonlySet<Pooling | undefined> = new Set<Pooling>(['mean', 'cls', 'first_token']);

/** Vectors of texts: one for each, or one for each token. */
export const featureExtraction = engineTask({
  name: 'feature-extraction',
  takes: 'text',
  options: {
    pooling: oneOf('none', 'mean', 'cls', 'first_token', 'eos', 'last_token'),
    normalize: ofType('boolean'),
    dimensions: positiveWhole,
    quantize: ofType('boolean'),
    precision: oneOf('binary', 'ubinary', 'int8'),
    ...batchChecks,
  },
  fits: anyOf(gives('last_hidden_state'), gives('token_embeddings'), givesLogits('MaskedLM')),
  async run(engine, [input], given, context) {
    const options: FeatureExtractionOptions = given;
    const { pooling = 'none', normalize = false, quantize = false } = options;
    if (quantize && pooling === 'none') {
      throw new InsituError('OPTION_INVALID', '`quantize` needs pooling: it packs one vector of each text.', {
        hint: "Pass `pooling: 'mean'`, or what the model was trained with.",
      });
    }
    const texts = textsOf(input);
    const rows: { of: Embeddings<Float32Array | Int8Array | Uint8Array>; row: number }[] = [];
    const padding = ignoringPadding.has(pooling) ? undefined : 0;
    // Shortened vectors are scaled after they were shortened.
    const scale = normalize && options.dimensions === undefined;
    await runBuckets(
      engine,
      texts,
      { ...options, ...(padding !== undefined && { padding }) },
      context,
      async (bucket) => (await engine.run([bucket], { pooling, normalize: scale }, context)) as TensorData,
      (result, indices) => {
        const packed = packVectors(result as Embeddings, options);
        for (const [row, index] of indices.entries()) {
          rows[index] = { of: packed, row };
          if (context.streaming) context.emit({ index, value: joinEmbeddings([{ of: packed, row }]) });
        }
      },
    );
    return joinEmbeddings(rows);
  },
});
