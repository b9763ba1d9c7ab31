import type * as violations from './csp-violations.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let module: Pick<typeof violations, 'cspFailure' | 'watchCspViolations'>;
let page: EventTarget;
beforeEach(async () => {
  vi.resetModules();
  module = await import('./csp-violations.ts');
  page = new EventTarget();
  vi.stubGlobal('location', { origin: 'https://app.example' });
});
afterEach(() => vi.unstubAllGlobals());

const refuse = (effectiveDirective: string, blockedURI: string, disposition = 'enforce') =>
  page.dispatchEvent(
    Object.assign(new Event('securitypolicyviolation'), { effectiveDirective, blockedURI, disposition }),
  );
const watch = () => module.watchCspViolations(page as never);

describe('cspFailure', () => {
  it('names the directive, the address and what to add', async () => {
    watch();
    refuse('worker-src', 'https://app.example/dist/worker.js');
    expect(await module.cspFailure('The worker', 'https://app.example/dist/worker.js')).toMatchObject({
      code: 'CSP_BLOCKED',
      message: expect.stringContaining('worker-src does not allow https://app.example/dist/worker.js'),
      hint: "Add 'self' to worker-src.",
    });
  });

  it('knows an address of another origin by that origin, which is all that browsers tell', async () => {
    watch();
    refuse('connect-src', 'https://hub.example');
    expect(await module.cspFailure('A file', 'https://hub.example/org/name/config.json')).toMatchObject({
      hint: 'Add https://hub.example to connect-src.',
    });
  });

  it('knows the blob that starts a worker of another origin', async () => {
    watch();
    refuse('worker-src', 'blob');
    expect(await module.cspFailure('The worker', 'https://cdn.example/worker.js')).toMatchObject({
      hint: 'Add blob: to worker-src.',
    });
  });

  it('waits for an event that comes after the failure', async () => {
    watch();
    setTimeout(() => refuse('connect-src', 'https://hub.example'));
    expect(await module.cspFailure('A file', 'https://hub.example/config.json')).toMatchObject({ code: 'CSP_BLOCKED' });
  });

  it('knows refused WebAssembly by the words of the exception', async () => {
    watch();
    const cause = new WebAssembly.CompileError('violates the following Content Security Policy directive');
    expect(await module.cspFailure('The WebAssembly', 'https://app.example/x.wasm', cause)).toMatchObject({
      code: 'CSP_BLOCKED',
      hint: "Add 'wasm-unsafe-eval' to script-src.",
      cause,
    });
  });

  it.each([
    ['was refused elsewhere', () => refuse('connect-src', 'https://other.example/config.json')],
    ['is a picture of the same host', () => refuse('img-src', 'https://hub.example/picture.png')],
    ['was fetched from a blob', () => refuse('connect-src', 'blob')],
    ['is only reported', () => refuse('connect-src', 'https://hub.example/config.json', 'report')],
    ['was not refused', () => {}],
  ])('is silent about what %s', async (_, happen) => {
    watch();
    happen();
    const cause = new TypeError('Failed to fetch');
    expect(await module.cspFailure('A file', 'https://hub.example/config.json', cause)).toBeUndefined();
  });

  it('is silent where nobody watches', async () => {
    refuse('connect-src', 'https://hub.example');
    module.watchCspViolations(undefined);
    expect(await module.cspFailure('A file', 'https://hub.example/config.json')).toBeUndefined();
  });

  it('hears of each refusal once, however often it was asked to watch', async () => {
    const listen = vi.spyOn(page, 'addEventListener');
    watch();
    watch();
    expect(listen).toHaveBeenCalledTimes(1);
  });
});
