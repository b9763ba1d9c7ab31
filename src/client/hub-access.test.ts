import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveModel, resolveRemoteModel } from './model-reference.ts';

beforeEach(() => vi.stubGlobal('location', { href: 'https://app.example/' }));
afterEach(() => vi.unstubAllGlobals());

const elsewhere = ['/models/name/', 'https://huggingface.co/org/name/resolve/main/', 'npm:package@1.2.3/name'];

describe('what the hub wants to know', () => {
  it.each([
    ['nothing', {}],
    ['no headers', { headers: {} }],
    ['an empty token', { token: '' }],
    ['a function without a token today', { token: () => '' }],
  ])('is sent nowhere where there is %s', async (_, hub) => {
    expect(await resolveRemoteModel('org/name', hub)).not.toHaveProperty('headers');
    expect(await resolveRemoteModel('org/name', { token: 'the control' })).toHaveProperty('headers');
  });

  it('goes with every request for a model of the hub: headers', async () => {
    const headers = { 'X-Tenant': 'shop' };
    expect(await resolveModel('org/name', { headers })).toMatchObject({ headers: { 'X-Tenant': 'shop' } });
  });

  it.each([
    ['a text', 'hf_secret'],
    ['a function', () => 'hf_secret'],
    ['a function that asks elsewhere', async () => 'hf_secret'],
  ])('goes with every request for a model of the hub: a token, %s', async (_, token) => {
    const { headers } = await resolveRemoteModel('org/name', { token });
    expect(headers).toEqual({ Authorization: 'Bearer hf_secret' });
  });

  it('can be both, and the token is the authorization', async () => {
    const hub = { headers: { 'X-Tenant': 'shop', Authorization: 'Basic old' }, token: 'hf_secret' };
    expect((await resolveRemoteModel('org/name', hub)).headers).toEqual({
      'X-Tenant': 'shop',
      Authorization: 'Bearer hf_secret',
    });
    expect(hub.headers.Authorization, 'the options stay as they were').toBe('Basic old');
  });

  it('is asked for at every load: a token may expire', async () => {
    let asked = 0;
    const hub = { token: () => `token ${++asked}` };
    for (const count of [1, 2]) {
      const { headers } = await resolveRemoteModel('org/name', hub);
      expect(headers).toEqual({ Authorization: `Bearer token ${count}` });
    }
  });

  it.each(elsewhere)('is never told to others: %s', async (reference) => {
    const token = vi.fn(() => 'hf_secret');
    const hub = { token, headers: { 'X-Tenant': 'shop' } };
    expect(await resolveModel('org/name', hub)).toHaveProperty('headers');
    expect(token).toHaveBeenCalledOnce();
    expect(await resolveModel(reference, hub)).not.toHaveProperty('headers');
    expect(token, 'nor asked for').toHaveBeenCalledOnce();
  });

  it.each([
    ['throws', () => Promise.resolve().then(() => Promise.reject(new Error('signed out')))],
    [
      'throws at once',
      () => {
        throw new Error('signed out');
      },
    ],
  ])('rejects with what a function %s', async (_, token) => {
    await expect(resolveModel('org/name', { token })).rejects.toThrow('signed out');
    await expect(resolveModel('org/name', { token: () => 'the control' })).resolves.toBeDefined();
  });
});
