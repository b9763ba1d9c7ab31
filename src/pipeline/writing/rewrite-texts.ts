import type { Engine } from '../../runtime/runtime.ts';
import type { RunContext } from '../task-definition.ts';
import { textsOf } from '../inputs/text-input.ts';
import { writeEach } from './write-each.ts';
import { cutTexts, writeText } from './written-text.ts';

/** Runs a model that turns a text into another, on one or more texts. As in transformers.js, the result is a list in either case. */
export async function rewriteTexts(
  engine: Engine,
  input: unknown,
  options: Readonly<Record<string, unknown>>,
  context: RunContext,
): Promise<unknown> {
  textsOf(input);
  const write = (text: unknown, own: RunContext) => writeText<object[]>(engine, [text], options, own, cutTexts);
  const results = await writeEach(input, context, write);
  return Array.isArray(input) ? [results].flat(2) : results;
}
