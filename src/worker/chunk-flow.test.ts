import { describe, expect, it } from 'vitest';
import { createChunkFlow } from './chunk-flow.ts';

/** A flow with as many pieces on the way as it takes. */
async function fill(signal = new AbortController().signal) {
  const flow = createChunkFlow(signal);
  let sent = 0;
  while (await isSettled(flow.keptUp())) {
    flow.sent();
    sent++;
    expect(sent, 'it never holds back').toBeLessThan(1000);
  }
  return { flow, sent };
}

/** Whether a promise settles by what has happened so far. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => void (settled = true);
  promise.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('a flow of pieces', () => {
  it('goes on ahead of its reader, but not far', async () => {
    const { sent } = await fill();
    expect(sent).toBeGreaterThan(1);
    expect(sent).toBeLessThanOrEqual(16);
  });

  it('goes on by one for each that is taken', async () => {
    const { flow } = await fill();
    for (let piece = 0; piece < 20; piece++) {
      flow.taken();
      expect(await isSettled(flow.keptUp())).toBe(true);
      flow.sent();
      expect(await isSettled(flow.keptUp())).toBe(false);
    }
  });

  it('waits until all of a burst but a few are taken', async () => {
    const { flow, sent } = await fill();
    for (let piece = 0; piece < 30; piece++) flow.sent();
    const waiting = flow.keptUp();
    for (let piece = 0; piece < 30; piece++) flow.taken();
    expect(await isSettled(waiting)).toBe(false);
    flow.taken();
    expect(await isSettled(waiting), `of ${sent} that may be on the way, one was taken`).toBe(true);
  });

  it('lets go everybody who waits', async () => {
    const { flow } = await fill();
    const waiting = [flow.keptUp(), flow.keptUp()];
    flow.taken();
    expect(await Promise.all(waiting.map(isSettled))).toEqual([true, true]);
  });

  it('ends with its signal: for whoever waits, and at once for whoever comes later', async () => {
    const controller = new AbortController();
    const { flow } = await fill(controller.signal);
    const waiting = flow.keptUp();
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    flow.taken();
    await expect(flow.keptUp()).rejects.toBe('enough');
  });
});
