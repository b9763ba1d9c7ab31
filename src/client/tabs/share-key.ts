import type { LoadRequest } from '../../protocol/worker-api.ts';
import type { CheckedClientOptions } from '../client-options.ts';
import type { HostingRules } from '../models/hosted-model.ts';
import { askedUrl } from '../optional-part.ts';

/** The build puts it in. Tabs of an earlier deployment may still be open, and speak otherwise. */
const version = '%VERSION%';

/**
 * Clients of the same key share: whoever is the owner, its workers are what all of them asked for. Where models come from is no part
 * of it: each tab resolves its references itself.
 */
export function clientKey(options: CheckedClientOptions): string {
  const { threads, storage, workers, maxQueue, memoryBudget, hangTimeout, cancelGrace } = options;
  const limits = [maxQueue, memoryBudget, hangTimeout, cancelGrace].map(String);
  return JSON.stringify([version, askedUrl('worker.js', options), threads, storage, workers, limits]);
}

/**
 * Loads of the same key share one copy. The store, too, knows a model by its address, whatever its headers say; but who sends a token
 * must not get the refusal of who sends none.
 *
 * @returns `undefined` for files of the disk, which nothing tells apart.
 */
export function modelKey(
  { task, module, graph, location, dtype, rules }: LoadRequest,
  hosting: HostingRules,
): string | undefined {
  if (location.kind === 'disk') return undefined;
  const { baseUrl, revision, headers = {} } = location;
  const { revalidate, localFilesOnly, manifest } = rules;
  const { replicas, concurrency, isolate } = hosting;
  const files = [baseUrl, revision, Object.keys(headers).sort(), dtype, revalidate, localFilesOnly, manifest];
  return JSON.stringify([task, module, graph, files, replicas, String(concurrency), isolate]);
}
