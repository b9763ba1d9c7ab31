import { cspFailure } from '../../errors/csp-violations.ts';
import type { FrameMessage, FrameStart } from '../../protocol/isolation.ts';
import { type Heartbeat, startHeartbeat } from '../workers/heartbeat.ts';
import type { FramePage } from './frame-page.ts';

/** A frame with nothing in it but a short script is there at once, on any machine that is not standing still. */
const startPatienceMs = 15_000;
const doubtfulPatienceMs = 4000;

/** The frame's own thread has nothing to do but answer. */
const framePatienceMs = 20_000;

export interface FrameTenant {
  start: FrameStart;
  /** The worker's channel, and the port of its assets. */
  ports: readonly [MessagePort, MessagePort];
  /** Removes the frame. */
  signal: AbortSignal;
  /** The worker has ended, or the frame around it. */
  onDeath(cause: Error): void;
  /** A policy stopped something in the frame. Its own is made so that nothing in it is. */
  onRefusal(directive: string): void;
  /** The worker spoke past its channel. */
  onStrange(): void;
}

/**
 * Puts a hidden, sandboxed frame into the page, which starts a worker.
 *
 * @throws InsituError `CSP_BLOCKED`, `WORKER_START_FAILED`
 */
export async function showFrame(page: FramePage, tenant: FrameTenant): Promise<void> {
  const { start, ports, signal, onDeath, onRefusal, onStrange } = tenant;
  signal.throwIfAborted();
  const frame = createFrame(page);
  const { port1: line, port2 } = new MessageChannel();
  let heartbeat: Heartbeat | undefined;
  const removal = new MutationObserver(() => {
    if (!frame.isConnected) onDeath(new Error('its frame was removed from the page'));
  });
  const remove = () => {
    heartbeat?.stop();
    removal.disconnect();
    frame.remove();
    line.close();
  };
  signal.addEventListener('abort', remove);

  try {
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    // Not into the body, which applications replace.
    document.documentElement.append(frame);
    removal.observe(document.documentElement, { childList: true });
    await within(startPatienceMs, loaded, page, signal);
    // A frame that was refused has loaded an error page.
    const refused = await cspFailure('The frame of an isolated model', page.url);
    if (refused) throw refused;
    const up = new Promise<void>((resolve) => {
      line.onmessage = ({ data }: MessageEvent<FrameMessage>) => {
        heartbeat?.sign();
        if (data.type === 'up') resolve();
        else if (data.type === 'refused') onRefusal(data.directive);
        else if (data.type === 'died') onDeath(new Error(data.message ?? 'no reason given'));
        else if (data.type === 'strange') onStrange();
      };
    });
    frame.contentWindow!.postMessage(start, '*', [port2, ...ports]);
    await within(page.doubtful ? doubtfulPatienceMs : startPatienceMs, up, page, signal);
    // The browser has no event for a frame whose process has ended.
    heartbeat = startHeartbeat({
      timeout: framePatienceMs,
      awaited: () => true,
      ping: () => line.postMessage(null),
      silent: () => onDeath(new Error('its frame does not answer')),
    });
  } catch (error) {
    remove();
    throw error;
  }
}

function createFrame({ url, text }: FramePage): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  const attributes = { sandbox: 'allow-scripts', allow: '', 'aria-hidden': 'true', tabindex: '-1', title: 'insitu' };
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  frame.referrerPolicy = 'no-referrer';
  frame.hidden = true;
  // Against a style sheet that shows all frames.
  frame.style.setProperty('display', 'none', 'important');
  if (text === undefined) frame.src = url;
  else frame.srcdoc = text;
  return frame;
}

/** @throws Why the frame may have failed, when nothing happens; the signal's reason. */
async function within(
  milliseconds: number,
  work: Promise<unknown>,
  page: FramePage,
  signal: AbortSignal,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = () => {};
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(page.failure()), milliseconds);
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
