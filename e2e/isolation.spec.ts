import type { Page } from '@playwright/test';
import type { ClientEvent, InsituError, LoadEvent } from 'insitu';
import { embedder, startSite } from './support/site.ts';
import { expect, openLibrary, test } from './support/test.ts';

/** That of the documentation, and what an isolated model adds. */
const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' data: blob:; style-src 'self'";
const framingPolicy = `${strictPolicy}; frame-src 'self'`;
const stunts = '/models/insitu/stunts/';
const texts = ['The river froze early this year.', '🎉 Ça marche !', 'ok'];

interface Seen {
  violations: string[];
  events: ClientEvent[];
}

/** Notes what the policy of the page refuses, from its first moment. */
const watchPolicy = (page: Page) =>
  page.addInitScript(() => {
    const seen: Seen = { violations: [], events: [] };
    Object.assign(globalThis, { seen });
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      seen.violations.push(`${effectiveDirective} ${blockedURI}`),
    );
  });

declare global {
  var seen: Seen;
}

const frames = (page: Page) => page.locator('iframe').count();

test('an isolated model gives the very numbers it gives otherwise, under the strict policy', async ({ page }) => {
  const site = await startSite({ contentSecurityPolicy: framingPolicy });
  try {
    await watchPolicy(page);
    await openLibrary(page, `${site.url}/pages/module.html`);
    const outcome = await page.evaluate(
      async ([model, inputs]) => {
        const client = insitu.createClient({ onEvent: (event) => seen.events.push(event), threads: 1 });
        const run = async (embed: Awaited<ReturnType<typeof client.pipeline<'feature-extraction'>>>) => [
          ...(await embed(inputs, { pooling: 'mean', normalize: true })).data,
        ];
        let isStored = () => {};
        const stored = new Promise<void>((resolve) => (isStored = resolve));
        const usual = await client.pipeline('feature-extraction', model, {
          onProgress: ({ status }) => status === 'stored' && isStored(),
        });
        await stored;
        const loads: LoadEvent[] = [];
        const isolated = await client.pipeline('feature-extraction', model, {
          isolate: true,
          onProgress: (event) => loads.push(event),
        });
        const numbers = [await run(usual), await run(isolated)];
        const { workers } = await client.stats();
        const frame = document.querySelector('iframe')!;
        const shown = { sandbox: frame.getAttribute('sandbox'), visible: frame.checkVisibility() };
        await isolated.dispose();
        return {
          numbers,
          workers: workers.map((worker) => worker.isolated),
          reasons: isolated.plan.reasons.join(' '),
          shown,
          framesLeft: document.querySelectorAll('iframe').length,
          usual: (await run(usual)).length,
          loads: loads.map(({ status }) => status),
          ready: loads.find(({ status }) => status === 'ready'),
          ...seen,
        };
      },
      [embedder, texts] as const,
    );
    const [usual, isolated] = outcome.numbers;
    expect(isolated).toEqual(usual);
    expect(new Set(usual).size).toBeGreaterThan(300);
    expect(outcome.workers).toEqual([false, true]);
    expect(outcome.reasons).toContain('sandboxed frame');
    expect(outcome.shown).toEqual({ sandbox: 'allow-scripts', visible: false });
    expect(outcome.framesLeft).toBe(0);
    expect(outcome.usual).toBe(3 * 384);
    expect(outcome.loads).toEqual(expect.arrayContaining(['initiate', 'done', 'stored', 'ready']));
    expect(outcome.ready).toMatchObject({ progress: 1, source: 'store' });
    expect(outcome.violations).toEqual([]);
    expect(outcome.events.filter(({ type }) => type === 'violation')).toEqual([]);
  } finally {
    await site.close();
  }
});

