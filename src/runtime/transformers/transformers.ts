import { pipeline } from '@huggingface/transformers';
import { InsituError } from '../../errors/insitu-error.ts';
import type { Dtype } from '../../protocol/worker-api.ts';
import { loadFromFiles } from './file-answers.ts';
import { heapSize } from '../onnx/ort-factory.ts';
import { type FeatureExtractor, hearAsWhisper } from '../log-mel/hear-as-whisper.ts';
import { toPlainValue, toTransformersInput } from './plain-value.ts';
import { type ImageProcessor, preprocessOnCanvas } from '../pixels/preprocess-on-canvas.ts';
import { type RunView, type TransformersPipeline, viewForRun } from './run-view.ts';
import { toRuntimeError } from '../runtime-error.ts';
import type { Engine, EngineRequest, RunSteps, TensorData } from '../runtime.ts';
import { type WritingModel, createWriter } from '../writing/writer.ts';

/** On the Hub these are made by dynamic quantisation; the 4-bit ones quantise weights alone. */
const dynamicDtypes: ReadonlySet<Dtype> = new Set(['q8', 'int8', 'uint8']);

interface Tokenizer {
  (
    texts: readonly string[],
    options: { padding: boolean; truncation: boolean; return_tensor: false },
  ): { input_ids: number[][] };
  (texts: readonly string[], options: { padding: boolean; truncation: boolean; text_pair: readonly string[] }): object;
  decode(ids: readonly (number | bigint)[], options: { skip_special_tokens: boolean }): string;
  readonly mask_token?: string | null;
  /** Whisper's first token for a moment, such as `<|0.00|>`. All after it are moments, and not special. */
  readonly timestamp_begin?: number;
}

type LoadedPipeline = TransformersPipeline & {
  readonly model: TransformersPipeline['model'] & WritingModel & { readonly config: Record<string, unknown> };
  readonly tokenizer?: Tokenizer;
  readonly processor?: {
    readonly feature_extractor?: FeatureExtractor;
    readonly image_processor?: ImageProcessor;
  };
  dispose(): Promise<unknown>;
};

type TransformersTask = Parameters<typeof pipeline>[0];

/** Loads a model through transformers.js. See `Runtime.load`. */
export async function loadTransformersEngine({ task, dtypes, files, fits }: EngineRequest): Promise<Engine> {
  const loaded = await loadFromFiles(files, async (name) => {
    try {
      const options = { dtype: { ...dtypes }, device: 'wasm' } as const;
      return (await pipeline(task as TransformersTask, name, options)) as unknown as LoadedPipeline;
    } catch (error) {
      throw toRuntimeError(error, 'load', heapSize());
    }
  });
  const { model, tokenizer, processor } = loaded;
  const outputs = Object.values(model.sessions).flatMap((session) => session.outputNames);
  const misfit = fits?.({ config: model.config, outputs });
  if (misfit !== undefined) {
    await loaded.dispose();
    throw new InsituError('MODEL_UNSUPPORTED', `The model is not made for this task: it ${misfit}.`, {
      hint: 'Take a model that the Hub lists under the task, or the task that it lists the model under.',
    });
  }
  if (processor?.feature_extractor) hearAsWhisper(processor.feature_extractor);
  if (processor?.image_processor) preprocessOnCanvas(processor.image_processor);
  const idsOf = (texts: readonly string[]) =>
    tokenizer!(texts, { padding: false, truncation: true, return_tensor: false }).input_ids;
  const decode = (ids: readonly (number | bigint)[]) => tokenizer!.decode(ids, { skip_special_tokens: true });
  const decodeWords = (ids: readonly bigint[]) => {
    const words = ids.filter((id) => id < (tokenizer!.timestamp_begin ?? Infinity));
    return words.length > 0 ? decode(words) : '';
  };

  /** What stops a run comes out of it as it went in. */
  const perform = async <T>(steps: RunSteps, work: (run: RunView) => Promise<T>): Promise<T> => {
    let stopped: { reason: unknown } | undefined;
    const step: RunSteps['step'] = async (graph) => {
      try {
        return await steps.step(graph);
      } catch (reason) {
        stopped = { reason };
        throw reason;
      }
    };
    const run = viewForRun(loaded, { step });
    try {
      return await work(run);
    } catch (error) {
      throw stopped ? stopped.reason : toRuntimeError(error, 'run', heapSize());
    } finally {
      run.release();
    }
  };

  return {
    dynamicallyQuantised: Object.values(dtypes).some((dtype) => dynamicDtypes.has(dtype)),
    config: model.config,
    outputs,
    sampleRate: processor?.feature_extractor?.config.sampling_rate,
    tokenLengths: (texts) => idsOf(texts).map((ids) => ids.length),
    tokenIds: (text) => idsOf([text])[0]!,
    decode,
    maskToken: tokenizer?.mask_token ?? undefined,
    forward: (texts, pairs, steps) =>
      perform(steps, async ({ view }) => {
        const inputs = tokenizer!(texts, { padding: true, truncation: true, text_pair: pairs });
        return toPlainValue(await view.model(inputs)) as Record<string, TensorData>;
      }),
    run: (inputs, options, steps) =>
      perform(steps, async ({ view }) => {
        return toPlainValue(await view(...inputs.map(toTransformersInput), options));
      }),
    write: (inputs, options, { onText, ...steps }) =>
      perform(steps, async ({ view, notes }) => {
        const writer = createWriter(model, decodeWords, options, onText);
        const value = toPlainValue(await view(...inputs.map(toTransformersInput), writer.options));
        return { value, promptTokens: notes.promptTokens, ...writer.end() };
      }),
    async dispose() {
      await loaded.dispose();
    },
  };
}
