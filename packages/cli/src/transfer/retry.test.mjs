// @ts-check
import { beforeEach, expect, test } from 'vitest';
import { createImpatientRules } from '../../support/command-context.mjs';
import { ExplainedError } from '../explained-error.mjs';
import { defaultRetryRules, retry } from './retry.mjs';
import { PassingError, StatusError, networkError, statusError } from './transfer-error.mjs';

const url = 'https://host/file';

/** @type {ReturnType<typeof createImpatientRules>} */
let impatient;
/** @type {string[]} */
let notes;
beforeEach(() => {
  impatient = createImpatientRules();
  notes = [];
});

/** Fails so often, then succeeds. @param {unknown} error @param {number} [times] */
function failing(error, times = 1) {
  let failures = 0;
  const work = async () => {
    if (failures++ < times) throw error;
    return 'done';
  };
  const { signal } = new AbortController();
  return retry(work, { rules: impatient.rules, signal, onRetry: (reason) => void notes.push(reason) });
}

const answer = (/** @type {number} */ status, /** @type {Record<string, string>} */ headers = {}) =>
  statusError(new Response(null, { status, headers }), url);

test.each([408, 429, 500, 502, 503, 504])('a server that answers %i is asked again', async (status) => {
  expect(await failing(answer(status))).toBe('done');
  expect(impatient.pauses).toEqual([500]);
  expect(notes).toEqual([`${url} answered ${status}. Trying again in 1 s.`]);
});

test.each([400, 401, 403, 404, 410, 416, 451])('a server that answers %i is not', async (status) => {
  await expect(failing(answer(status))).rejects.toThrow(StatusError);
  expect(impatient.pauses).toEqual([]);
});

test('pauses double, and are shorter by chance', async () => {
  await failing(answer(503), 4);
  expect(impatient.pauses).toEqual([500, 1000, 2000, 4000]);
  impatient.pauses.length = 0;
  impatient.rules.random = () => 0;
  await failing(answer(503), 2);
  expect(impatient.pauses).toEqual([250, 500]);
});

test('it is given up after many failures in a row', async () => {
  await expect(failing(answer(503), 6)).rejects.toThrow(
    `${url} answered 503. Tried 6 times. Run this again to continue.`,
  );
});

test('a server may name seconds or a time of day', async () => {
  await failing(answer(503, { 'Retry-After': '7' }));
  await failing(answer(429, { 'Retry-After': new Date(Date.now() + 60_000).toUTCString() }));
  await failing(answer(429, { 'Retry-After': new Date(Date.now() - 60_000).toUTCString() }));
  await failing(answer(429, { 'Retry-After': 'soon' }));
  const [seconds, time, past, nonsense] = impatient.pauses;
  expect([seconds, past, nonsense]).toEqual([7000, 500, 500]);
  expect(time).toBeGreaterThan(50_000);
  expect(time).toBeLessThanOrEqual(60_000);
});

test('a server that asks for too much is left alone', async () => {
  await expect(failing(answer(503, { 'Retry-After': '3600' }))).rejects.toThrow(
    'answered 503. It asks to wait for 1:00 h: run this again then.',
  );
});

test('what another try does not mend is not tried again', async () => {
  const missing = Object.assign(new Error('getaddrinfo ENOTFOUND host'), { code: 'ENOTFOUND' });
  const failure = networkError(new TypeError('fetch failed', { cause: missing }), url);
  await expect(failing(failure)).rejects.toThrow('The connection to https://host failed: getaddrinfo ENOTFOUND host.');
  await expect(failing(new ExplainedError('No.'))).rejects.toThrow('No.');
  expect(impatient.pauses).toEqual([]);
  const reset = Object.assign(new Error('read'), { code: 'ECONNRESET' });
  expect(await failing(networkError(new TypeError('fetch failed', { cause: reset }), url))).toBe('done');
  expect(notes[0]).toBe('The connection to https://host failed: read (ECONNRESET). Trying again in 1 s.');
});

test('whoever is interrupted does not wait', async () => {
  const interrupted = new AbortController();
  const work = () => Promise.reject(new PassingError('busy', 60_000));
  const waiting = retry(work, {
    rules: defaultRetryRules,
    signal: interrupted.signal,
    onRetry: () => queueMicrotask(() => interrupted.abort(new Error('Ctrl+C'))),
  });
  await expect(waiting).rejects.toThrow('Ctrl+C');
});
