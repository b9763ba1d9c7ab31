import type { OptionCheck } from '../errors/check-options.ts';
import type { InputKind } from '../protocol/worker-api.ts';
import type { Engine, FitCheck } from '../runtime/runtime.ts';
import type { LoadedTask, RunContext, TaskDefinition } from './task-definition.ts';

type Options = Readonly<Record<string, unknown>>;

/** A task whose model runs in a pipeline of transformers.js. */
export interface EngineTask {
  /** The pipeline's name there. */
  name: string;
  takes: InputKind;
  options: Readonly<Record<string, OptionCheck>>;
  /** Refuses models that transformers.js would take, and give nonsense. */
  fits?: FitCheck;
  /** @returns The result as the application gets it. */
  run(engine: Engine, inputs: readonly unknown[], options: Options, context: RunContext): Promise<unknown>;
}

/** Makes a task of what only concerns it. */
export function engineTask({ name, takes, options, fits, run }: EngineTask): TaskDefinition {
  return {
    takes,
    options,
    async load(runtime, request): Promise<LoadedTask> {
      const engine = await runtime.load({ ...request, task: name, fits });
      return {
        sampleRate: engine.sampleRate,
        async run(inputs, given, context) {
          const value = await run(engine, inputs, given, context);
          return { value, transfer: buffersOf(value) };
        },
        dispose: () => engine.dispose(),
      };
    },
  };
}

/** Names of options as transformers.js spells them. */
export function snakeCased(options: Options): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

/** Everything of a result that can change threads without a copy. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    // A part of something larger stays; the rest of it may be in use.
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return [...found];
}
