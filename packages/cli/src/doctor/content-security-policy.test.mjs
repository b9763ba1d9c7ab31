// @ts-check
import { describe, expect, test } from 'vitest';
import { allowsUrl, allowsWebAssembly, parsePolicies } from './content-security-policy.mjs';

const self = 'https://app.example';

/** @param {string} text */
function only(text) {
  const [policy = new Map()] = parsePolicies(text);
  return policy;
}

/** @param {string} source @param {string} url */
const connects = (source, url, origin = self) => allowsUrl(only(`connect-src ${source}`), 'connect-src', url, origin);

describe('a source expression', () => {
  test.each([
    ["'self'", 'https://app.example/a/b.onnx'],
    ["'SELF'", 'https://app.example/'],
    ['*', 'https://other.example/'],
    ['https:', 'https://other.example/'],
    ['http:', 'https://other.example/'],
    ['cdn.example', 'https://cdn.example/a'],
    ['CDN.example', 'https://cdn.example/a'],
    ['https://cdn.example', 'https://cdn.example/a'],
    ['http://cdn.example', 'https://cdn.example/a'],
    ['https://cdn.example:443', 'https://cdn.example/a'],
    ['cdn.example:*', 'https://cdn.example:8443/a'],
    ['*.example', 'https://cdn.example/'],
    ['*.hf.co', 'https://a.b.hf.co/'],
    ['cdn.example/models/', 'https://cdn.example/models/org/name/config.json'],
    ['cdn.example/models/one.onnx', 'https://cdn.example/models/one.onnx'],
    ['blob:', 'blob:https://app.example/1'],
    ["'none' 'self'", 'https://app.example/'],
  ])('%s matches %s', (source, url) => {
    expect(connects(source, url)).toBe(true);
  });

  test.each([
    ["'none'", 'https://app.example/'],
    ['', 'https://app.example/'],
    ["'self'", 'https://app.example:8443/'],
    ["'self'", 'https://cdn.app.example/'],
    ["'self'", 'blob:https://app.example/1'],
    ['*', 'blob:https://app.example/1'],
    ['http://cdn.example:80', 'https://cdn.example:8443/'],
    ['https:', 'http://other.example/'],
    ['cdn.example', 'http://cdn.example/'],
    ['cdn.example', 'https://cdn.example:8443/'],
    ['*.cdn.example', 'https://cdn.example/'],
    ['cdn.example', 'https://evilcdn.example/'],
    ['cdn.example/models/', 'https://cdn.example/other'],
    ['cdn.example/models', 'https://cdn.example/models/one.onnx'],
    ["'nonce-abc'", 'https://app.example/'],
  ])('%s does not match %s', (source, url) => {
    expect(connects(source, url)).toBe(false);
  });

  test('that is the own origin allows its upgrade', () => {
    expect(connects("'self'", 'https://app.example/', 'http://app.example')).toBe(true);
    expect(connects("'self'", 'http://app.example/', 'https://app.example')).toBe(false);
  });
});

describe('a directive that is missing', () => {
  const worker = (/** @type {string} */ text) => allowsUrl(only(text), 'worker-src', `${self}/worker.js`, self);

  test('is spoken for by another', () => {
    expect(worker("child-src 'self'; script-src 'none'")).toBe(true);
    expect(worker("script-src 'self'; default-src 'none'")).toBe(true);
    expect(worker("default-src 'self'")).toBe(true);
    expect(worker("worker-src 'none'; default-src 'self'")).toBe(false);
    expect(worker("child-src 'none'; default-src 'self'")).toBe(false);
    expect(worker("img-src 'none'")).toBe(true);
  });

  test('counts only when it comes first', () => {
    expect(worker("worker-src 'self'; worker-src 'none'")).toBe(true);
  });
});

test('WebAssembly needs a word of its own', () => {
  expect(allowsWebAssembly(only("script-src 'self' 'wasm-unsafe-eval'"))).toBe(true);
  expect(allowsWebAssembly(only("default-src 'unsafe-eval'"))).toBe(true);
  expect(allowsWebAssembly(only("connect-src 'self'"))).toBe(true);
  expect(allowsWebAssembly(only("script-src 'self'; default-src 'wasm-unsafe-eval'"))).toBe(false);
  expect(allowsWebAssembly(only('script-src *'))).toBe(false);
});

test('scripts that trust each other have any address', () => {
  const policy = only("script-src 'nonce-1' 'strict-dynamic'; connect-src 'none'");
  expect(allowsUrl(policy, 'script-src', 'https://cdn.example/a.js', self)).toBe(true);
  expect(allowsUrl(policy, 'worker-src', `${self}/worker.js`, self)).toBe(true);
  expect(allowsUrl(policy, 'connect-src', `${self}/a`, self)).toBe(false);
});

test('one header may have several policies', () => {
  expect(parsePolicies("default-src 'self', script-src 'none'")).toHaveLength(2);
});
