import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import { type HubOptions, resolveModel } from './model-reference.ts';

const baseUrl = (reference: unknown, hub: HubOptions = {}, revision?: string) =>
  resolveModel(reference, hub, revision).baseUrl;

beforeEach(() => vi.stubGlobal('location', { href: 'https://app.example/shop/cart?item=1#top' }));
afterEach(() => vi.unstubAllGlobals());

describe('a Hub id', () => {
  it.each([
    ['gpt2', 'https://huggingface.co/gpt2/resolve/main/'],
    ['Xenova/all-MiniLM-L6-v2', 'https://huggingface.co/Xenova/all-MiniLM-L6-v2/resolve/main/'],
    ['org/name_with.all-marks', 'https://huggingface.co/org/name_with.all-marks/resolve/main/'],
    ['org/name@v1.0', 'https://huggingface.co/org/name/resolve/v1.0/'],
    ['org/name@refs/pr/12', 'https://huggingface.co/org/name/resolve/refs%2Fpr%2F12/'],
    ['constructor/toString', 'https://huggingface.co/constructor/toString/resolve/main/'],
  ])('%s', (reference, folder) => {
    expect(resolveModel(reference, {})).toEqual({ reference, baseUrl: folder });
  });

  it('takes the revision of the option, but its own first', () => {
    expect(baseUrl('org/name', {}, 'refs/pr/1')).toBe('https://huggingface.co/org/name/resolve/refs%2Fpr%2F1/');
    expect(baseUrl('org/name@own', {}, 'option')).toBe('https://huggingface.co/org/name/resolve/own/');
  });

  it('cannot leave its folder through a revision', () => {
    expect(baseUrl('org/name', {}, '../../other')).toBe('https://huggingface.co/org/name/resolve/..%2F..%2Fother/');
    expect(baseUrl('org/name', {}, 'a?b#c$&')).toBe('https://huggingface.co/org/name/resolve/a%3Fb%23c%24%26/');
  });

  it.each([
    [{ host: 'https://models.example' }, 'https://models.example/org/name/resolve/main/'],
    [{ host: 'https://models.example/hub/' }, 'https://models.example/hub/org/name/resolve/main/'],
    [{ pathTemplate: '{model}' }, 'https://huggingface.co/org/name/'],
    [{ pathTemplate: 'v/{revision}/of/{model}/' }, 'https://huggingface.co/v/main/of/org/name/'],
    [{ host: 'https://models.example', pathTemplate: 'flat/' }, 'https://models.example/flat/'],
  ])('is looked up where the hub %o says', (hub, folder) => {
    expect(baseUrl('org/name', hub)).toBe(folder);
  });

  it('is looked up on the own origin where the host is a path of it', () => {
    // The worker resolves addresses against its own, and a bootstrapped one has a blob's: only absolute ones mean the same.
    expect(baseUrl('org/name', { host: '/hub' })).toBe('https://app.example/hub/org/name/resolve/main/');
  });

  it('is never taken for a local path', () => {
    expect(baseUrl('models/bert')).toBe('https://huggingface.co/models/bert/resolve/main/');
  });
});

describe('the address of a folder', () => {
  it.each([
    ['/models/org/name/', 'https://app.example/models/org/name/'],
    ['/models/org/name', 'https://app.example/models/org/name/'],
    ['./models/name', 'https://app.example/shop/models/name/'],
    ['../models/name/', 'https://app.example/models/name/'],
    ['/', 'https://app.example/'],
    ['https://cdn.example/a/b', 'https://cdn.example/a/b/'],
    ['http://localhost:8080/a/', 'http://localhost:8080/a/'],
    ['https://cdn.example', 'https://cdn.example/'],
    ['/models/with space/', 'https://app.example/models/with%20space/'],
    ['/models/../../../etc/', 'https://app.example/etc/'],
  ])('%s', (reference, folder) => {
    expect(resolveModel(reference, { host: 'https://unused.example' }, 'unused')).toEqual({
      reference,
      baseUrl: folder,
    });
  });

  it('is relative to the base of the document, where it has one', () => {
    vi.stubGlobal('document', { baseURI: 'https://app.example/nested/app/' });
    expect(baseUrl('./models/name/')).toBe('https://app.example/nested/app/models/name/');
  });
});

describe('an npm package', () => {
  it.each([
    ['npm:package@1.2.3/models/name', 'https://cdn.jsdelivr.net/npm/package@1.2.3/models/name/'],
    ['npm:@scope/package@1/', 'https://cdn.jsdelivr.net/npm/@scope/package@1/'],
    ['npm:package', 'https://cdn.jsdelivr.net/npm/package/'],
  ])('%s', (reference, folder) => {
    expect(resolveModel(reference, {})).toEqual({ reference, baseUrl: folder });
  });
});

describe('what is no reference', () => {
  it.each([
    '',
    ' ',
    'what is this?',
    'org/name/extra',
    'org//name',
    'org/name@',
    '@main',
    'org/name@v1@v2',
    'org/name\n',
    'org\\name',
    'org/name?download=true',
    'org/%2e%2e',
    '{model}/{revision}',
    'javascript:alert(1)',
    'data:application/json,{}',
    'blob:https://app.example/1',
    'file:///etc/passwd',
    'ftp://host/path/',
    'npm:',
  ])('%j', (reference) => {
    expect(() => resolveModel(reference, {})).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringContaining(JSON.stringify(reference)),
        hint: expect.stringContaining('org/name@revision'),
      }),
    );
  });

  it.each([
    ['a number', 42],
    ['null', null],
    ['an object with a text', { toString: () => 'org/name' }],
    ['an array', ['org/name']],
    ['a URL', new URL('https://host/path/')],
  ])('%s', (_, reference) => {
    expect(() => resolveModel(reference, {})).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('a hostile reference', () => {
  // Paths of files are appended to the folder, and the sum is the key of the store.
  it.each([
    'https://',
    'http://[::1/model/',
    'https://host:99999/model/',
    'https://host/model/?token=1',
    '/models/name?v=2',
    '/models/name#part',
    '..',
    'org/..',
    '../..',
    'org/name@..',
    'npm:package?x=',
    'npm:package#',
    'npm:../gh/org/repository@main',
    'npm:package@1/../../../gh/org/repository',
  ])('%j is refused with OPTION_INVALID, or is a folder that a file can be in', (reference) => {
    let folder: string;
    try {
      folder = baseUrl(reference);
    } catch (error) {
      expect(error).toBeInstanceOf(InsituError);
      expect(error).toMatchObject({ code: 'OPTION_INVALID' });
      return;
    }
    const file = new URL(`${folder}onnx/model.onnx`);
    expect(file.pathname).toMatch(/\/onnx\/model\.onnx$/);
    expect(file.href, 'normalised').toBe(`${folder}onnx/model.onnx`);
    expect(file.hash + file.search).toBe('');
  });
});
