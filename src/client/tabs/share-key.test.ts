import { afterEach, expect, it, vi } from 'vitest';
import type { LoadRequest } from '../../protocol/worker-api.ts';
import { type ClientOptions, checkClientOptions } from '../client-options.ts';
import type { HostingRules } from '../models/hosted-model.ts';
import { requestOf, rules } from './fake-host.conformance.ts';
import { clientKey, modelKey } from './share-key.ts';

afterEach(() => vi.unstubAllGlobals());

const keyOf = (options: ClientOptions) => clientKey(checkClientOptions({ shared: true, ...options }));
const remote = (more: object) => ({ location: { ...requestOf('a').location, ...more } }) as Partial<LoadRequest>;

it.each<ClientOptions>([
  { threads: 2 },
  { storage: 'memory' },
  { workers: 2 },
  { maxQueue: 5 },
  { memoryBudget: 1e9 },
  { hangTimeout: false },
  { cancelGrace: 0 },
  { assetBase: 'https://app.example/assets/' },
  { workerUrl: 'https://app.example/worker.js' },
])('clients with and without %o do not share', (options) => {
  expect(keyOf(options)).not.toBe(keyOf({}));
});

it.each<ClientOptions>([
  { hub: { host: 'https://hub.example', token: 'secret' } },
  { onEvent: () => {} },
  { debug: true },
  { threads: 'auto' },
])('clients with and without %o share', (options) => {
  expect(keyOf(options)).toBe(keyOf({}));
});

it('an address is the same however a page writes it', () => {
  vi.stubGlobal('document', { baseURI: 'https://app.example/deep/page' });
  expect(keyOf({ assetBase: '/assets' })).toBe(keyOf({ assetBase: 'https://app.example/assets/' }));
  expect(keyOf({ assetBase: './assets' })).not.toBe(keyOf({ assetBase: '/assets' }));
});

it.each<[string, Partial<LoadRequest>, Partial<HostingRules>]>([
  ['task', { task: 'text-classification' }, {}],
  ['module', { module: 'https://app.example/task.js' }, {}],
  ['address', remote({ baseUrl: 'https://models.example/b/' }), {}],
  ['revision', remote({ revision: 'dev' }), {}],
  ['kind of headers', remote({ headers: { Authorization: 'Bearer a' } }), {}],
  ['dtype', { dtype: 'q4' }, {}],
  ['check', { rules: { ...requestOf('a').rules, revalidate: 'always' } }, {}],
  ['network', { rules: { ...requestOf('a').rules, localFilesOnly: true } }, {}],
  [
    'manifest',
    { rules: { ...requestOf('a').rules, manifest: { format: 'insitu-model-1', model: 'a', files: [] } } },
    {},
  ],
  ['copies', {}, { replicas: 2 }],
  ['concurrency', {}, { concurrency: 1 }],
  ['isolation', {}, { isolate: true }],
])('loads with another %s have a copy of their own', (_, more, hosting) => {
  expect(modelKey(requestOf('a', more), { ...rules, ...hosting })).not.toBe(modelKey(requestOf('a'), rules));
});

it.each<[string, Partial<LoadRequest>]>([
  ['session', {}],
  ['way to name it', remote({ reference: './a' })],
])('loads with another %s share a copy', (_, more) => {
  expect(modelKey(requestOf('a', more), rules)).toBe(modelKey(requestOf('a'), rules));
});

it('a token that changes makes no copy more', () => {
  const key = (token: string) => modelKey(requestOf('a', remote({ headers: { Authorization: token } })), rules);
  expect(key('Bearer old')).toBe(key('Bearer new'));
});
