import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HeartbeatOptions, startHeartbeat } from './heartbeat.ts';

const page = { visibilityState: 'visible' };
let now = 0;

beforeEach(() => {
  now = 0;
  page.visibilityState = 'visible';
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Time in which the page is awake. */
function pass(milliseconds: number): void {
  for (let rest = milliseconds; rest > 0; rest -= 5) {
    now += 5;
    vi.advanceTimersByTime(5);
  }
}

/** Time in which the page's timers stand still. */
function sleep(milliseconds: number): void {
  now += milliseconds;
}

/** A heartbeat of a worker that somebody waits for, and that asks for a sign every 100 ms. */
function start(options: Partial<HeartbeatOptions> = {}) {
  const heard = { awaited: true };
  const silent = vi.fn();
  const ping = vi.fn();
  const heartbeat = startHeartbeat({ timeout: 800, awaited: () => heard.awaited, ping, silent, ...options });
  return { ...heartbeat, heard, silent, ping };
}

describe('a heartbeat', () => {
  it('notices a silence as soon as it has lasted, and not before', () => {
    const { silent } = start();
    pass(800);
    expect(silent).not.toHaveBeenCalled();
    pass(100);
    expect(silent).toHaveBeenCalledOnce();
  });

  it('asks for signs of life meanwhile', () => {
    const { ping, silent } = start();
    pass(400);
    expect(ping).toHaveBeenCalledTimes(4);
    pass(600);
    expect(silent).toHaveBeenCalled();
    const asked = ping.mock.calls.length;
    pass(100);
    expect(ping, 'a silence that was noticed is asked nothing more').toHaveBeenCalledTimes(asked);
  });

  it.each([
    [100, 20],
    [400, 50],
    [20_000, 2500],
    [120_000, 5000],
  ])('of %i ms asks every %i ms', (timeout, interval) => {
    const { ping } = start({ timeout });
    pass(interval - 5);
    expect(ping).not.toHaveBeenCalled();
    pass(5 + 2 * interval);
    expect(ping).toHaveBeenCalledTimes(3);
  });

  it('begins anew with every sign, whenever it comes', () => {
    const { sign, silent } = start();
    for (const time of [795, 790, 500, 50, 795]) {
      pass(time);
      sign();
    }
    pass(795);
    expect(silent).not.toHaveBeenCalled();
    pass(110);
    expect(silent).toHaveBeenCalledOnce();
  });

  it('asks and counts nothing while nobody waits', () => {
    const { heard, silent, ping } = start();
    heard.awaited = false;
    pass(5000);
    expect(ping).not.toHaveBeenCalled();
    heard.awaited = true;
    pass(795);
    expect(ping).toHaveBeenCalled();
    expect(silent, 'a silence begins with the first who waits').not.toHaveBeenCalled();
    pass(110);
    expect(silent).toHaveBeenCalledOnce();
  });

  it('forgets a silence that nobody waits for any more', () => {
    const { heard, silent } = start();
    pass(700);
    heard.awaited = false;
    pass(100);
    heard.awaited = true;
    pass(795);
    expect(silent).not.toHaveBeenCalled();
    pass(110);
    expect(silent).toHaveBeenCalledOnce();
  });

  it('ends when it is stopped', () => {
    const { stop, silent, ping } = start();
    pass(500);
    stop();
    ping.mockClear();
    pass(5000);
    expect(ping).not.toHaveBeenCalled();
    expect(silent).not.toHaveBeenCalled();
  });
});

describe('time in which the page was not awake', () => {
  it('does not count: it was hidden', () => {
    const { silent, ping } = start();
    page.visibilityState = 'hidden';
    pass(5000);
    expect(ping).not.toHaveBeenCalled();
    page.visibilityState = 'visible';
    pass(795);
    expect(silent).not.toHaveBeenCalled();
    pass(110);
    expect(silent).toHaveBeenCalledOnce();
  });

  it('does not count: its timers stood still', () => {
    const { silent } = start();
    pass(400);
    sleep(3_600_000);
    pass(200);
    expect(silent).not.toHaveBeenCalled();
    pass(500);
    expect(silent, 'the control: it counts what comes after').toHaveBeenCalled();
  });

  it('does not count: its timers were throttled to one in a second', () => {
    const { silent } = start();
    for (let second = 0; second < 4; second++) {
      sleep(900);
      pass(100);
    }
    expect(silent).not.toHaveBeenCalled();
  });

  it('counts where there is no document, as in a worker', () => {
    vi.stubGlobal('document', undefined);
    const { silent } = start();
    pass(900);
    expect(silent).toHaveBeenCalledOnce();
  });
});
