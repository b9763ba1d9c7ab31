import type { ByteSource } from 'insitu';

const names: Record<ByteSource, string> = {
  network: 'From the network',
  store: 'From this browser’s store',
  memory: 'Still in memory',
  disk: 'From your disk',
};

/** Where the bytes of a load came from, in words. */
export function describeSource(source: ByteSource): string {
  return names[source];
}
