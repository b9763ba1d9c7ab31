import { type OptionCheck, oneOf } from '../../errors/check-options.ts';
import type { TokenClassificationOptions, TokenLabel } from '../../protocol/tasks/text-tasks.ts';
import { engineTask } from '../engine-task.ts';
import { givesLogits } from '../files/model-fit.ts';
import { eachText } from '../texts/each-text.ts';
import { type LabelledToken, entitiesOf } from '../texts/entities-of.ts';
import { batchChecks } from '../option-checks.ts';
import { textsOf } from '../inputs/text-input.ts';
import { tokenOffsets } from '../texts/token-offsets.ts';

const names: OptionCheck = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'must be an array of strings';

type FoundToken = Omit<LabelledToken, 'start' | 'end'>;

/** Labels of the words of a text, such as names of people and places. */
export const tokenClassification = engineTask({
  name: 'token-classification',
  takes: 'text',
  options: { ignoreLabels: names, aggregationStrategy: oneOf('none', 'simple'), ...batchChecks },
  fits: givesLogits('TokenClassification'),
  async run(engine, [input], options: TokenClassificationOptions, context) {
    const { ignoreLabels, aggregationStrategy } = options;
    const own = ignoreLabels === undefined ? {} : { ignore_labels: ignoreLabels };
    const place = (text: string, found: readonly FoundToken[]): TokenLabel[] => {
      const ids = engine.tokenIds(text);
      const spans = tokenOffsets(
        text,
        ids.map((id) => engine.decode([id])),
      );
      const tokens = found.map((token) => ({ ...token, ...spans[token.index]! }));
      if (aggregationStrategy !== 'simple') return tokens;
      return entitiesOf(tokens, (indices) => engine.decode(indices.map((index) => ids[index]!)));
    };
    // Without padding, tokens count from the same place, whatever side it would be on.
    const labels = await eachText(engine, textsOf(input), { ...options, padding: 0 }, context, async (bucket) => {
      const found = (await engine.run([bucket], own, context)) as FoundToken[][];
      return bucket.map((text, row) => place(text, found[row]!));
    });
    return typeof input === 'string' ? labels[0] : labels;
  },
});
