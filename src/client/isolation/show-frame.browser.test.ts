import { afterEach, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { FramePage } from './frame-page.ts';
import { type FrameTenant, showFrame } from './show-frame.ts';

const ending = new Set<AbortController>();
afterEach(() => {
  for (const controller of ending) controller.abort();
  ending.clear();
  vi.useRealTimers();
});

const failure = new InsituError('WORKER_START_FAILED', 'It did not start.', { hint: 'None.' });

/** A page whose script says at once what it is told to say, and later what comes by the channel. */
function pageThatSays(messages: object[], { answers = true } = {}): FramePage {
  const script = `addEventListener('message', ({ ports: [line, channel] }) => {
    for (const message of ${JSON.stringify(messages)}) line.postMessage(message);
    channel.onmessage = ({ data }) => line.postMessage(data);
    if (${answers}) line.onmessage = () => line.postMessage({ type: 'pong' });
  })`;
  const text = `<!doctype html><script>${script}</script>`;
  return { url: 'https://cdn.example/frame.html', text, doubtful: false, failure: () => failure };
}

function createTenant() {
  const controller = new AbortController();
  ending.add(controller);
  const [channel, assets] = [new MessageChannel(), new MessageChannel()];
  const told = { onDeath: vi.fn(), onRefusal: vi.fn(), onStrange: vi.fn() };
  const tenant: FrameTenant = {
    start: { worker: new Blob() },
    ports: [channel.port2, assets.port2],
    signal: controller.signal,
    ...told,
  };
  return { tenant, ...told, controller, say: (message: object) => channel.port1.postMessage(message) };
}

const frames = () => document.querySelectorAll('iframe[title=insitu]');
const up = { type: 'up' };

it('a frame is in a sandbox, seen by nobody, and gone when it is no longer wanted', async () => {
  const { tenant, controller, onDeath } = createTenant();
  await showFrame(pageThatSays([up]), tenant);
  const [frame] = frames() as NodeListOf<HTMLIFrameElement>;
  expect(frame!.getAttribute('sandbox')).toBe('allow-scripts');
  expect(frame!.getAttribute('allow')).toBe('');
  expect(frame!.referrerPolicy).toBe('no-referrer');
  expect([frame!.checkVisibility(), frame!.ariaHidden, frame!.tabIndex]).toEqual([false, 'true', -1]);
  expect(frame!.contentDocument).toBeNull();
  controller.abort();
  expect(frames()).toHaveLength(0);
  expect(onDeath).not.toHaveBeenCalled();
});

it('what the frame tells reaches whom it concerns', async () => {
  const { tenant, say, onDeath, onRefusal, onStrange } = createTenant();
  await showFrame(pageThatSays([up]), tenant);
  say({ type: 'strange' });
  say({ type: 'refused', directive: 'worker-src' });
  say({ type: 'died', message: 'thrown' });
  await vi.waitFor(() => expect(onDeath).toHaveBeenCalledWith(new Error('thrown')));
  expect(onRefusal.mock.calls).toEqual([['worker-src']]);
  expect(onStrange).toHaveBeenCalledTimes(1);
});

it('a frame that somebody removes has died', async () => {
  const { tenant, onDeath } = createTenant();
  await showFrame(pageThatSays([up]), tenant);
  document.body.replaceChildren();
  document.documentElement.append(document.createElement('div'));
  await Promise.resolve();
  expect(onDeath).not.toHaveBeenCalled();
  frames()[0]!.remove();
  await vi.waitFor(() => expect(onDeath).toHaveBeenCalledTimes(1));
});

it('a frame that answers lives; when it does not any more, it has died', async () => {
  const { tenant, say, onDeath, onStrange } = createTenant();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  await showFrame(pageThatSays([up], { answers: true }), tenant);
  for (let tick = 1; tick <= 20; tick++) {
    vi.advanceTimersByTime(2500);
    // Comes back after the answer.
    say({ type: 'strange' });
    await vi.waitFor(() => expect(onStrange).toHaveBeenCalledTimes(tick));
  }
  expect(onDeath).not.toHaveBeenCalled();

  const silent = createTenant();
  await showFrame(pageThatSays([up], { answers: false }), silent.tenant);
  await vi.waitFor(() => {
    vi.advanceTimersByTime(2500);
    expect(silent.onDeath).toHaveBeenCalledWith(new Error('its frame does not answer'));
  });
});

it('a page that says nothing is given up with its own reason, and its frame removed', async () => {
  const { tenant } = createTenant();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const outcome = showFrame(pageThatSays([]), tenant).catch((error: unknown) => error);
  let settled = false;
  void outcome.then(() => (settled = true));
  expect(frames()).toHaveLength(1);
  while (!settled) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    vi.advanceTimersByTime(500);
  }
  expect(await outcome).toBe(failure);
  expect(frames()).toHaveLength(0);
});

it('an abort while the frame starts ends it', async () => {
  const { tenant, controller } = createTenant();
  const outcome = showFrame(pageThatSays([]), tenant);
  controller.abort('enough');
  await expect(outcome).rejects.toBe('enough');
  expect(frames()).toHaveLength(0);
  await expect(showFrame(pageThatSays([up]), tenant)).rejects.toBe('enough');
  expect(frames()).toHaveLength(0);
});
