import { InsituError } from './insitu-error.ts';

/** What a Content-Security-Policy refused. */
interface Violation {
  directive: string;
  /** By `performance.now()`. */
  at: number;
  /** Address, or a word such as `wasm-eval` or `inline`. */
  blocked: string;
}

interface ViolationSource {
  addEventListener(
    type: 'securitypolicyviolation',
    listener: (event: { effectiveDirective: string; blockedURI: string; disposition: string }) => void,
  ): void;
}

/** The browser tells of a refusal by an event, and lets the call fail with no reason. */
const seen: Violation[] = [];
const mostSeen = 50;
/** A failure belongs to what was refused just now. */
const recentMs = 15_000;
/** A refused picture of the same host is no reason. */
const relevant = /^(connect|worker|script|child|frame|default)-src/;
let watched: ViolationSource | undefined;

/** Notes what the policy of this page or worker refuses, from now on. */
export function watchCspViolations(source: ViolationSource | undefined): void {
  if (!source || watched === source) return;
  watched = source;
  source.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, disposition }) => {
    if (disposition !== 'enforce' || !relevant.test(effectiveDirective)) return;
    seen.push({ directive: effectiveDirective, blocked: blockedURI, at: performance.now() });
    if (seen.length > mostSeen) seen.shift();
  });
}

/**
 * The error for something that a policy refused, if it did.
 *
 * @param url What was to be fetched or started; browsers report addresses of other origins by their origin alone, and refused
 * WebAssembly by the word `wasm-eval`.
 */
export async function cspFailure(what: string, url: string, cause?: unknown): Promise<InsituError | undefined> {
  if (!watched) return undefined;
  // The call's failure may come before the event.
  await new Promise((resolve) => setTimeout(resolve));
  const { origin } = new URL(url);
  const own = origin === globalThis.location?.origin;
  const refusal = seen.find(
    ({ blocked, at, directive }) =>
      performance.now() - at < recentMs &&
      // The worker of another origin is started by a blob of this one.
      (blocked === url ||
        blocked === origin ||
        blocked === `${origin}/` ||
        (blocked === 'blob' && !own && directive !== 'connect-src')),
  );
  if (refusal) {
    const source = refusal.blocked === 'blob' ? 'blob:' : own ? "'self'" : origin;
    return refused(what, refusal.directive, `does not allow ${url}`, source, cause);
  }
  const text = cause instanceof Error ? cause.message : '';
  if (!/Content.?Security.?Policy|unsafe-eval/i.test(text)) return undefined;
  return refused(what, 'script-src', 'does not allow WebAssembly', "'wasm-unsafe-eval'", cause);
}

function refused(what: string, directive: string, reason: string, source: string, cause: unknown): InsituError {
  return new InsituError(
    'CSP_BLOCKED',
    `${what} was refused by the Content-Security-Policy of the page: ${directive} ${reason}.`,
    { hint: `Add ${source} to ${directive}.`, cause },
  );
}
