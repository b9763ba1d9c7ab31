import type { ModelLocation } from '../../protocol/model-location.ts';
import { type HubOptions, resolveModel } from '../model-reference.ts';

const usualFile = 'onnx/model.onnx';

/** Where a graph is: a model, and the graph's path in it. */
export interface LocatedGraph {
  location: ModelLocation;
  path: string;
}

/**
 * @param reference See `GraphReference`.
 * @param file Of a model with several. @default 'onnx/model.onnx'
 * @throws InsituError `OPTION_INVALID`
 */
export async function locateGraph(
  reference: unknown,
  file: string | undefined,
  hub: HubOptions,
  revision: string | undefined,
): Promise<LocatedGraph> {
  const own = graphItself(reference);
  if (own)
    return { location: { kind: 'disk', reference: own.name, files: [{ path: own.name, file: own }] }, path: own.name };
  const [, folder, name] = (typeof reference === 'string' && /^(.*\/)([^/]+\.onnx)$/.exec(reference)) || [];
  const location = await resolveModel(folder && file === undefined ? folder : reference, hub, revision);
  return { location, path: file ?? name ?? usualFile };
}

function graphItself(reference: unknown): File | undefined {
  if (reference instanceof File) return reference;
  const bytes = reference instanceof Blob || reference instanceof ArrayBuffer || reference instanceof Uint8Array;
  return bytes ? new File([reference as BlobPart], 'model.onnx') : undefined;
}
