import { taskModules } from '../../errors/asset-failure.ts';
import { describe } from '../../errors/check-options.ts';
import { isInsituError } from '../../errors/insitu-error.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { DiskFile, RemoteModel } from '../../protocol/model-location.ts';
import type { LoadRequest } from '../../protocol/worker-api.ts';
import type { OpenRequest, WeightsApi } from '../../protocol/weights-api.ts';
import type { SupervisedWorker } from '../workers/supervised-worker.ts';
import { fetchScript } from './fetch-asset.ts';
import type { LoadListening } from '../models/hosted-model.ts';
import type { IsolationPart } from './spawn-isolated-worker.ts';

/** See `IsolationPart`. */
export const bringFiles: IsolationPart['bringFiles'] = async (given, listening, weights) => {
  const [request, module] = await Promise.all([
    bringModel(given, listening, weights),
    bringModule(given, listening.signal),
  ]);
  return { ...request, ...(module && { module }) };
};

const bringModel: IsolationPart['bringFiles'] = async (request, listening, { worker: counted, storage }) => {
  const { location, module, ...rest } = request;
  const { reference } = location;
  if (location.kind === 'disk') {
    const { files } = location;
    // A handle of a directory does not leave its origin; files do.
    return { ...rest, location: { ...location, files: 'kind' in files ? await listFiles(files) : files } };
  }
  const worker = counted.join();
  try {
    const task = { ...rest, ...(typeof module === 'string' && { module }) };
    const files = await openFiles(worker, { ...task, location, storage }, listening);
    return { ...rest, location: { kind: 'disk', reference, files } };
  } finally {
    counted.leave(worker);
  }
};

/** A worker that can fetch nothing cannot import either. */
async function bringModule(
  { task, module }: LoadRequest,
  signal: AbortSignal | undefined,
): Promise<LoadRequest['module']> {
  if (typeof module !== 'string') return module;
  return fetchScript(module, `The module of the task ${describe(task)}`, { signal, advice: taskModules });
}

/** What was found damaged in the store is gone from it: the second time, it is fetched. */
async function openFiles(
  worker: SupervisedWorker<WeightsApi>,
  request: OpenRequest & { location: RemoteModel },
  { signal, onEvent }: LoadListening,
): Promise<DiskFile[]> {
  let loaded = 0;
  // Progress does not go backwards, whatever happens.
  const forwards = (event: LoadEvent) => {
    if (event.loaded < loaded) return;
    loaded = event.loaded;
    onEvent?.(event);
  };
  const open = () => worker.call('open', request, { signal, onEvent: forwards });
  try {
    return await open();
  } catch (error) {
    if (!isInsituError(error) || error.code !== 'INTEGRITY_MISMATCH' || !error.retryable) throw error;
    return open();
  }
}

async function listFiles(directory: FileSystemDirectoryHandle, folder = ''): Promise<DiskFile[]> {
  const files: DiskFile[] = [];
  for await (const [name, handle] of directory.entries()) {
    const path = folder + name;
    if (handle.kind === 'file') files.push({ path, file: await handle.getFile() });
    else files.push(...(await listFiles(handle, `${path}/`)));
  }
  return files;
}
