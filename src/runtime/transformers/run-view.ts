import { heapSize } from '../onnx/ort-factory.ts';
import type { OrtValue } from '../onnx/ort-value.ts';
import { toRuntimeError } from '../runtime-error.ts';
import type { RunSteps } from '../runtime.ts';

type Callable = ((...given: unknown[]) => Promise<unknown>) & { _call(...given: unknown[]): Promise<unknown> };

/** A session as transformers.js holds it. */
interface Session {
  readonly outputNames: readonly string[];
  run(feeds: Record<string, { dims: readonly number[] }>, held: Set<OrtValue>): Promise<object>;
}

/** A pipeline of transformers.js, as far as it matters here. */
export type TransformersPipeline = Callable & {
  readonly model: Callable & { readonly sessions: Readonly<Record<string, Session>> };
};

/** What is to be known of a run. */
export interface RunNotes {
  /** Tokens of the first `input_ids` that a graph was given. */
  promptTokens: number;
}

/** A pipeline for one run. */
export interface RunView {
  view: TransformersPipeline;
  notes: RunNotes;
  /** Frees what the run still has in the runtime's memory. */
  release(): void;
}

/**
 * Makes a pipeline for one run: the same model, whose graphs take their turns by this run's steps. Runs of one model can thus go on side
 * by side and be stopped apart from each other.
 */
export function viewForRun(pipeline: TransformersPipeline, { step }: RunSteps): RunView {
  const notes: RunNotes = { promptTokens: 0 };
  const held = new Set<OrtValue>();
  const inTurn = (session: Session): Session =>
    Object.create(session, {
      run: {
        value: (feeds: Parameters<Session['run']>[0]) => {
          notes.promptTokens ||= feeds['input_ids']?.dims.at(-1) ?? 0;
          return step(() => session.run(feeds, held).catch(asRuntimeError));
        },
      },
    }) as Session;
  const sessions = Object.fromEntries(
    Object.entries(pipeline.model.sessions).map(([name, session]) => [name, inTurn(session)]),
  );
  const model = withProperties(pipeline.model, { sessions });
  const release = () => held.forEach((value) => value.release());
  return { view: withProperties(pipeline, { model }), notes, release };
}

/** Callables of transformers.js are bound to themselves; the copy calls the same code with itself as `this`. */
function withProperties<T extends Callable>(original: T, properties: Partial<T>): T {
  const copy = ((...given: unknown[]) => copy._call(...given)) as T;
  return Object.assign(Object.setPrototypeOf(copy, original) as T, properties);
}

function asRuntimeError(error: unknown): never {
  throw toRuntimeError(error, 'run', heapSize());
}
