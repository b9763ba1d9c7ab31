import type { Capabilities } from 'insitu';
import { formatBytes } from '../shared/format.ts';

/** One line about a browser. */
export interface CapabilityFact {
  name: string;
  value: string;
  /** `used`: part of the plan. `found`: there, not needed by the plan. `missing`: not there. */
  state: 'used' | 'found' | 'missing';
}

const found = (is: boolean): CapabilityFact['state'] => (is ? 'found' : 'missing');

/** What a browser has, in the order in which it matters for running models. */
export function listCapabilityFacts(capabilities: Capabilities): CapabilityFact[] {
  const { simd, relaxedSimd, threads, crossOriginIsolated, jspi, webgpu, webnn, storage, cores, memory, plan } =
    capabilities;
  const usesThreads = plan.threads > 1;
  const room = storage.quota === undefined ? '' : `, room for ${formatBytes(storage.quota - (storage.usage ?? 0))}`;
  return [
    { name: 'SIMD', value: relaxedSimd ? 'relaxed' : simd ? 'fixed width' : 'none', state: simd ? 'used' : 'missing' },
    {
      name: 'Threads',
      // Without isolation there is no shared memory, and with it no way to tell.
      value: crossOriginIsolated ? (threads ? 'available' : 'none') : 'need isolation',
      state: usesThreads ? 'used' : found(threads && crossOriginIsolated),
    },
    {
      name: 'Isolation',
      value: crossOriginIsolated ? 'cross-origin isolated' : 'none',
      state: usesThreads ? 'used' : found(crossOriginIsolated),
    },
    {
      name: 'Processor',
      value: `${cores} logical ${cores === 1 ? 'core' : 'cores'}${memory === undefined ? '' : `, ${memory} GiB or so`}`,
      state: 'used',
    },
    {
      name: 'Weight store',
      value: storage.indexedDB ? `IndexedDB${room}` : 'none',
      state: storage.indexedDB ? 'used' : 'missing',
    },
    { name: 'Persistence', value: storage.persisted ? 'promised' : 'not promised', state: found(storage.persisted) },
    {
      name: 'WebGPU',
      value: webgpu.available ? `available${webgpu.f16 ? ', half precision' : ''}` : 'none',
      state: found(webgpu.available),
    },
    { name: 'WebNN', value: webnn ? 'available' : 'none', state: found(webnn) },
    { name: 'JSPI', value: jspi ? 'available' : 'none', state: found(jspi) },
  ];
}
