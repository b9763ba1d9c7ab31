import { expect, it } from 'vitest';
import { createIdbStore } from './idb-store.ts';
import { testWeightStore } from './weight-store.conformance.ts';

let databases = 0;
const run = crypto.randomUUID();

testWeightStore('the IndexedDB store', () => createIdbStore(`weights-${run}-${++databases}`));

it('an open store sees what another one of the same name stores later, as another tab does', async () => {
  const name = `weights-${run}-shared`;
  const [one, other] = [createIdbStore(name), createIdbStore(name)];
  expect(await other.find('key')).toBeUndefined();
  const writer = await one.write('key');
  await writer.append(Uint8Array.of(1, 2, 3));
  await writer.commit();
  const found = await other.find('key');
  expect(typeof found === 'object' && [...(await found.bytes())]).toEqual([1, 2, 3]);
});
