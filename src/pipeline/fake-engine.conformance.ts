import type { Engine, Runtime } from '../runtime/runtime.ts';
import type { LoadedTask, RunContext, TaskDefinition } from './task-definition.ts';

const unexpected = (name: string) => () => {
  throw new Error(`Nothing was to be asked of \`${name}\`.`);
};

/** A runtime of which a test needs only some parts. */
export const createRuntime = (parts: Partial<Runtime> = {}): Runtime => ({
  heap: 0,
  interrupt: undefined,
  prepare: async () => {},
  load: unexpected('load'),
  openGraph: unexpected('openGraph'),
  ...parts,
});

/** An engine of which a test needs only some parts. */
export function createEngine(parts: Partial<Engine> = {}): Engine {
  return {
    dynamicallyQuantised: false,
    config: {},
    outputs: [],
    sampleRate: undefined,
    maskToken: undefined,
    tokenLengths: unexpected('tokenLengths'),
    tokenIds: unexpected('tokenIds'),
    decode: unexpected('decode'),
    forward: unexpected('forward'),
    run: unexpected('run'),
    write: unexpected('write'),
    dispose: async () => {},
    ...parts,
  };
}

/** A run whose turn it always is, and that nobody listens to. */
export const createContext = (parts: Partial<RunContext> = {}): RunContext => ({
  signal: new AbortController().signal,
  step: (work) => work(),
  streaming: false,
  emit() {
    throw new Error('Nobody reads piece by piece.');
  },
  keptUp: async () => {},
  progress: () => {},
  ...parts,
});

/** A task whose model runs in this engine. */
export const loadTask = (definition: TaskDefinition, engine: Engine): Promise<LoadedTask> =>
  definition.load(createRuntime({ load: async () => engine }), { dtypes: {}, files: async () => undefined });
