import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import type { CustomPipeline } from 'insitu';
import { transformWithOxc } from 'vite';
import { type Site, classifier, startSite } from './support/site.ts';
import { type SeenError, expect, openLibrary, test as base } from './support/test.ts';

/** Modules that do one thing, most of them a wrong one. */
const scripts = {
  '/tasks/count.js': `export const task = {
    engine: 'text-classification',
    options: { times: (value) => (Number.isInteger(value) ? undefined : 'must be a whole number') },
    async run(engine, input, { times = 1 }, context) {
      await engine.run([String(input)], {}, context);
      return { tokens: engine.tokenIds(input).length * times, labels: Object.values(engine.config.id2label) };
    },
  };`,
  '/tasks/wrong.js': `const wrong = {
    plain: () => { throw new RangeError('out of eggs'); },
    coded: () => { throw Object.assign(new Error('no eggs'), { code: 'INPUT_INVALID', hint: 'Pass eggs.' }); },
    ownCode: () => { throw Object.assign(new Error('egg 404'), { code: 'ENOENT' }); },
    nothing: () => { throw undefined; },
    function: () => ({ of: () => 'eggs' }),
    emits: (context) => context.emit(() => 'eggs'),
    cyclic: () => { const egg = {}; egg.egg = egg; return egg; },
    fine: () => 'eggs',
  };
  export const task = { engine: 'text-classification', run: async (_engine, input, _options, context) => wrong[input](context) };`,
  '/tasks/endless.js': `export const task = {
    engine: 'text-classification',
    async run(engine, input, _options, context) {
      for (let count = 0; ; count++) {
        await engine.run([input], {}, context);
        context.emit(count);
        context.progress(count, count + 1);
      }
    },
  };`,
  '/tasks/throws.js': `throw new Error('before it began');`,
  '/tasks/other-name.js': `export const taks = {};`,
  '/tasks/no-run.js': `export const task = { engine: 'text-classification' };`,
  '/tasks/no-engine.js': `export const task = { engine: 'mind-reading', run() {} };`,
  '/tasks/imports.js': `import { task } from './count.js'; export { task };`,
};

