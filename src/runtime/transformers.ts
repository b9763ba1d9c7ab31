import { Tensor, env, pipeline } from '@huggingface/transformers';
import type { Dtype } from '../protocol/worker-api.ts';
import type { EngineRequest, FileSource, TensorData, TextEngine } from './runtime.ts';
import { heapSize } from './ort-factory.ts';
import { toRuntimeError } from './runtime-error.ts';

/**
 * transformers.js finds the files of a model by URL. It gets URLs of a host that does not exist, one model name for each
 * load, and its `fetch` is answered from the load's own files: nothing it does reaches the network.
 */
const host = 'https://insitu.invalid/';
const sources = new Map<string, FileSource>();
let loads = 0;

env.remoteHost = host;
env.remotePathTemplate = '{model}/';
env.allowLocalModels = false;
env.useBrowserCache = false;
env.useWasmCache = false;
env.logLevel = 50;
env.fetch = answerFromSource;

/** On the Hub these are made by dynamic quantisation; the 4-bit ones quantise weights alone. */
const dynamicDtypes: ReadonlySet<Dtype> = new Set(['q8', 'int8', 'uint8']);

/** Like a `Response`, without the copies of the body that a real one makes. */
interface FileResponse {
  status: number;
  ok: boolean;
  headers: Headers;
  arrayBuffer(): Promise<ArrayBuffer>;
}

async function answerFromSource(input: string | URL): Promise<FileResponse> {
  const [model = '', ...path] = new URL(input).pathname.slice(1).split('/');
  const bytes = await sources.get(model)?.(path.map(decodeURIComponent).join('/'));
  return {
    status: bytes ? 200 : 404,
    ok: bytes !== undefined,
    headers: new Headers({ 'content-length': String(bytes?.length ?? 0) }),
    arrayBuffer: async () => bytes?.buffer ?? new ArrayBuffer(0),
  };
}

type TransformersPipeline = ((texts: string[], options: object) => Promise<unknown>) & {
  tokenizer: (texts: string[], options: object) => { input_ids: number[][] };
  dispose(): Promise<unknown>;
};

/** Loads a text model through transformers.js. See `Runtime.load`. */
export async function loadTransformersEngine({ task, dtype, files }: EngineRequest): Promise<TextEngine> {
  const name = `load-${++loads}`;
  // What `files` throws must come out as it is, not wrapped in the words of transformers.js.
  let sourceFailure: { error: unknown } | undefined;
  sources.set(name, (path) =>
    files(path).catch((error: unknown) => {
      sourceFailure ??= { error };
      throw error;
    }),
  );
  let loaded: TransformersPipeline;
  try {
    loaded = (await pipeline(task, name, { dtype, device: 'wasm' })) as unknown as TransformersPipeline;
  } catch (error) {
    throw sourceFailure ? sourceFailure.error : toRuntimeError(error, 'load', heapSize());
  } finally {
    sources.delete(name);
  }
  return {
    dynamicallyQuantised: dynamicDtypes.has(dtype),
    tokenLengths: (texts) =>
      loaded
        .tokenizer([...texts], { padding: false, truncation: true, return_tensor: false })
        .input_ids.map((ids) => ids.length),
    async run(texts, options) {
      try {
        return withTensorData(await loaded(texts, options));
      } catch (error) {
        throw toRuntimeError(error, 'run', heapSize());
      }
    },
    async dispose() {
      await loaded.dispose();
    },
  };
}

function withTensorData(value: unknown): unknown {
  if (!(value instanceof Tensor)) return value;
  return { type: value.type, data: value.data as Float32Array, dims: value.dims } satisfies TensorData;
}
