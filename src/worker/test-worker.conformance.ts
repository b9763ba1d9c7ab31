import { vi } from 'vitest';
import type { DevicePlan } from '../protocol/device-plan.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { FileRules, RemoteModel } from '../protocol/model-location.ts';
import type { PageMessage, WorkerMessage } from '../protocol/messages.ts';
import type { CallPort } from '../protocol/method.ts';
import type { WeightsApi } from '../protocol/weights-api.ts';
import type { LoadRequest, RunEvent, RunRequest, WorkerApi } from '../protocol/worker-api.ts';
import type { Engine, Runtime } from '../runtime/runtime.ts';
import { createEngine as createFakeEngine } from '../pipeline/fake-engine.conformance.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import { type PageChannel, answerCalls } from './answer-calls.ts';
import { type WorkerParts, createWorkerApi } from './serve.ts';

const folder = 'https://models.example/org/name/';
export const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
export const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: ['the only one'] };
export const heap = 64 * 1024;
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
}

/** An engine that gives the number of its texts, and complains when it is used after it was disposed of. */
export function createEngine(run: (texts: readonly string[]) => Promise<void> = async () => {}) {
  const state = { running: 0, disposed: false, disposedWhileRunning: false };
  const engine = createFakeEngine({
    // So that every text of a batch is a step.
    dynamicallyQuantised: true,
    run: async ([given], _options, { step }) =>
      step(async () => {
        const texts = given as string[];
        if (state.disposed) throw new Error('used after it was freed');
        state.running++;
        await run(texts);
        state.running--;
        return { type: 'float32', data: Float32Array.of(texts.length), dims: [1, 1] };
      }),
    async dispose() {
      state.disposed = true;
      state.disposedWhileRunning ||= state.running > 0;
    },
  });
  return { engine, state };
}

export const createRuntime = (load: Runtime['load'], parts: Partial<Runtime> = {}): Runtime => ({
  heap,
  interrupt: undefined,
  prepare: async () => {},
  load,
  openGraph() {
    throw new Error('No session was to be made.');
  },
  ...parts,
});

/** @param engine Of every model. @default one of its own for each */
export function createApi(engine?: Engine, parts: Partial<WorkerParts> = {}): WorkerApi {
  const runtime = createRuntime(async ({ files }) => {
    for (const path of paths) await files(path);
    return engine ?? createEngine().engine;
  });
  return createWorkerApi({
    plan: async () => plan,
    startRuntime: async () => runtime,
    openStore: async () => ({ store: createMemoryStore() }),
    ...parts,
  });
}

/** The worker's end of one call, and what is told through it. */
export function createPort<Event = LoadEvent>() {
  const told: Event[] = [];
  const controller = new AbortController();
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  let lasting = 0;
  const settle = () => {
    if (--lasting === 0) end();
  };
  const port: CallPort<Event> = {
    signal: controller.signal,
    notify: (event) => void told.push(event),
    keptUp: async () => {},
    lasts(until) {
      lasting++;
      void until.then(settle, settle);
    },
    transfer: [],
  };
  return {
    port,
    events: () => [...told],
    /** Resolves when what the call lasts for has settled. */
    ended,
    abort: (reason?: unknown) => controller.abort(reason),
  };
}

/** A port for a call of which only the answer matters. */
export const anyPort = (): CallPort => createPort<never>().port;

/** The page of a worker that answers with `api`. What is said is cloned and transferred as between threads. */
export function createPage(api: WorkerApi | WeightsApi) {
  const heard: WorkerMessage[] = [];
  const channel: PageChannel = {
    onmessage: null,
    postMessage: (message, transfer = []) => void heard.push(structuredClone(message, { transfer })),
  };
  answerCalls(channel, api);
  const say = (message: PageMessage) =>
    void channel.onmessage!(new MessageEvent('message', { data: structuredClone(message) }));
  let calls = 0;
  return {
    channel,
    heard,
    say,
    /** Calls a method, and gives the number of the call. */
    call(method: string, argument?: unknown): number {
      say({ type: 'call', call: ++calls, method, argument });
      return calls;
    },
    /** Resolves when the worker has said that of a call. */
    hears: (type: 'reply' | 'end', call: number) =>
      vi.waitFor(
        () => {
          const message = heard.find((each) => each.type === type && each.call === call);
          if (!message) throw new Error(`Nothing heard but ${JSON.stringify(heard)}`);
          return message;
        },
        { interval: 1 },
      ),
  };
}

export async function load(api: WorkerApi): Promise<number> {
  const reply = await api.load(request, createPort().port);
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value.modelId;
}

export const runRequest: RunRequest = {
  modelId: 1,
  inputs: ['text'],
  options: {},
  priority: 'normal',
  stream: false,
  progress: false,
};

/** Runs a model on a text, unless another input is given. */
export const run = (api: WorkerApi, given: Partial<RunRequest> = {}, port = createPort<RunEvent>().port) =>
  api.run({ ...runRequest, ...given }, port);
