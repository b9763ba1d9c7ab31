import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../protocol/model-manifest.ts';
import { type LoadOptions, checkedOptions, loadChecks, resolveTask, rulesOf } from './load-options.ts';
import { sessionName } from './session.ts';

const manifest: ModelManifest = {
  format: 'insitu-model-1',
  model: 'org/name',
  files: [{ path: 'config.json', size: 2, sha256: '0'.repeat(64) }],
};

const check = (given: object) => checkedOptions<LoadOptions>(given, loadChecks);

describe('the options of a load', () => {
  it.each([
    ['revalidate', ['always', 'background', 'never']],
    ['localFilesOnly', [true, false]],
    ['manifest', [manifest]],
    ['revision', ['main', '']],
    ['dtype', ['q8', 'fp32']],
  ])('%s takes its values, and nothing is given for undefined', (name, values) => {
    for (const value of values) expect(check({ [name]: value })).toEqual({ [name]: value });
    expect(check({ [name]: undefined })).toEqual({});
  });

  it('have the spelling of transformers.js too', () => {
    expect(check({ local_files_only: true })).toEqual({ localFilesOnly: true });
  });

  it.each<[string, unknown, RegExp]>([
    ['revalidate', 'sometimes', /must be one of "always", "background", "never", not "sometimes"/],
    ['revalidate', true, /revalidate/],
    ['localFilesOnly', 'yes', /must be a boolean, not "yes"/],
    ['localFilesOnly', 1, /must be a boolean/],
    ['local_files_only', null, /local_files_only must be a boolean, not null/],
    ['manifest', 'manifest.json', /manifest must be an object, as in manifest.json/],
    ['revision', 1, /must be a string/],
    ['dtype', 'q9', /dtype/],
    ['onProgress', {}, /must be a function/],
    ['signal', 'stop', /must be an AbortSignal/],
    ['localFileOnly', true, /Unknown option "localFileOnly"/],
  ])('%s refuses %j', (name, value, says) => {
    expect(() => check({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(says) }),
    );
  });
});

describe('the rules of a load', () => {
  it('without options are to ask in the background, once in this session', () => {
    expect(rulesOf({})).toEqual({
      revalidate: 'background',
      localFilesOnly: false,
      manifest: undefined,
      session: sessionName(),
    });
  });

  it('are those of its options', () => {
    expect(rulesOf({ revalidate: 'never', localFilesOnly: true, manifest, dtype: 'q8', revision: 'v1' })).toEqual({
      revalidate: 'never',
      localFilesOnly: true,
      manifest,
      session: sessionName(),
    });
  });
});

describe('the task of a load', () => {
  it.each([
    ['feature-extraction', 'feature-extraction'],
    ['embeddings', 'feature-extraction'],
    ['sentiment-analysis', 'text-classification'],
  ])('%s is %s', (name, task) => {
    expect(resolveTask(name)).toBe(task);
  });

  it.each(['mind-reading', '', 'constructor', '__proto__', 'Embeddings'])(
    '%j is left to the worker, which knows that it is none',
    (name) => {
      expect(resolveTask(name)).toBe(name);
    },
  );
});
