// @ts-check
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withoutChains } from './without-chains.mjs';

const folder = dirname(fileURLToPath(import.meta.resolve('@huggingface/transformers')));
const file = join(folder, 'transformers.web.js');
const original = readFileSync(file, 'utf8');

/**
 * One of its two functions that wait, with a session below it.
 *
 * @param {string} code @param {string} name
 * @returns {(...given: unknown[]) => Promise<unknown>}
 */
function functionOf(code, name) {
  const [source = ''] = new RegExp(`^async function ${name}\\([\\s\\S]*?\\n}`, 'm').exec(code) ?? [];
  const chain = /IS_WEB_ENV \? (\w+) =/.exec(source)?.[1] ?? 'none';
  const parts = {
    ensureWasmLoaded: async () => {},
    apis: { IS_WEB_ENV: true },
    InferenceSession: { create: perform },
    env: { logLevel: 0, backends: { onnx: {} } },
    getOnnxLogSeverityLevel: () => 0,
    LogLevel: {},
  };
  return runInNewContext(`let ${chain} = Promise.resolve(); ${source}; ${name}`, parts);
}

/** @param {unknown} what */
async function perform(what) {
  if (what === 'bad') throw new Error('out of luck');
  return { what, config: undefined };
}

const run = /** @param {string} code */ (code) => {
  const perform_ = functionOf(code, 'runInferenceSession');
  return /** @param {string} feeds */ (feeds) => perform_({ run: perform }, feeds);
};
const load = /** @param {string} code */ (code) => {
  const create = functionOf(code, 'createInferenceSession');
  return /** @param {string} model */ (model) => create(model, {}, {});
};

describe.each([
  ['runs', run],
  ['loads', load],
])('of the %s of transformers.js', (_, use) => {
  it('one that fails fails all later ones', async () => {
    const perform = use(original);
    await expect(perform('good')).resolves.toMatchObject({ what: 'good' });
    await expect(perform('bad')).rejects.toThrow('out of luck');
    await expect(perform('good')).rejects.toThrow('out of luck');
  });

  it('in our bundle one that fails fails alone', async () => {
    const perform = use(/** @type {{ code: string }} */ (withoutChains.transform(original, file)).code);
    await expect(perform('good')).resolves.toMatchObject({ what: 'good' });
    await expect(perform('bad')).rejects.toThrow('out of luck');
    await expect(perform('good')).resolves.toMatchObject({ what: 'good' });
  });
});

describe('withoutChains', () => {
  it('leaves other modules alone', () => {
    expect(withoutChains.transform(original, '/other/module.js')).toBe(null);
  });

  it('fails the build where transformers.js has changed', () => {
    expect(() => withoutChains.transform('export {}', file)).toThrow('0 chains');
  });
});
