import { describe, expect, it, vi } from 'vitest';
import { InsituError, isInsituError } from './insitu-error.ts';

const hint = 'Try again.';

/** The module once more, as when a page loads two copies of the library. */
async function importCopy() {
  vi.resetModules();
  return import('./insitu-error.ts');
}

describe('isInsituError', () => {
  it('recognises errors of another copy of the library, which instanceof does not', async () => {
    const copy = await importCopy();
    expect(copy.InsituError).not.toBe(InsituError);
    const own = new InsituError('NETWORK', 'own', { hint });
    const foreign = new copy.InsituError('NETWORK', 'foreign', { hint });
    expect(foreign).not.toBeInstanceOf(InsituError);
    expect(isInsituError(foreign)).toBe(true);
    expect(copy.isInsituError(own)).toBe(true);
  });

  it.each([
    undefined,
    null,
    'InsituError',
    42,
    () => {},
    new Error('plain'),
    Object.assign(new Error('look-alike'), { name: 'InsituError', code: 'NETWORK', hint, retryable: false }),
    Object.assign({}, new InsituError('NETWORK', 'copied', { hint })),
  ])('does not take %s for one', (value) => {
    expect(isInsituError(value)).toBe(false);
  });
});

describe('InsituError', () => {
  it('reads as an error with its name', () => {
    const error = new InsituError('DISPOSED', 'The model is gone.', { hint });
    expect(String(error)).toBe('InsituError: The model is gone.');
    expect(error.stack).toContain('insitu-error.test');
    expect(error).toMatchObject({ code: 'DISPOSED', hint, retryable: false });
  });

  it.each([null, 0, '', false])('keeps the cause %s, though it is falsy', (cause) => {
    expect(new InsituError('INTERNAL', 'x', { hint, cause })).toHaveProperty('cause', cause);
  });

  it('has no cause where none was given', () => {
    expect('cause' in new InsituError('INTERNAL', 'x', { hint, cause: undefined })).toBe(false);
  });
});

describe('InsituError', () => {
  it('prints its code, its hint and the address of its page with its stack', () => {
    const error = new InsituError('NETWORK', 'It broke.', { hint });
    expect(error.help).toMatch(/^https:\/\/.*\/docs\/errors\/NETWORK\.md$/);
    const lines = error.stack!.split('\n');
    expect(lines.slice(0, 3)).toEqual(['InsituError [NETWORK]: It broke.', `  ${hint}`, `  ${error.help}`]);
    expect(lines[3]).toMatch(/^\s+at .*insitu-error\.test/);
  });

  it('keeps the message as it was said', () => {
    expect(String(new InsituError('NETWORK', 'It broke.', { hint }))).toBe('InsituError: It broke.');
  });
});
