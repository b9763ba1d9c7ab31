import { env } from '@huggingface/transformers';
import type { FileSource } from '../runtime.ts';

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

/**
 * Lets transformers.js load a model from files.
 *
 * @param load Gets the name by which transformers.js is to ask for the model.
 * @throws What `files` throws goes before what `load` makes of it.
 */
export async function loadFromFiles<T>(files: FileSource, load: (name: string) => Promise<T>): Promise<T> {
  const name = `load-${++loads}`;
  let failure: { error: unknown } | undefined;
  sources.set(name, (path) =>
    files(path).catch((error: unknown) => {
      failure ??= { error };
      throw error;
    }),
  );
  try {
    return await load(name);
  } catch (error) {
    throw failure ? failure.error : error;
  } finally {
    sources.delete(name);
  }
}
