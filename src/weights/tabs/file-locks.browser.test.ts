import { expect, it } from 'vitest';
import { testFileLocks } from './file-locks.conformance.ts';
import { createFileLocks } from './file-locks.ts';

testFileLocks('the locks of the browser', () => [createFileLocks(), createFileLocks()]);

it('locks that a worker holds are held in the page, and fall with the worker', async () => {
  const name = `worker ${crypto.randomUUID()}`;
  const source = `navigator.locks.request(${JSON.stringify(`insitu ${name}`)}, { mode: 'shared' }, () => {
    postMessage('held');
    return new Promise(() => {});
  })`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  await new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }));
  const locks = createFileLocks();
  expect(await locks.ifUnused(name, async () => 'evicted')).toBeUndefined();
  expect(await locks.used()).toContain(name);
  worker.terminate();
  const { signal } = new AbortController();
  await expect(locks.exclusive(name, signal, signal, async () => 'free')).resolves.toBe('free');
});

it('other locks of the page are none of ours', async () => {
  const name = `foreign ${crypto.randomUUID()}`;
  await navigator.locks.request(name, async () => {
    const used = await createFileLocks().used();
    expect([...used].some((each) => name.endsWith(each))).toBe(false);
  });
});
