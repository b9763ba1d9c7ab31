import { vi } from 'vitest';
import type { DevicePlan } from '../protocol/device-plan.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { FileRules, RemoteModel } from '../protocol/model-location.ts';
import type { CallNotice, LoadRequest, WorkerApi } from '../protocol/worker-api.ts';
import type { Runtime, TextEngine } from '../runtime/runtime.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import { type WorkerParts, createWorkerApi } from './serve.ts';

const folder = 'https://models.example/org/name/';
export const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
export const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: ['the only one'] };
export const start = { threads: 'auto', storage: 'memory' } as const;
export const rules: FileRules = { revalidate: 'background', localFilesOnly: false, session: 'session 1' };

export const remote = (reference: string, baseUrl: string): RemoteModel => ({
  kind: 'remote',
  reference,
  baseUrl,
  immutable: false,
  hub: false,
});

export const request: LoadRequest = {
  task: 'feature-extraction',
  location: remote('org/name', folder),
  dtype: undefined,
  rules,
};

const opened: MessagePort[] = [];

/** A server that has the model, and notes what it is asked for. */
export function serveFiles() {
  const fetched = vi.fn(async (url: string, _init?: RequestInit) =>
    paths.includes(url.slice(folder.length)) ? new Response('{}') : new Response('Not found', { status: 404 }),
  );
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

export function tidyUp(): void {
  vi.unstubAllGlobals();
  for (const port of opened.splice(0)) port.close();
}

export const closeLater = (port: MessagePort) => void opened.push(port);

/** An engine that gives the number of its texts, and complains when it is used after it was disposed of. */
export function createEngine(run: () => Promise<void> = async () => {}) {
  const state = { running: 0, disposed: false, disposedWhileRunning: false };
  const engine: TextEngine = {
    dynamicallyQuantised: false,
    tokenLengths: (texts) => texts.map(() => 1),
    async run(texts) {
      if (state.disposed) throw new Error('used after it was freed');
      state.running++;
      await run();
      state.running--;
      return { type: 'float32', data: Float32Array.of(texts.length), dims: [1, 1] };
    },
    async dispose() {
      state.disposed = true;
      state.disposedWhileRunning ||= state.running > 0;
    },
  };
  return { engine, state };
}

export const createRuntime = (load: Runtime['load']) => ({ prepare: () => {}, load });

export function createApi(engine: TextEngine = createEngine().engine, parts: Partial<WorkerParts> = {}): WorkerApi {
  const runtime = createRuntime(async ({ files }) => {
    for (const path of paths) await files(path);
    return engine;
  });
  return createWorkerApi({
    plan: async () => plan,
    startRuntime: async () => runtime,
    openStore: async () => ({ store: createMemoryStore() }),
    ...parts,
  });
}

/** A port for one call, and what the worker tells through it. */
export function createPort<Event = LoadEvent>() {
  const { port1, port2 } = new MessageChannel();
  const notices: CallNotice<Event>[] = [];
  const ended = new Promise<void>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<CallNotice<Event>>) => {
      notices.push(data);
      if (data.type === 'end') resolve();
    };
  });
  closeLater(port1);
  return {
    port: port2,
    notices,
    events: () => notices.flatMap((notice) => (notice.type === 'event' ? [notice.event] : [])),
    ended,
    abort: () => port1.postMessage({ type: 'abort' }),
  };
}

export async function load(api: WorkerApi): Promise<number> {
  const reply = await api.load(request, createPort().port);
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value.modelId;
}
