import { expect, test as base } from '@playwright/test';
import { type Hub, startHub } from './hub-server.ts';
import { follow, receive } from './receive.ts';

const name = 'onnx/model.onnx';
const weights = Buffer.from(Array.from({ length: 500_000 }, (_, index) => (index * 31) % 251));

const test = base.extend<{ hub: Hub; url: string; control: void }>({
  hub: async ({}, use) => {
    const hub = await startHub();
    hub.publish('insitu/tiny', { 'config.json': '{}', [name]: weights });
    await use(hub);
    await hub.close();
  },
  url: async ({ hub }, use) => use(`${hub.url}/insitu/tiny/resolve/main/${name}`),
  control: [
    async ({ hub, url }, use) => {
      const { bytes, complete } = await follow(url);
      expect(complete && bytes.equals(weights)).toBe(true);
      hub.clearLog();
      await use();
    },
    { auto: true },
  ],
});

for (const after of [0, 1, 65_536, 100_001, 499_999]) {
  test(`cut: exactly ${after} bytes arrive, once`, async ({ hub, url }) => {
    hub.fault({ path: name, times: 1 }, { kind: 'cut', after });
    const cut = await follow(url);
    expect([cut.status, cut.headers['content-length'], cut.complete]).toEqual([200, '500000', false]);
    expect(cut.bytes.equals(weights.subarray(0, after))).toBe(true);
    expect(hub.sent(name)).toBe(after);

    const rest = await follow(url, { headers: { Range: `bytes=${after}-` } });
    expect(rest.complete && rest.bytes.equals(weights.subarray(after))).toBe(true);
    expect([hub.sent(name), hub.sentTwice(name), hub.count(name)]).toEqual([500_000, 0, 2]);
  });
}

test('cut: counts within the answer, and the fetch of Node has what came before', async ({ hub, url }) => {
  hub.fault({ path: name }, { kind: 'cut', after: 70_000 });
  const response = await fetch(url, { headers: { Range: 'bytes=1000-' } });
  let received = 0;
  const reading = (async () => {
    for await (const part of response.body ?? []) received += part.length;
  })();
  await expect(reading).rejects.toThrow();
  expect(received).toBe(70_000);
  expect(hub.log.at(-1)?.sent).toEqual([1000, 71_000]);
});

test('faults that exclude each other come one after the other', async ({ hub, url }) => {
  hub.fault({ path: name, times: 1 }, { kind: 'status', status: 503, retryAfter: 2 });
  hub.fault({ path: name, times: 1 }, { kind: 'cut', after: 100 });
  hub.fault({ path: name, times: 1 }, { kind: 'cut', after: 200 });
  const busy = await follow(url);
  expect([busy.status, busy.headers['retry-after']]).toEqual([503, '2']);
  expect(busy.headers['access-control-allow-origin']).toBe('*');
  expect((await follow(url)).bytes.length).toBe(100);
  expect((await follow(url)).bytes.length).toBe(200);
  expect((await follow(url)).bytes.length).toBe(500_000);
  expect([hub.sentTwice(name), hub.count(name)]).toEqual([200, 3]);
});

test('a target is an end of a path, a pattern, a method, a step', async ({ hub, url }) => {
  const configUrl = url.replace(name, 'config.json');
  const statuses = async () => [
    (await receive(configUrl)).status,
    (await receive(configUrl, { method: 'HEAD' })).status,
    (await receive(url)).status,
    (await receive(url.replace('resolve', 'raw'))).status,
    (await follow(url)).status,
  ];
  const whileFaulty = async (target: Parameters<Hub['fault']>[0]) => {
    const withdraw = hub.fault(target, { kind: 'status', status: 500 });
    const result = await statuses();
    withdraw();
    return result;
  };
  expect(await statuses()).toEqual([200, 200, 302, 200, 200]);
  expect(await whileFaulty({ path: 'config.json' })).toEqual([500, 500, 302, 200, 200]);
  expect(await whileFaulty({ path: 'fig.json' })).toEqual([200, 200, 302, 200, 200]);
  expect(await whileFaulty({ path: /fig\.json$/, method: 'HEAD' })).toEqual([200, 500, 302, 200, 200]);
  expect(await whileFaulty({ path: name })).toEqual([200, 200, 302, 200, 500]);
  expect(await whileFaulty({ path: name, step: 'redirect' })).toEqual([200, 200, 500, 200, 500]);
  expect(await whileFaulty({ path: name, step: 'raw' })).toEqual([200, 200, 302, 500, 200]);
  expect(await statuses()).toEqual([200, 200, 302, 200, 200]);
});

test('stall: sends a part, and the rest when it is withdrawn', async ({ hub, url }) => {
  const release = hub.fault({ path: name }, { kind: 'stall', after: 123_456 });
  const seen: number[] = [];
  const { bytes, complete } = await follow(url, {
    onBytes: (total) => {
      seen.push(total);
      if (total === 123_456) release();
    },
  });
  expect(seen).toContain(123_456);
  expect(complete && bytes.equals(weights)).toBe(true);
  expect([hub.sent(name), hub.count(name)]).toEqual([500_000, 1]);
});

