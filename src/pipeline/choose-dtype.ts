import { InsituError } from '../errors/insitu-error.ts';
import type { Dtype } from '../protocol/worker-api.ts';
import type { ModelFiles } from '../weights/model/model-files.ts';

/** Endings of graph files by dtype, as on the Hugging Face Hub. The order is the order in which they are tried. */
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

export const dtypes = Object.keys(suffixes) as Dtype[];

const graphFile = (graph: string, dtype: Dtype) => `onnx/${graph}${suffixes[dtype]}.onnx`;

/** Paths of the graphs of a dtype. */
export const chosenGraphs = (graphs: readonly string[], dtype: Dtype): string[] =>
  graphs.map((graph) => graphFile(graph, dtype));

/** Whether a path is that of a graph of the dtype. */
export function isGraph(path: string, dtype: Dtype): boolean {
  const [, name] = /^onnx\/(.+)\.onnx$/.exec(path) ?? [];
  if (name === undefined) return false;
  const suffix = Object.values(suffixes).find((each) => each !== '' && name.endsWith(each)) ?? '';
  return suffix === suffixes[dtype];
}

/**
 * Settles the dtype and starts the download of its graphs. Without a wish it is `q8` where the model has that, else the first
 * that the folder holds.
 *
 * @throws InsituError `MODEL_NOT_FOUND`
 */
export async function chooseDtype(
  files: ModelFiles,
  graphs: readonly string[],
  asked: Dtype | undefined,
): Promise<Dtype> {
  const candidates = asked ? [asked] : dtypes;
  for (const dtype of candidates) {
    const found = await Promise.all(graphs.map((graph) => files.has(graphFile(graph, dtype))));
    if (found.every(Boolean)) return dtype;
  }
  const tried = candidates.flatMap((dtype) => graphs.map((graph) => graphFile(graph, dtype)));
  throw new InsituError('MODEL_NOT_FOUND', `The model lacks a graph: tried ${tried.join(', ')}.`, {
    hint: asked
      ? 'Leave out `dtype` to take what the model has.'
      : 'The folder must hold `onnx/model*.onnx`, as on the Hub.',
  });
}
