import type { Written } from '../../protocol/tasks/run-options.ts';
import type { Engine } from '../../runtime/runtime.ts';
import { snakeCased } from '../engine-task.ts';
import type { RunContext } from '../task-definition.ts';

/**
 * Runs a model that writes, for one input, and gives the text piece by piece to whoever reads it so.
 *
 * @param cut Shortens the result by what was written beyond a stop sequence.
 * @returns The result; while streaming, with token counts and the reason of its end.
 */
export async function writeText<Result>(
  engine: Engine,
  inputs: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
  { step, streaming, emit, keptUp }: RunContext,
  cut: (value: unknown, beyond: number) => Result,
): Promise<Result | Written<Result>> {
  const listener = streaming && { onText: emit };
  const written = await engine.write(inputs, snakeCased(options), {
    // Whoever reads slowly lets others compute.
    step: async (work) => {
      await keptUp();
      return step(work);
    },
    ...listener,
  });
  const { value, beyondStop, promptTokens, completionTokens, finishReason } = written;
  const output = cut(value, beyondStop);
  return streaming ? { output, usage: { promptTokens, completionTokens }, finishReason } : output;
}

/** Shortens the texts of a result, wherever they are: `[{ generated_text }]`, or a conversation that ends with the new one. */
export function cutTexts<Result>(value: unknown, beyond: number): Result {
  if (beyond === 0) return value as Result;
  const shorten = (text: unknown): unknown => {
    if (typeof text === 'string') return text.slice(0, -beyond);
    const turns = text as { role: string; content: string }[];
    return turns.map((turn, index) =>
      index === turns.length - 1 ? { ...turn, content: turn.content.slice(0, -beyond) } : turn,
    );
  };
  return (value as Record<string, unknown>[]).map((each) =>
    Object.fromEntries(Object.entries(each).map(([key, text]) => [key, shorten(text)])),
  ) as Result;
}
