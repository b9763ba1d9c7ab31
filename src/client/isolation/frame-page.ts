import { InsituError } from '../../errors/insitu-error.ts';
import { fetchAsset } from './fetch-asset.ts';

/** The page of the frame, before it is one. */
export interface FramePage {
  url: string;
  /** Its text, where its address is of another origin: a page may frame that, but not be sure of what comes. */
  text: string | undefined;
  /** What the server sent with it may forbid it. */
  doubtful: boolean;
  /** Why the browser may have refused it, judging by that. */
  failure(cause?: unknown): InsituError;
}

/** It names the element that only our page has. */
const mark = '<script type="text/plain" id="worker">';
const exempt = 'Serve isolated-frame.html without that header: the page brings a stricter policy itself.';

/**
 * Fetches the page that a sandboxed frame will show. Another page in its place, as some servers send for every unknown address, would
 * run the application a second time.
 *
 * @throws InsituError `WORKER_START_FAILED`, `ASSET_IS_HTML`, `CSP_BLOCKED`
 */
export async function fetchFramePage(url: string, signal: AbortSignal): Promise<FramePage> {
  const { headers, ...response } = await readText(url, signal);
  if (!response.text.includes(mark)) {
    throw new InsituError('WORKER_START_FAILED', `The page of the frame at ${url} is not the one of insitu.`, {
      hint: "Serve the files of insitu's `dist` folder side by side and unchanged, or pass `assetBase` to `createClient`.",
    });
  }
  const sameOrigin = new URL(url).origin === globalThis.location.origin;
  return {
    url,
    text: sameOrigin ? undefined : response.text,
    doubtful: !sameOrigin || ['content-security-policy', 'x-frame-options'].some((name) => headers.has(name)),
    failure: (cause) => failureOf(url, sameOrigin, headers, cause),
  };
}

async function readText(url: string, signal: AbortSignal): Promise<{ text: string; headers: Headers }> {
  const response = await fetchAsset(url, 'The page of the frame', { signal });
  return { text: await response.text(), headers: response.headers };
}

function failureOf(url: string, sameOrigin: boolean, headers: Headers, cause: unknown): InsituError {
  if (!sameOrigin) {
    return new InsituError('CSP_BLOCKED', `The frame with the page of ${url} did not start.`, {
      hint: "The page's own Content-Security-Policy holds in it. Serve the files of insitu from the page's origin, or allow `script-src 'wasm-unsafe-eval' blob:`, the hash of the frame's script and `worker-src blob:`.",
      cause,
    });
  }
  const policy = headers.get('content-security-policy');
  if (policy) {
    return new InsituError('CSP_BLOCKED', `${url} was served with the header Content-Security-Policy: ${policy}`, {
      hint: exempt,
      cause,
    });
  }
  const framing = headers.get('x-frame-options');
  if (framing) {
    return new InsituError('CSP_BLOCKED', `${url} was served with the header X-Frame-Options: ${framing}`, {
      hint: exempt,
      cause,
    });
  }
  if (globalThis.crossOriginIsolated && !headers.has('cross-origin-embedder-policy')) {
    return new InsituError('WORKER_START_FAILED', `${url} was served without Cross-Origin-Embedder-Policy.`, {
      hint: 'A page with that header can frame only pages with it: send `Cross-Origin-Embedder-Policy: require-corp` with isolated-frame.html too.',
      cause,
    });
  }
  return new InsituError('WORKER_START_FAILED', `The frame ${url} did not start, or was ended.`, {
    hint: "See the cause, or the browser's console.",
    retryable: true,
    cause,
  });
}
