import { InsituError } from '../../errors/insitu-error.ts';
import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { LoadRequest } from '../../protocol/worker-api.ts';
import type { RunOfModel } from '../models/dispatcher.ts';
import type { HostingRules, LoadListening } from '../models/hosted-model.ts';
import type { ModelHandle, ModelHost } from '../models/model-host.ts';

export const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: ['One thread.'] };
export const rules: HostingRules = { replicas: 1, concurrency: Infinity, isolate: false };

export function requestOf(name: string, more: Partial<LoadRequest> = {}): LoadRequest {
  return {
    task: 'feature-extraction',
    location: {
      kind: 'remote',
      reference: name,
      baseUrl: `https://models.example/${name}/`,
      immutable: false,
      hub: false,
    },
    dtype: undefined,
    rules: { revalidate: 'background', localFilesOnly: false, session: crypto.randomUUID() },
    ...more,
  };
}

export const refusal = (code: InsituError['code']): InsituError =>
  new InsituError(code, `It is ${code}.`, { hint: 'As the test wants it.' });

export const progress = (loaded: number, total = 100, file = 'model.onnx'): LoadEvent => ({
  status: 'progress',
  file,
  loaded,
  total,
  progress: loaded / total,
  fileLoaded: loaded,
  fileTotal: total,
  source: 'network',
});
export const ready: LoadEvent = { status: 'ready', loaded: 100, total: 100, progress: 1, source: 'network', plan };

export interface FakeLoad {
  request: LoadRequest;
  rules: HostingRules;
  listening: LoadListening;
  finish(): void;
  fail(error: unknown): void;
}
export interface FakeRun extends RunOfModel {
  model: string;
  finish(value?: unknown): void;
  fail(error: unknown): void;
}

/** A host that does what the test tells it. */
export interface FakeHost extends ModelHost {
  loadsAtOnce: boolean;
  loads: FakeLoad[];
  runs: FakeRun[];
  /** Models that it has. */
  hosted: string[];
  closed: boolean;
}

export interface FakeHostOptions {
  /** Loads that nobody has to finish. */
  loadsAtOnce?: boolean;
  /** Runs that nobody has to finish; they give what they got, and the name of their model. */
  answersAtOnce?: boolean;
}

export function createFakeHost({ loadsAtOnce = true, answersAtOnce = true }: FakeHostOptions = {}): FakeHost {
  const ends: ((reason: InsituError) => void)[] = [];
  const host: FakeHost = {
    loadsAtOnce,
    loads: [],
    runs: [],
    hosted: [],
    closed: false,
    load: (request, given, listening) =>
      new Promise<ModelHandle>((resolve, reject) => {
        const name = request.location.reference;
        const finish = () => {
          host.hosted.push(name);
          listening.onEvent?.(ready);
          resolve(handleOf(name));
        };
        host.loads.push({ request, rules: given, listening, finish, fail: reject });
        ends.push(reject);
        listening.signal?.addEventListener('abort', () => reject(listening.signal!.reason));
        if (host.loadsAtOnce) finish();
      }),
    stats: async () => ({
      workers: [],
      models: [],
      bytes: 7,
      heap: 0,
      queue: { waiting: 0, running: host.runs.length, limit: 1000 },
    }),
    async close(reason) {
      host.closed = true;
      host.hosted = [];
      for (const end of ends) end(reason);
    },
  };
  const handleOf = (name: string): ModelHandle => ({
    plan,
    takes: 'text',
    run: (run) =>
      new Promise((resolve, reject) => {
        const answer = `${String(run.inputs[0])} by ${name}`;
        host.runs.push({ ...run, model: name, finish: (value = answer) => resolve(value), fail: reject });
        ends.push(reject);
        run.signal?.addEventListener('abort', () => reject(run.signal!.reason));
        if (answersAtOnce) resolve(answer);
      }),
    stats: async () => ({ model: name }) as Awaited<ReturnType<ModelHandle['stats']>>,
    async dispose() {
      host.hosted.splice(host.hosted.indexOf(name), 1);
    },
  });
  return host;
}
