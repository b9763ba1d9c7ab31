import { ofType } from '../../errors/check-options.ts';
import type { ZeroShotClassificationOptions, ZeroShotLabels } from '../../protocol/tasks/text-tasks.ts';
import { engineTask } from '../engine-task.ts';
import { givesEntailment } from '../files/model-fit.ts';
import { labelsOf } from '../inputs/label-inputs.ts';
import { textsOf } from '../inputs/text-input.ts';
import { batchChecks, template } from '../option-checks.ts';
import { type Entailment, entailmentIds, rankLabels } from '../texts/entailment.ts';
import { runBuckets } from '../texts/run-buckets.ts';

/** Which of the given labels a text fits: those whose sentence follows from it. */
export const zeroShotClassification = engineTask({
  name: 'zero-shot-classification',
  takes: 'text',
  options: { hypothesisTemplate: template, multiLabel: ofType('boolean'), ...batchChecks },
  fits: givesEntailment,
  async run(engine, [input, given], options: ZeroShotClassificationOptions, context) {
    const texts = textsOf(input);
    const labels = labelsOf(given);
    const { hypothesisTemplate = 'This example is {}.', multiLabel = false } = options;
    const hypotheses = labels.map((label) => hypothesisTemplate.replace('{}', () => label));
    const pairs = texts.flatMap((text, index) =>
      hypotheses.map((hypothesis, label) => ({ index, label, text, hypothesis })),
    );
    const ids = entailmentIds(engine.config);
    const apart = multiLabel || labels.length === 1;
    const logits = texts.map((): Entailment[] => []);
    const missing = texts.map(() => labels.length);
    const results: ZeroShotLabels[] = [];
    let done = 0;
    await runBuckets(
      engine,
      pairs.map(({ text, hypothesis }) => `${text} ${hypothesis}`),
      options,
      { keptUp: context.keptUp, progress: () => context.progress(done, texts.length) },
      async (_, places) => {
        const some = places.map((place) => pairs[place]!);
        const outputs = await engine.forward(
          some.map(({ text }) => text),
          some.map(({ hypothesis }) => hypothesis),
          context,
        );
        return outputs['logits']!;
      },
      ({ data, dims }, places) => {
        const width = dims.at(-1)!;
        for (const [row, place] of places.entries()) {
          const { index, label, text } = pairs[place]!;
          const own = (id: number) => Number(data[row * width + id]);
          logits[index]![label] = {
            entailment: own(ids.entailment),
            contradiction: own(ids.contradiction),
          };
          if (--missing[index]! > 0) continue;
          const value = { sequence: text, ...rankLabels(labels, logits[index]!, apart) };
          results[index] = value;
          done++;
          if (context.streaming) context.emit({ index, value });
        }
      },
    );
    return typeof input === 'string' ? results[0] : results;
  },
});
