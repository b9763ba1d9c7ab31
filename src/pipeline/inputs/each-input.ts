import type { RunContext } from '../task-definition.ts';

/**
 * Runs a task on its inputs one after the other. Whoever reads piece by piece gets each result as soon as it is there.
 *
 * @param input One, or an array of them.
 * @returns One result, or an array of them.
 */
export async function eachInput<Result>(
  input: unknown,
  context: Pick<RunContext, 'streaming' | 'emit' | 'keptUp' | 'progress'>,
  run: (input: unknown, index: number) => Promise<Result>,
): Promise<Result | Result[]> {
  if (!Array.isArray(input)) {
    const value = await run(input, 0);
    if (context.streaming) context.emit({ index: 0, value });
    context.progress(1, 1);
    return value;
  }
  const results: Result[] = [];
  for (const [index, each] of input.entries()) {
    await context.keptUp();
    const value = await run(each, index);
    results.push(value);
    if (context.streaming) context.emit({ index, value });
    context.progress(index + 1, input.length);
  }
  return results;
}
