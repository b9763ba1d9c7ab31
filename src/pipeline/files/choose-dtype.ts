import { InsituError } from '../../errors/insitu-error.ts';
import { type AskedDtype, type Dtype, dtypes } from '../../protocol/worker-api.ts';
import type { ModelFiles } from '../../weights/model/model-files.ts';

/** Endings of graph files by dtype, as on the Hugging Face Hub. */
const suffixes: Record<Dtype, string> = {
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  fp32: '',
  q4: '_q4',
  fp16: '_fp16',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};

const graphFile = (graph: string, dtype: Dtype) => `onnx/${graph}${suffixes[dtype]}.onnx`;

/** The dtype of each graph. */
export type ChosenDtypes = Readonly<Record<string, Dtype>>;

/** Paths of the graphs of a choice. */
export const chosenGraphs = (chosen: ChosenDtypes): string[] =>
  Object.entries(chosen).map(([graph, dtype]) => graphFile(graph, dtype));

/** Whether a path is that of a graph of the dtype. */
export function isGraph(path: string, dtype: Dtype): boolean {
  const [, name] = /^onnx\/(.+)\.onnx$/.exec(path) ?? [];
  if (name === undefined) return false;
  const suffix = Object.values(suffixes).find((each) => each !== '' && name.endsWith(each)) ?? '';
  return suffix === suffixes[dtype];
}

/**
 * Settles the dtype of each graph and starts their downloads. Without a wish it is `q8` where the model has that, else the first
 * that the folder holds.
 *
 * @param asked For all graphs, or by the name of each.
 * @throws InsituError `MODEL_NOT_FOUND`
 */
export async function chooseDtypes(
  files: Pick<ModelFiles, 'has'>,
  graphs: readonly string[],
  asked: AskedDtype | undefined,
): Promise<ChosenDtypes> {
  const chosen = await Promise.all(
    graphs.map(async (graph) => {
      const wish = typeof asked === 'object' ? asked[graph] : asked;
      return [graph, await chooseDtype(files, graph, wish)] as const;
    }),
  );
  return Object.fromEntries(chosen);
}

async function chooseDtype(files: Pick<ModelFiles, 'has'>, graph: string, asked: Dtype | undefined): Promise<Dtype> {
  const candidates = asked ? [asked] : dtypes;
  for (const dtype of candidates) {
    if (await files.has(graphFile(graph, dtype))) return dtype;
  }
  const tried = candidates.map((dtype) => graphFile(graph, dtype));
  throw new InsituError('MODEL_NOT_FOUND', `The model lacks a graph: tried ${tried.join(', ')}.`, {
    hint: asked
      ? 'Leave out `dtype` to take what the model has.'
      : 'The folder must hold its graphs as on the Hub: `onnx/model*.onnx`, or `onnx/encoder_model*.onnx` and the like, by its task.',
  });
}
