import type { Page } from '@playwright/test';
import { type Site, embedder, startSite } from './support/site.ts';
import { expect, openLibrary, test as base } from './support/test.ts';

const directives = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'img-src': "'self' data: blob:",
  'style-src': "'self'",
};
const reports = '/csp-reports';

/** The policy of the docs, with other directives in place of its own; what it refuses is reported to the server. */
const policy = (others: Partial<typeof directives> = {}) =>
  [...Object.entries({ ...directives, ...others }), ['report-uri', reports]].map((pair) => pair.join(' ')).join('; ');

const test = base.extend<{ siteWith: (contentSecurityPolicy: string) => Promise<Site> }>({
  siteWith: async ({}, use) => {
    const sites: Site[] = [];
    await use(async (contentSecurityPolicy) => {
      const site = await startSite({ contentSecurityPolicy });
      sites.push(site);
      return site;
    });
    await Promise.all(sites.map((site) => site.close()));
  },
});

const reported = ({ requests }: Site) => requests.filter((path) => path === reports).length;

const embed = (page: Page) =>
  page.evaluate(
    (model) =>
      insitu.pipeline('feature-extraction', model).then(
        async (run) => ({ dims: (await run('Behind a policy.', { pooling: 'mean' })).dims }),
        ({ code, message, hint }: InstanceType<typeof insitu.InsituError>) => ({ code, message, hint }),
      ),
    embedder,
  );

test('the strict policy of the docs is enough: the browser reports no violation, of the page or of a worker', async ({
  page,
  siteWith,
}) => {
  const site = await siteWith(policy());
  await openLibrary(page, `${site.url}/pages/module.html`);
  expect(await embed(page)).toEqual({ dims: [1, 384] });
  const stored = await page.evaluate(async (model) => {
    await insitu.weights.verify(model);
    return insitu.weights.has(model);
  }, embedder);
  expect(stored).toBe(true);
  expect(reported(site)).toBe(0);

  // The control: what the policy refuses is reported, and counted here.
  await page.evaluate(() => fetch('https://elsewhere.invalid/').catch(() => {}));
  await expect.poll(() => reported(site)).toBe(1);
});

for (const { directive, value, says, add } of [
  { directive: 'worker-src', value: "'none'", says: 'worker-src does not allow http', add: "'self' to worker-src" },
  { directive: 'connect-src', value: "'none'", says: 'connect-src does not allow http', add: "'self' to connect-src" },
  { directive: 'script-src', value: "'self'", says: 'does not allow', add: 'script-src' },
]) {
  test(`a policy with ${directive} ${value} gives CSP_BLOCKED, and what to add`, async ({ page, siteWith }) => {
    const site = await siteWith(policy({ [directive]: value }));
    await openLibrary(page, `${site.url}/pages/module.html`);
    expect(await embed(page)).toEqual({
      code: 'CSP_BLOCKED',
      message: expect.stringContaining(says),
      hint: expect.stringContaining(add),
    });
    expect(reported(site)).toBeGreaterThan(0);
  });
}
