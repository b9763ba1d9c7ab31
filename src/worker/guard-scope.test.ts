import { describe, expect, it, vi } from 'vitest';
import { guardScope, reportPolicyViolations } from './guard-scope.ts';

/** A scope like a worker's: some of it its own, some inherited, some refusing to be looked at. */
function createScope() {
  const inherited = {
    get indexedDB() {
      return 'a database';
    },
    get caches(): never {
      throw new DOMException('Disabled.', 'SecurityError');
    },
    importScripts: () => 'imported',
  };
  const own = {
    BroadcastChannel: class {},
    Worker: class {},
    fetch: () => 'fetched',
    navigator: Object.create({ storage: 'storage', language: 'en' }) as Record<string, unknown>,
  };
  return Object.assign(Object.create(inherited) as typeof inherited, own);
}

function createGuarded() {
  const scope = createScope();
  const report = vi.fn();
  guardScope(scope, report);
  return { scope, report, inherited: Object.getPrototypeOf(scope) as ReturnType<typeof createScope> };
}

describe('guardScope', () => {
  it('reports a look at an object, and shows none', () => {
    const { scope, report } = createGuarded();
    expect(scope.indexedDB).toBeUndefined();
    expect(scope.caches).toBeUndefined();
    expect(scope.navigator['storage']).toBeUndefined();
    expect(report.mock.calls).toEqual([
      ['indexedDB', ''],
      ['caches', ''],
      ['navigator.storage', ''],
    ]);
  });

  it('reports a call or a construction with its text, and refuses it; a mere look is none', () => {
    const { scope, report } = createGuarded();
    expect(typeof scope.Worker).toBe('function');
    expect(report).not.toHaveBeenCalled();
    const construct = (Type: new (...given: never[]) => unknown, ...given: unknown[]) =>
      new Type(...(given as never[]));
    expect(() => construct(scope.Worker, 'blob:1')).toThrow(DOMException);
    expect(() => construct(scope.BroadcastChannel, 'name')).toThrow(/BroadcastChannel is not for an isolated worker/);
    expect(() => (scope.importScripts as (url: unknown) => void)({})).toThrow(DOMException);
    expect(report.mock.calls).toEqual([
      ['Worker', 'blob:1'],
      ['BroadcastChannel', 'name'],
      ['importScripts', ''],
    ]);
  });

  it('reports what no worker has', () => {
    const { scope, report } = createGuarded();
    for (const name of ['localStorage', 'parent', 'RTCPeerConnection'])
      expect((scope as unknown as Record<string, unknown>)[name]).toBeUndefined();
    expect(report.mock.calls.map(([what]) => what as string)).toEqual(['localStorage', 'parent', 'RTCPeerConnection']);
  });

  it('leaves what the policy watches, and all else', () => {
    const { scope, report } = createGuarded();
    expect(scope.fetch()).toBe('fetched');
    expect(scope.navigator['language']).toBe('en');
    expect(report).not.toHaveBeenCalled();
  });

  it('stands also where the browser has it, and cannot be undone', () => {
    const { scope, report, inherited } = createGuarded();
    const { get } = Object.getOwnPropertyDescriptor(inherited, 'indexedDB')!;
    expect(get!.call(scope)).toBeUndefined();
    expect(report).toHaveBeenCalledWith('indexedDB', '');
    for (const holder of [scope, inherited]) {
      expect(() => Object.defineProperty(holder, 'indexedDB', { value: 'mine' })).toThrow(TypeError);
      expect(Reflect.deleteProperty(holder, 'indexedDB')).toBe(false);
    }
    expect(Reflect.set(scope, 'Worker', 'mine')).toBe(false);
  });

  it('does without a navigator', () => {
    const report = vi.fn();
    const scope: { indexedDB?: unknown } = {};
    guardScope(scope, report);
    expect(scope.indexedDB).toBeUndefined();
    expect(report).toHaveBeenCalledTimes(1);
  });
});

describe('reportPolicyViolations', () => {
  class Violation extends Event {
    get effectiveDirective() {
      return 'connect-src';
    }
    get blockedURI() {
      return 'https://elsewhere.example/';
    }
  }

  function createReported() {
    const report = vi.fn();
    const scope = Object.assign(new EventTarget(), { SecurityPolicyViolationEvent: Violation });
    reportPolicyViolations(scope as never, report);
    return { scope, report };
  }

  it('reports the directive and what it blocked', () => {
    const { scope, report } = createReported();
    scope.dispatchEvent(new Violation('securitypolicyviolation'));
    expect(report.mock.calls).toEqual([['connect-src', 'https://elsewhere.example/']]);
  });

  it('cannot be kept from it by listeners or by what is changed later', () => {
    const { scope, report } = createReported();
    scope.addEventListener('securitypolicyviolation', (event) => event.stopImmediatePropagation(), true);
    const { prototype } = Violation;
    const original = Object.getOwnPropertyDescriptor(prototype, 'effectiveDirective')!;
    const call = vi.spyOn(Function.prototype, 'call').mockReturnValue('nothing');
    Object.defineProperty(prototype, 'effectiveDirective', { get: () => 'nothing', configurable: true });
    try {
      scope.dispatchEvent(new Violation('securitypolicyviolation'));
    } finally {
      call.mockRestore();
      Object.defineProperty(prototype, 'effectiveDirective', original);
    }
    expect(report.mock.calls).toEqual([['connect-src', 'https://elsewhere.example/']]);
  });
});
