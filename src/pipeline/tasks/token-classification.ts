import { type OptionCheck, oneOf } from '../../errors/check-options.ts';
import type { TokenLabel } from '../../protocol/tasks/text-tasks.ts';
import { eachInput } from '../each-input.ts';
import { engineTask } from '../engine-task.ts';
import { givesLogits } from '../model-fit.ts';
import { type LabelledToken, entitiesOf } from '../entities-of.ts';
import { batchChecks } from '../option-checks.ts';
import { textsOf } from '../text-input.ts';
import { tokenOffsets } from '../token-offsets.ts';

const names: OptionCheck = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'must be an array of strings';

/** Labels of the words of a text, such as names of people and places. */
export const tokenClassification = engineTask({
  name: 'token-classification',
  takes: 'text',
  options: { ignoreLabels: names, aggregationStrategy: oneOf('none', 'simple'), ...batchChecks },
  fits: givesLogits('TokenClassification'),
  async run(engine, [input], { ignoreLabels, aggregationStrategy }, context) {
    textsOf(input);
    const own = ignoreLabels === undefined ? {} : { ignore_labels: ignoreLabels };
    return eachInput(input, context, async (each): Promise<TokenLabel[]> => {
      const text = each as string;
      const ids = engine.tokenIds(text);
      const spans = tokenOffsets(
        text,
        ids.map((id) => engine.decode([id])),
      );
      const found = (await engine.run([text], own, context)) as Omit<LabelledToken, 'start' | 'end'>[];
      const tokens = found.map((token) => ({ ...token, ...spans[token.index]! }));
      if (aggregationStrategy !== 'simple') return tokens;
      return entitiesOf(tokens, (indices) => engine.decode(indices.map((index) => ids[index]!)));
    });
  },
});