test('an isolated model that crashes or hangs fails typed, and its next call works', async ({ ready }) => {
  await ready.evaluate(async (model) => {
    const client = insitu.createClient({ hangTimeout: 8000 });
    Object.assign(globalThis, { client, embed: await client.pipeline('feature-extraction', model, { isolate: true }) });
  }, stunts);
  const run = (text: string | string[]) =>
    ready.evaluate(async (input) => {
      const { embed } = globalThis as unknown as { embed(input: string | string[]): Promise<{ dims: number[] }> };
      return embed(input).then(
        ({ dims }) => dims.length,
        (error: { code: string }) => error.code,
      );
    }, text);
  expect(await run('well')).toBe(3);

  // One step that takes that long is what a hang is, as far as can be told.
  expect(await run('slow '.repeat(60))).toBe('WORKER_UNRESPONSIVE');
  expect(await run('well again')).toBe(3);

  const worker = ready
    .workers()
    .filter((each) => each.url().startsWith('blob:null/'))
    .at(-1);
  // Between two texts of a batch it has time to crash.
  const crashed = run(Array.from({ length: 20 }, () => 'slow'));
  await worker!.evaluate(() => void setTimeout(() => reportError(new Error('the crash of this test'))));
  expect(await crashed).toBe('WORKER_CRASHED');
  expect(await run('well once more')).toBe(3);

  const removed = run('slow slow');
  await expect.poll(() => frames(ready)).toBe(1);
  await ready.evaluate(() => document.querySelector('iframe')!.remove());
  expect(await removed).toBe('WORKER_CRASHED');
  expect(await run('well in the end')).toBe(3);
  expect(await frames(ready)).toBe(1);
});

test('files of the disk go into the frame, whole folders too', async ({ ready }) => {
  const dims = await ready.evaluate(async (model) => {
    const get = async (path: string) => {
      const bytes = await (await fetch(model + path)).blob();
      return new File([bytes], path.split('/').at(-1)!);
    };
    const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
    const files = await Promise.all(paths.map(get));
    const root = await navigator.storage.getDirectory();
    for (const [index, path] of paths.entries()) {
      const folder = path.includes('/') ? await root.getDirectoryHandle('onnx', { create: true }) : root;
      const handle = await folder.getFileHandle(files[index]!.name, { create: true });
      const writable = await handle.createWritable();
      await writable.write(files[index]!);
      await writable.close();
    }
    const options = { isolate: true };
    const ofFiles = await insitu.pipeline('feature-extraction', files, options);
    const ofFolder = await insitu.pipeline('feature-extraction', root, options);
    return Promise.all([ofFiles, ofFolder].map(async (embed) => (await embed('Hello.', { pooling: 'mean' })).dims));
  }, embedder);
  expect(dims).toEqual([
    [1, 384],
    [1, 384],
  ]);
});

test('with assets of another origin the frame brings its page along', async ({ page, site }) => {
  const cdn = await startSite();
  try {
    await page.goto(`${site.url}/pages/module.html`);
    await page.addScriptTag({ url: `${cdn.url}/dist/insitu.iife.js`, crossOrigin: 'anonymous' } as { url: string });
    const dims = await page.evaluate(async (model) => {
      const embed = await insitu.createClient().pipeline('feature-extraction', model, { isolate: true });
      return (await embed('From afar.', { pooling: 'mean' })).dims;
    }, embedder);
    expect(dims).toEqual([1, 384]);
    expect(cdn.requests).toContain('/dist/isolated-frame.html');
  } finally {
    await cdn.close();
  }
});

for (const { what, options, hint } of [
  { what: 'lacks frame-src', options: { contentSecurityPolicy: strictPolicy }, hint: /'self' to frame-src/ },
  {
    what: 'is sent with the frame too',
    options: { contentSecurityPolicy: framingPolicy, framePolicy: framingPolicy },
    hint: /isolated-frame\.html without that header/,
  },
]) {
  test(`a policy that ${what} gives CSP_BLOCKED, and models that are not isolated work`, async ({ page }) => {
    const site = await startSite(options);
    try {
      await openLibrary(page, `${site.url}/pages/module.html`);
      const outcome = await page.evaluate(async (model) => {
        const error = await insitu
          .pipeline('feature-extraction', model, { isolate: true })
          .catch((reason: InsituError) => reason);
        const embed = await insitu.pipeline('feature-extraction', model);
        const { code, hint } = error as InsituError;
        return { code, hint, dims: (await embed('Hello.', { pooling: 'mean' })).dims };
      }, embedder);
      expect(outcome).toEqual({ code: 'CSP_BLOCKED', hint: expect.stringMatching(hint), dims: [1, 384] });
      expect(await frames(page)).toBe(0);
    } finally {
      await site.close();
    }
  });
}

