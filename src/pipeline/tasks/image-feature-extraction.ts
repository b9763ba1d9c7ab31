import { ofType } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import { joinEmbeddings } from '../../protocol/join-embeddings.ts';
import type { Embeddings } from '../../protocol/tasks/text-tasks.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { anyOf, gives, givesLogits } from '../files/model-fit.ts';
import { imageOf } from '../inputs/image-inputs.ts';

/** Vectors of images: one for each, or one for each patch. */
export const imageFeatureExtraction = engineTask({
  name: 'image-feature-extraction',
  takes: 'image',
  options: { pool: ofType('boolean') },
  fits: anyOf(gives('last_hidden_state'), gives('image_embeds'), givesLogits()),
  async run(engine, [input], options, context) {
    if (options['pool'] && !engine.outputs.includes('pooler_output')) {
      throw new InsituError(
        'MODEL_UNSUPPORTED',
        `The model gives ${engine.outputs.join(', ')}, and no pooler_output.`,
        {
          hint: 'Leave out pool, and take the vector of the first patch or the mean of all.',
        },
      );
    }
    const vectors = await eachInput(input, context, async (image) => {
      const own = await engine.run([await imageOf(image, context)], snakeCased(options), context);
      const { data, dims } = own as Embeddings;
      return { data, dims };
    });
    return joinEmbeddings([vectors].flat().map((of) => ({ of, row: 0 })));
  },
});