/** Fenced code of the documentation, by the name after its language. */
async function readExample(): Promise<Record<string, string>> {
  const text = await readFile(join(import.meta.dirname, '../docs/custom-tasks.md'), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+) ?(\S*)\n([^]*?)^```/gm)];
  return Object.fromEntries(blocks.map(([, language, name, code]) => [name || language, code!]));
}

const test = base.extend<{ custom: Page }, { ownSite: Site }>({
  ownSite: [
    async ({}, use) => {
      const site = await startSite({ scripts });
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  custom: async ({ page, ownSite }, use) => {
    await openLibrary(page, `${ownSite.url}/pages/module.html`);
    await use(page);
  },
});

/** Loads a module's task, and calls it with each input. What fails is told by its code. */
const callEach = (page: Page, module: string, inputs: readonly string[], options: object = {}) =>
  page.evaluate(
    async ([address, model, given, loading]) => {
      const see = ({ code, message, hint }: SeenError) => ({ code, message, hint });
      const task = insitu.defineTask<string>({ name: 'trial', module: address });
      try {
        const run = await insitu.pipeline(task, model, loading);
        const results: unknown[] = [];
        for (const input of given) results.push(await run(input).catch(see));
        await run.dispose();
        return results;
      } catch (error) {
        return see(error as SeenError);
      }
    },
    [module, classifier, inputs, options] as const,
  );

test('the example of the documentation writes what it says', async ({ page }) => {
  const { 'mood-task.js': module, 'mood.ts': code, text } = await readExample();
  const { code: script } = await transformWithOxc(code!.replace("'insitu'", "'/dist/index.js'"), 'mood.ts');
  const site = await startSite({ scripts: { '/mood/mood-task.js': module!, '/mood/mood.js': script } });
  try {
    await openLibrary(page, `${site.url}/pages/module.html`);
    const wrong = await page.evaluate(async () => {
      const address: string = '/mood/mood.js';
      const { moodOf } = (await import(address)) as {
        moodOf: CustomPipeline<unknown, { least?: unknown }, { emoji: string; sentences: object[] }>;
      };
      const see = ({ code, message, hint }: SeenError) => ({ code, message, hint });
      const progress: number[] = [];
      const { sentences } = await moodOf('Fine. Good! Bad?', { onProgress: ({ done }) => progress.push(done) });
      return {
        errors: [await moodOf(7).catch(see), await moodOf('x', { least: 2 }).catch(see)],
        progress,
        sentences: sentences.length,
        task: moodOf.task,
      };
    });
    expect((await page.locator('body').textContent())?.trim()).toBe(text!.trim());
    expect(wrong).toEqual({
      errors: [
        { code: 'INPUT_INVALID', message: 'A review is a string.', hint: 'Pass its text.' },
        expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('from 0 to 1') }),
      ],
      progress: [1, 2, 3],
      sentences: 3,
      task: 'mood',
    });
  } finally {
    await site.close();
  }
});

test('what a module throws or returns wrongly fails one call, typed, and the worker goes on', async ({ custom }) => {
  const inputs = ['fine', 'plain', 'coded', 'ownCode', 'nothing', 'function', 'emits', 'cyclic', 'missing', 'fine'];
  const started: string[] = [];
  custom.on('worker', (worker) => started.push(worker.url()));
  const results = (await callEach(custom, '/tasks/wrong.js', inputs)) as unknown[];
  const failed = (message: string) => ({
    code: 'TASK_FAILED',
    message: expect.stringContaining(message),
    hint: expect.stringContaining('"trial"'),
  });
  expect(results).toEqual([
    'eggs',
    failed('out of eggs'),
    { code: 'INPUT_INVALID', message: 'no eggs', hint: 'Pass eggs.' },
    failed('egg 404'),
    failed('undefined'),
    failed('could not be cloned'),
    failed('could not be cloned'),
    failed(''),
    failed('not a function'),
    'eggs',
  ]);
  expect(started).toHaveLength(1);
});

for (const { what, module, code, says } of [
  { what: 'that is missing', module: '/tasks/nowhere.js', code: 'WORKER_START_FAILED', says: 'answered 404' },
  { what: 'in whose place is a page', module: '/pages/module.html', code: 'ASSET_IS_HTML', says: 'is an HTML page' },
  { what: 'that throws', module: '/tasks/throws.js', code: 'WORKER_START_FAILED', says: 'did not start' },
  { what: 'without a task', module: '/tasks/other-name.js', code: 'OPTION_INVALID', says: 'exports no `task`' },
  { what: 'without run', module: '/tasks/no-run.js', code: 'OPTION_INVALID', says: 'has no function `run`' },
  { what: 'of no engine', module: '/tasks/no-engine.js', code: 'OPTION_INVALID', says: '"mind-reading"' },
]) {
  test(`a module ${what} rejects the load with ${code}`, async ({ custom }) => {
    expect(await callEach(custom, '/tasks/count.js', ['one two'])).toEqual([
      { tokens: 4, labels: ['NEGATIVE', 'POSITIVE'] },
    ]);
    const error = await callEach(custom, module, ['x']);
    expect(error).toEqual({
      code,
      message: expect.stringContaining(says),
      hint: expect.not.stringContaining('assetBase'),
    });
    expect(error).toHaveProperty('message', expect.stringContaining('The module of the task "trial"'));
  });
}

test('a policy that does not allow the module gives CSP_BLOCKED, and what to add', async ({ page, ownSite }) => {
  const site = await startSite({
    scripts,
    contentSecurityPolicy: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http:",
  });
  try {
    await openLibrary(page, `${site.url}/pages/module.html`);
    expect(await callEach(page, `${site.url}/tasks/count.js`, ['one'])).toEqual([
      expect.objectContaining({ tokens: 3 }),
    ]);
    expect(await callEach(page, `${ownSite.url}/tasks/count.js`, ['one'])).toEqual({
      code: 'CSP_BLOCKED',
      message: expect.stringMatching(/script-src\S* does not allow/),
      hint: expect.stringContaining(`Add ${ownSite.url} to script-src`),
    });
  } finally {
    await site.close();
  }
});

test('leaving a stream and aborting a call end a run that would never end', async ({ custom }) => {
  const outcome = await custom.evaluate(async (model) => {
    const task = insitu.defineTask<string, Record<never, never>, never, number>({
      name: 'endless',
      module: '/tasks/endless.js',
    });
    const run = await insitu.pipeline(task, model);
    const chunks: number[] = [];
    for await (const chunk of run.stream('on and on')) {
      chunks.push(chunk);
      if (chunks.length === 3) break;
    }
    const controller = new AbortController();
    const reason = await run('on and on', {
      signal: controller.signal,
      onProgress: ({ done }) => done === 2 && controller.abort('enough'),
    }).catch((error: unknown) => error);
    const { aborted } = await run.stats();
    return { chunks, reason, aborted };
  }, classifier);
  expect(outcome).toMatchObject({ chunks: [0, 1, 2], reason: 'enough' });
});

test('an isolated worker gets the module handed in; one that imports others is refused, typed', async ({ custom }) => {
  expect(await callEach(custom, '/tasks/imports.js', ['one'])).toEqual([expect.objectContaining({ tokens: 3 })]);
  expect(await callEach(custom, '/tasks/count.js', ['one two'], { isolate: true })).toEqual([
    { tokens: 4, labels: ['NEGATIVE', 'POSITIVE'] },
  ]);
  expect(await callEach(custom, '/tasks/imports.js', ['x'], { isolate: true })).toMatchObject({
    code: 'WORKER_START_FAILED',
    hint: expect.stringContaining('bundle it into one file'),
  });
  expect(await callEach(custom, '/tasks/nowhere.js', ['x'], { isolate: true })).toMatchObject({
    code: 'WORKER_START_FAILED',
    message: expect.stringContaining('answered 404'),
  });
});

test('tabs share a model with a task of the application, by the address of its module', async ({
  context,
  ownSite,
}) => {
  const load = async (tab: Page, module: string) => {
    await openLibrary(tab, `${ownSite.url}/pages/module.html`);
    return tab.evaluate(
      async ([address, model]) => {
        const client = insitu.createClient({ shared: true });
        const task = insitu.defineTask<string>({ name: 'trial', module: address });
        const run = await client.pipeline(task, model);
        const results = [await run('one two'), await run('one two three')];
        Object.assign(globalThis, { stats: () => client.stats() });
        return results;
      },
      [module, classifier] as const,
    );
  };
  const tabs = await openTabs(context, 3);
  const [first, second, third] = tabs;
  const results = [await load(first!, '/tasks/count.js'), await load(second!, '/tasks/count.js')];
  expect(results[1]).toEqual(results[0]);
  expect(results[0]).toEqual([expect.objectContaining({ tokens: 4 }), expect.objectContaining({ tokens: 5 })]);
  await load(third!, '/tasks/imports.js');
  const { models } = await first!.evaluate(() =>
    (globalThis as unknown as { stats(): Promise<{ models: object[] }> }).stats(),
  );
  expect(models).toEqual([
    expect.objectContaining({ task: 'trial', answered: 4 }),
    expect.objectContaining({ task: 'trial', answered: 2 }),
  ]);
});

const openTabs = (context: BrowserContext, count: number) =>
  Promise.all(Array.from({ length: count }, () => context.newPage()));
