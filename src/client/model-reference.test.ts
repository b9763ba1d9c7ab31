import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import { type HubOptions, resolveModel, resolveRemoteModel } from './model-reference.ts';

const baseUrl = async (reference: unknown, hub: HubOptions = {}, revision?: string) =>
  (await resolveRemoteModel(reference, hub, revision)).baseUrl;

const optionInvalid = (code: object = {}) => expect.objectContaining({ code: 'OPTION_INVALID', ...code }) as Error;

beforeEach(() => vi.stubGlobal('location', { href: 'https://app.example/shop/cart?item=1#top' }));
afterEach(() => vi.unstubAllGlobals());

describe('a Hub id', () => {
  it.each([
    ['gpt2', 'https://huggingface.co/gpt2/resolve/main/', 'main'],
    ['Xenova/all-MiniLM-L6-v2', 'https://huggingface.co/Xenova/all-MiniLM-L6-v2/resolve/main/', 'main'],
    ['org/name_with.all-marks', 'https://huggingface.co/org/name_with.all-marks/resolve/main/', 'main'],
    ['org/name@v1.0', 'https://huggingface.co/org/name/resolve/v1.0/', 'v1.0'],
    ['org/name@refs/pr/12', 'https://huggingface.co/org/name/resolve/refs%2Fpr%2F12/', 'refs/pr/12'],
    ['constructor/toString', 'https://huggingface.co/constructor/toString/resolve/main/', 'main'],
  ])('%s', async (reference, folder, revision) => {
    const remote = { kind: 'remote', reference, baseUrl: folder, revision, hub: true, immutable: false };
    expect(await resolveModel(reference, {})).toEqual(remote);
    expect(await resolveRemoteModel(reference, {})).toEqual(remote);
  });

  it('takes the revision of the option, but its own first', async () => {
    expect(await baseUrl('org/name', {}, 'refs/pr/1')).toBe('https://huggingface.co/org/name/resolve/refs%2Fpr%2F1/');
    expect(await baseUrl('org/name@own', {}, 'option')).toBe('https://huggingface.co/org/name/resolve/own/');
  });

  it('cannot leave its folder through a revision', async () => {
    expect(await baseUrl('org/name', {}, '../../other')).toBe(
      'https://huggingface.co/org/name/resolve/..%2F..%2Fother/',
    );
    expect(await baseUrl('org/name', {}, 'a?b#c$&')).toBe('https://huggingface.co/org/name/resolve/a%3Fb%23c%24%26/');
  });

  it.each([
    [{ host: 'https://models.example' }, 'https://models.example/org/name/resolve/main/'],
    [{ host: 'https://models.example/hub/' }, 'https://models.example/hub/org/name/resolve/main/'],
    [{ pathTemplate: '{model}' }, 'https://huggingface.co/org/name/'],
    [{ pathTemplate: 'v/{revision}/of/{model}/' }, 'https://huggingface.co/v/main/of/org/name/'],
    [{ host: 'https://models.example', pathTemplate: 'flat/' }, 'https://models.example/flat/'],
  ])('is looked up where the hub %o says', async (hub, folder) => {
    expect(await baseUrl('org/name', hub)).toBe(folder);
  });

  it('is looked up on the own origin where the host is a path of it', async () => {
    // The worker resolves addresses against its own, and a bootstrapped one has a blob's: only absolute ones mean the same.
    expect(await baseUrl('org/name', { host: '/hub' })).toBe('https://app.example/hub/org/name/resolve/main/');
  });

  it('is never taken for a local path', async () => {
    expect(await baseUrl('models/bert')).toBe('https://huggingface.co/models/bert/resolve/main/');
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
  ])('%s', async (reference, folder) => {
    expect(await resolveModel(reference, { host: 'https://unused.example' }, 'unused')).toEqual({
      kind: 'remote',
      reference,
      baseUrl: folder,
      hub: false,
      immutable: false,
    });
  });

  it('is relative to the base of the document, where it has one', async () => {
    vi.stubGlobal('document', { baseURI: 'https://app.example/nested/app/' });
    expect(await baseUrl('./models/name/')).toBe('https://app.example/nested/app/models/name/');
  });
});

describe('an npm package', () => {
  it.each([
    ['npm:package@1.2.3/models/name', 'https://cdn.jsdelivr.net/npm/package@1.2.3/models/name/', true],
    ['npm:@scope/package@1/', 'https://cdn.jsdelivr.net/npm/@scope/package@1/', false],
    ['npm:package', 'https://cdn.jsdelivr.net/npm/package/', false],
  ])('%s', async (reference, folder, immutable) => {
    const npm = { kind: 'remote', reference, baseUrl: folder, hub: false, immutable };
    expect(await resolveModel(reference, {}, 'unused')).toEqual(npm);
  });
});

describe('an address that names one version for ever', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';

  it.each<[string, string, string | undefined]>([
    ['a commit in the reference', `org/name@${commit}`, undefined],
    ['a commit as the option', 'org/name', commit],
    ['a commit before a branch of the option', `org/name@${commit}`, 'main'],
    ['an exact npm version', 'npm:package@1.2.3', undefined],
    ['one of a scope', 'npm:@scope/package@1.2.3/models/name/', undefined],
    ['one before a release', 'npm:package@1.0.0-beta.1/name', undefined],
  ])('is immutable: %s', async (_, reference, revision) => {
    expect(await resolveRemoteModel(reference, {}, revision)).toMatchObject({ immutable: true });
  });

  it.each<[string, string, string | undefined]>([
    ['the main branch', 'org/name', undefined],
    ['a tag', 'org/name@v1.2.3', undefined],
    ['a branch of the reference before a commit of the option', 'org/name@main', commit],
    ['the beginning of a commit', `org/name@${commit.slice(0, 8)}`, undefined],
    ['more than a commit', `org/name@${commit}0`, undefined],
    ['a commit of another model', `org/name-${commit}`, undefined],
    ['the commit in the address of a folder', `https://huggingface.co/org/name/resolve/${commit}/`, commit],
    ['an npm package', 'npm:package/1.2.3', undefined],
    ['a major version', 'npm:package@1', undefined],
    ['a minor version', 'npm:package@1.2/models', undefined],
    ['a range', 'npm:package@^1.2.3', undefined],
    ['a tag of npm', 'npm:@scope/package@latest', undefined],
    ['a version with an end that is none', 'npm:package@1.2.3x', undefined],
    ['the version of another package inside', 'npm:package/other@1.2.3/', commit],
  ])('is something else than %s', async (_, reference, revision) => {
    expect(await resolveRemoteModel(reference, {}, revision)).toMatchObject({ immutable: false });
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
  ])('%j', async (reference) => {
    const refusal = optionInvalid({
      message: expect.stringContaining(JSON.stringify(reference)),
      hint: expect.stringContaining('org/name@revision'),
    });
    await expect(resolveModel(reference, {})).rejects.toEqual(refusal);
    await expect(resolveRemoteModel(reference, {})).rejects.toEqual(refusal);
  });

  it.each([
    ['a number', 42],
    ['null', null],
    ['an object with a text', { toString: () => 'org/name' }],
    ['an array', ['org/name']],
    ['a URL', new URL('https://host/path/')],
    ['nothing', undefined],
  ])('%s', async (_, reference) => {
    await expect(resolveModel(reference, {})).rejects.toEqual(optionInvalid());
    await expect(resolveRemoteModel(reference, {})).rejects.toEqual(optionInvalid());
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
  ])('%j is refused with OPTION_INVALID, or is a folder that a file can be in', async (reference) => {
    let folder: string;
    try {
      folder = await baseUrl(reference);
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
