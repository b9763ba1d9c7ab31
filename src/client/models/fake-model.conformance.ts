import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { LoadRequest } from '../../protocol/worker-api.ts';
import { createFakeModelWorker } from '../workers/fake-model-worker.conformance.ts';
import { type HostedModel, type HostingRules, createHostedModel } from './hosted-model.ts';

export const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: ['the only one'] };

export const requestOf = (reference: string, more: Partial<LoadRequest> = {}): LoadRequest => ({
  task: 'feature-extraction',
  location: {
    kind: 'remote',
    reference,
    baseUrl: `https://models.example/${reference}/`,
    immutable: false,
    hub: false,
  },
  dtype: undefined,
  rules: { revalidate: 'never', localFilesOnly: false, session: 'session 1' },
  ...more,
});

/** A model that is in no worker, with one copy and no other rules unless told otherwise. */
export const createModel = (reference: string, rules: Partial<HostingRules> = {}): HostedModel =>
  createHostedModel(requestOf(reference), { replicas: 1, concurrency: Infinity, isolate: false, ...rules });

/** Puts a model into a worker. */
export function seat(model: HostedModel, bytes = 0, fake = createFakeModelWorker()) {
  model.seats.push({ worker: fake.worker, modelId: 7, bytes, interrupt: undefined });
  model.bytes = bytes;
  return fake;
}

/** Lets everything happen that needs no more than time. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));
