import { expect, it, vi } from 'vitest';
import { testFileLocks } from './file-locks.conformance.ts';
import { createFileLocks } from './file-locks.ts';

testFileLocks('the locks of one thread', () => {
  const locks = createFileLocks(null);
  return [locks, locks];
});

it('the locks of one thread know nothing of those of another', async () => {
  const [one, other] = [createFileLocks(null), createFileLocks(null)];
  one.share('model');
  expect(await one.used()).toEqual(new Set(['model']));
  expect(await other.used()).toEqual(new Set());
});

it('the locks of one thread are forgotten when nobody holds them', async () => {
  const locks = createFileLocks(null);
  const { signal } = new AbortController();
  await Promise.all([1, 2].map(() => locks.exclusive('file', signal, signal, async () => {})));
  locks.share('model')();
  await Promise.resolve();
  expect(await locks.used()).toEqual(new Set());
});

it('are those of one thread where the browser has none, as in an insecure context', async () => {
  vi.stubGlobal('navigator', {});
  try {
    await expect(createFileLocks().ifUnused('model', async () => 'done')).resolves.toBe('done');
  } finally {
    vi.unstubAllGlobals();
  }
});
