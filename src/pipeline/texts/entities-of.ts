import type { TokenLabel } from '../../protocol/tasks/text-tasks.ts';

/** A token with its own label. */
export type LabelledToken = TokenLabel & { entity: string; index: number };

interface OpenEntity {
  kind: string;
  tokens: LabelledToken[];
  closed: boolean;
}

/**
 * Joins labelled tokens into entities, by the prefixes of their labels: `B` begins one, `I` goes on, `E` ends it, `S` is one by itself.
 * A label without prefix goes on with its own kind. As `aggregation_strategy: 'simple'` of transformers.js, with offsets.
 *
 * @param wordOf Text of the tokens at some indices.
 */
export function entitiesOf(
  tokens: readonly LabelledToken[],
  wordOf: (indices: readonly number[]) => string,
): TokenLabel[] {
  const entities: OpenEntity[] = [];
  for (const token of tokens) {
    const [, prefix = 'I', kind = token.entity] = /^([BIES])-(.*)$/s.exec(token.entity) ?? [];
    const open = entities.at(-1);
    if (open && !open.closed && open.kind === kind && prefix !== 'B' && prefix !== 'S') {
      open.tokens.push(token);
      open.closed = prefix === 'E';
    } else {
      entities.push({ kind, tokens: [token], closed: prefix === 'S' });
    }
  }
  return entities.map(({ kind, tokens: own }) => ({
    entity_group: kind,
    score: own.reduce((sum, { score }) => sum + score, 0) / own.length,
    word: wordOf(own.map(({ index }) => index)),
    start: own[0]!.start,
    end: own.at(-1)!.end,
  }));
}