test('stall: ends with the client', async ({ hub, url }) => {
  hub.fault({ path: name, times: 1 }, { kind: 'stall', after: 1000 });
  const { bytes } = await follow(url, { onBytes: (total) => (total === 1000 ? 'leave' : undefined) });
  await hub.idle();
  expect(bytes.length).toBe(1000);
  expect([hub.sent(name), hub.sentTwice(name)]).toEqual([1000, 0]);
  await follow(url, { headers: { Range: 'bytes=900-' } });
  expect(hub.sentTwice(name)).toBe(100);
});

test('a client that goes away stops the answer', async ({ hub, url }) => {
  const large = Buffer.alloc(64 * 1024 * 1024);
  hub.publish('insitu/large', { [name]: large });
  const largeUrl = url.replace('tiny', 'large');
  expect((await follow(largeUrl)).bytes.length).toBe(large.length);
  hub.clearLog();
  await follow(largeUrl, { onBytes: () => 'leave' });
  await hub.idle();
  expect(hub.sent(name)).toBeGreaterThan(0);
  expect(hub.sent(name)).toBeLessThan(large.length);
});

test('throttle: keeps to its pace', async ({ hub, url }) => {
  hub.fault({ path: name }, { kind: 'throttle', bytesPerSecond: 1_000_000 });
  const started = performance.now();
  const { bytes } = await follow(url);
  expect(bytes.equals(weights)).toBe(true);
  expect(performance.now() - started).toBeGreaterThan(400);
});

test('html and html-as-binary: a page in place of the file', async ({ hub, url }) => {
  for (const [kind, type] of [
    ['html', 'text/html; charset=utf-8'],
    ['html-as-binary', 'application/octet-stream'],
  ] as const) {
    const withdraw = hub.fault({ path: name }, { kind });
    const { status, headers, bytes } = await follow(url);
    expect([status, headers['content-type']]).toEqual([200, type]);
    expect(bytes.toString()).toMatch(/^<!doctype html>/);
    withdraw();
  }
  expect(hub.count(name)).toBe(0);
});

test('flip: one bit of one byte is wrong, in answers that have the byte', async ({ hub, url }) => {
  hub.fault({ path: name, times: 1 }, { kind: 'flip', offset: 200_000 });
  const part = (start: number, end: number) => follow(url, { headers: { Range: `bytes=${start}-${end - 1}` } });
  expect((await part(0, 200_000)).bytes.equals(weights.subarray(0, 200_000))).toBe(true);
  const { bytes } = await part(200_000, 300_000);
  expect(bytes[0]).toBe((weights[200_000] ?? 0) ^ 1);
  expect(bytes.subarray(1).equals(weights.subarray(200_001, 300_000))).toBe(true);
  expect((await follow(url)).bytes.equals(weights)).toBe(true);
});

test('truncate: a part that claims to be all', async ({ hub, url }) => {
  hub.fault({ path: name }, { kind: 'truncate', to: 1000 });
  const whole = await follow(url);
  expect([whole.status, whole.headers['content-length'], whole.complete]).toEqual([200, '1000', true]);
  const part = await follow(url, { headers: { Range: 'bytes=500-' } });
  expect([part.status, part.headers['content-range'], part.complete]).toEqual([206, 'bytes 500-1499/500000', true]);
  expect([hub.sent(name), hub.sentTwice(name)]).toEqual([2000, 500]);
});

test('wrong-length: more is promised than there is', async ({ hub, url }) => {
  hub.fault({ path: name }, { kind: 'wrong-length', extra: 5 });
  const { headers, bytes, complete } = await follow(url);
  expect([headers['content-length'], complete]).toEqual(['500005', false]);
  expect(bytes.equals(weights)).toBe(true);
});

test('no-ranges: the whole file for every part', async ({ hub, url }) => {
  hub.fault({ path: name }, { kind: 'no-ranges' });
  const { status, headers, bytes } = await follow(url, { headers: { Range: 'bytes=500-' } });
  expect([status, headers['accept-ranges'], bytes.length]).toEqual([200, undefined, 500_000]);
});

test('drop: no answer', async ({ hub, url }) => {
  hub.fault({ path: name, times: 1 }, { kind: 'drop' });
  await expect(follow(url)).rejects.toThrow(/hang up|ECONNRESET/);
  expect(hub.log.at(-1)).toMatchObject({ step: 'content', status: undefined, sent: undefined });
  expect((await follow(url)).status).toBe(200);
});

test('hold: answers after a promise, or when it is withdrawn', async ({ hub, url }) => {
  let settle = () => {};
  const until = new Promise<void>((resolve) => (settle = resolve));
  const withdraw = hub.fault({ path: name }, { kind: 'hold', until: new Promise(() => {}) });
  for (const release of [withdraw, settle]) {
    const downloading = follow(url);
    await expect.poll(() => hub.log.at(-1)?.step).toBe('content');
    expect(hub.log.at(-1)?.status).toBeUndefined();
    release();
    expect((await downloading).bytes.equals(weights)).toBe(true);
    hub.clearLog();
    hub.fault({ path: name }, { kind: 'hold', until });
  }
});

test('hold: ends with the client', async ({ hub, url }) => {
  hub.fault({ path: name, step: 'redirect' }, { kind: 'hold', until: new Promise(() => {}) });
  const leaving = new AbortController();
  const downloading = fetch(url, { signal: leaving.signal });
  await expect.poll(() => hub.log.length).toBe(1);
  leaving.abort();
  await expect(downloading).rejects.toThrow();
  await hub.idle();
  expect(hub.log).toMatchObject([{ step: 'redirect', status: undefined }]);
});
