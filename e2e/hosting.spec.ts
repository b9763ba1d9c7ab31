import { classifier, embedder, startSite } from './support/site.ts';
import { expect, openLibrary, test } from './support/test.ts';

test('a script tag gives the global insitu, which works from dist alone', async ({ page, site }) => {
  await openLibrary(page, `${site.url}/pages/script-tag.html`);
  const labels = await page.evaluate(async (model) => {
    const classify = await insitu.pipeline('text-classification', model);
    return classify(['What a delight.', 'What a waste of an evening.']);
  }, classifier);
  expect(labels.map(({ label }) => label)).toEqual(['POSITIVE', 'NEGATIVE']);
});

test('a script tag of another origin works, threads included', async ({ page, site }) => {
  const cdn = await startSite();
  site.requests.length = 0;
  try {
    await page.goto(`${site.url}/pages/module.html`);
    await page.addScriptTag({ url: `${cdn.url}/dist/insitu.iife.js`, crossOrigin: 'anonymous' } as { url: string });
    const outcome = await page.evaluate(async (model) => {
      const client = insitu.createClient({ threads: 2 });
      const embed = await client.pipeline('feature-extraction', model);
      return { dims: (await embed('From afar.', { pooling: 'mean' })).dims, threads: embed.plan.threads };
    }, embedder);
    expect(outcome).toEqual({ dims: [1, 384], threads: 2 });
    expect(cdn.requests).toContain('/dist/worker.js');
    expect(site.requests).not.toContain('/dist/worker.js');
  } finally {
    await cdn.close();
  }
});

test('without cross-origin isolation there is one thread, and the plan says why', async ({ page }) => {
  const site = await startSite({ isolated: false });
  try {
    await openLibrary(page, `${site.url}/pages/module.html`);
    const outcome = await page.evaluate(async (model) => {
      const { plan } = await insitu.createClient({ threads: 4 }).pipeline('feature-extraction', model);
      const capabilities = await insitu.detectCapabilities();
      return { plan, isolated: capabilities.crossOriginIsolated, expected: capabilities.plan };
    }, embedder);
    expect(outcome.isolated).toBe(false);
    expect(outcome.plan.threads).toBe(1);
    expect(outcome.plan.reasons.join(' ')).toContain('not cross-origin isolated');
    expect(outcome.expected).toEqual(outcome.plan);
  } finally {
    await site.close();
  }
});

test('with cross-origin isolation the runtime takes the threads it is told to', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const client = insitu.createClient({ threads: 2 });
    const embed = await client.pipeline('feature-extraction', model);
    return { dims: (await embed('Together.', { pooling: 'mean' })).dims, threads: embed.plan.threads };
  }, embedder);
  expect(outcome).toEqual({ dims: [1, 384], threads: 2 });
  // A thread is a worker of its own, below ours.
  expect(ready.workers().length).toBeGreaterThanOrEqual(1);
});

test('importing the module outside of a browser does nothing and does not throw', async () => {
  const library = await import('insitu');
  expect(Object.keys(library).sort()).toEqual([
    'InsituError',
    'createClient',
    'createSession',
    'defineTask',
    'detectCapabilities',
    'isInsituError',
    'loadClassifier',
    'pipeline',
    'trainClassifier',
    'weights',
  ]);
  await expect(library.pipeline('feature-extraction')).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  await expect(library.weights.list()).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  await expect(library.weights.has('org/name')).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
});
