/** Tells the page what was tried. `detail` says with what, where that is known. */
export type ReportAttempt = (what: string, detail: string) => void;

/**
 * What an opaque origin refuses without an event: by an exception that the offender can catch, by silence, or by not having it. (What
 * goes to the network has the policy's `securitypolicyviolation`.)
 */
const globals = [
  'BroadcastChannel',
  'RTCPeerConnection',
  'SharedWorker',
  'WebTransport',
  'Worker',
  'caches',
  'close',
  'cookieStore',
  'importScripts',
  'indexedDB',
  'localStorage',
  'opener',
  'parent',
  'sessionStorage',
  'top',
  'webkitRequestFileSystem',
  'webkitRequestFileSystemSync',
  'webkitResolveLocalFileSystemSyncURL',
  'webkitResolveLocalFileSystemURL',
];
const ofNavigator = ['sendBeacon', 'serviceWorker', 'storage', 'storageBuckets'];

/**
 * Puts something that reports in the place of all that. Must run before any code that is not trusted, and keeps what it uses: nothing
 * that such code changes later reaches it.
 */
export function guardScope(scope: object, report: ReportAttempt): void {
  for (const name of globals) guard(scope, name, name, report);
  const { navigator } = scope as { navigator?: object };
  for (const name of navigator ? ofNavigator : []) guard(navigator!, name, `navigator.${name}`, report);
}

function guard(target: object, name: string, what: string, report: ReportAttempt): void {
  const substitute = isFunction(target, name)
    ? { value: createRefusal(what, report), writable: false }
    : // As `undefined` it looks to others as if the browser had none, as it should.
      { get: () => report(what, '') };
  for (let holder: object | null = target; holder; holder = Object.getPrototypeOf(holder) as object | null) {
    if (holder !== target && !Object.hasOwn(holder, name)) continue;
    // Said out loud: a property that is there already keeps what is not.
    Object.defineProperty(holder, name, { ...substitute, configurable: false, enumerable: false });
  }
}

/** Some refuse even to be looked at. */
function isFunction(target: object, name: string): boolean {
  try {
    return typeof (target as Record<string, unknown>)[name] === 'function';
  } catch {
    return false;
  }
}

/** Can be called and constructed, like what it stands for. */
function createRefusal(what: string, report: ReportAttempt): (first: unknown) => never {
  const Refusal = DOMException;
  return function refuse(first) {
    report(what, typeof first === 'string' ? first : '');
    throw new Refusal(`${what} is not for an isolated worker.`, 'SecurityError');
  };
}

interface ViolationScope {
  addEventListener(type: 'securitypolicyviolation', listener: (event: object) => void, capture: boolean): void;
  SecurityPolicyViolationEvent: { prototype: object };
}

/** Reports what the policy refuses. Like {@link guardScope}, it must come first: then no listener can keep the event from it. */
export function reportPolicyViolations(scope: ViolationScope, report: ReportAttempt): void {
  const { prototype } = scope.SecurityPolicyViolationEvent;
  const readDirective = getterOf(prototype, 'effectiveDirective');
  const readBlocked = getterOf(prototype, 'blockedURI');
  scope.addEventListener('securitypolicyviolation', (event) => report(readDirective(event), readBlocked(event)), true);
}

function getterOf(prototype: object, name: string): (of: object) => string {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name)!;
  // A bound `call` looks up nothing when it is used.
  return Function.prototype.call.bind(get!) as (of: object) => string;
}