for (const asset of ['isolation.js', 'isolated-frame.html', 'worker.js', 'runtime.js', 'ort-wasm-simd-threaded.wasm']) {
  test(`without ${asset} an isolated load rejects with WORKER_START_FAILED, and works once it is there`, async ({
    ready,
  }) => {
    const load = () =>
      ready.evaluate(
        (model) =>
          insitu.pipeline('feature-extraction', model, { isolate: true }).then(
            async (embed) => (await embed('well')).dims.length,
            (error: InsituError) => `${error.code}: ${error.message}`,
          ),
        stunts,
      );
    await ready.context().route(`**/dist/${asset}`, (route) => route.fulfill({ status: 404, body: 'Not found' }));
    expect(await load()).toMatch(new RegExp(`^WORKER_START_FAILED: .*${asset.replaceAll('.', '\\.')} answered 404`));
    expect(await frames(ready)).toBe(0);
    await ready.context().unroute(`**/dist/${asset}`);
    expect(await load()).toBe(3);
  });
}

test('what runs in the frame reaches neither cookies nor storage nor the page around it', async ({ ready, site }) => {
  await ready.evaluate(async (model) => {
    document.cookie = 'session=secret';
    localStorage.setItem('secret', 'yes');
    const events: ClientEvent[] = [];
    const client = insitu.createClient({ onEvent: (event) => events.push(event) });
    const embed = await client.pipeline('feature-extraction', model, { isolate: true });
    Object.assign(globalThis, { embed, events });
  }, stunts);
  const frame = ready.frames().find((each) => each !== ready.mainFrame())!;
  const look = async () => {
    const attempts: Record<string, () => unknown> = {
      cookie: () => document.cookie,
      localStorage: () => localStorage.getItem('secret'),
      sessionStorage: () => typeof sessionStorage.length,
      parent: () => parent.document.title,
      top: () => top!.location.pathname,
    };
    const seen = Object.entries(attempts).map(([name, attempt]) => {
      try {
        return [name, attempt()];
      } catch {
        return [name, 'refused'];
      }
    });
    return { ...Object.fromEntries(seen), origin };
  };
  const leak = (url: string) =>
    fetch(url).then(
      () => 'fetched',
      () => 'refused',
    );
  const leaks = () => site.requests.filter((path) => path.includes('leak'));
  const url = `${site.url}/pages/script-tag.html?leak`;

  // The control: the page around it may all of that.
  expect(await ready.evaluate(look)).toEqual({
    cookie: 'session=secret',
    localStorage: 'yes',
    sessionStorage: 'number',
    parent: 'insitu as a module',
    top: '/pages/module.html',
    origin: site.url,
  });
  expect(await frame.evaluate(look)).toEqual({
    cookie: 'refused',
    localStorage: 'refused',
    sessionStorage: 'refused',
    parent: 'refused',
    top: 'refused',
    origin: 'null',
  });

  expect(await ready.evaluate(leak, url)).toBe('fetched');
  expect(leaks()).toHaveLength(1);
  // The frame does not survive the attempt, so its answer may get lost.
  expect(await frame.evaluate(leak, url).catch(() => 'refused')).toBe('refused');
  await expect.poll(() => frames(ready)).toBe(0);
  expect(leaks()).toHaveLength(1);
  const violations = await ready.evaluate(() =>
    (globalThis as unknown as { events: ClientEvent[] }).events.filter(({ type }) => type === 'violation'),
  );
  expect(violations).toEqual([{ type: 'violation', what: 'connect-src', detail: 'in the frame' }]);
});
