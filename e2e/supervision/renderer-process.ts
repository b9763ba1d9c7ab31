import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Page, expect } from '@playwright/test';
import { findBrowserPid } from '../../bench/store/memory-watch.mjs';
import { anonymousBytes, readFamily } from '../../bench/store/process-memory.mjs';

/** The process of the operating system in which a page and its workers live. */
export interface RendererProcess {
  /** Bytes it holds, without what files back, when it has given back what it gives back. */
  restingBytes(): Promise<number>;
  /** Milliseconds of processor time that it and its threads have taken. */
  processorTime(): number;
}

/** Of all processes of a browser, the page's is the one that has a worker's thread when the page has a worker. */
export async function findRenderer(page: Page): Promise<RendererProcess> {
  const browser = await findBrowserPid(page.context());
  const worker = await page.evaluateHandle(() => new Worker(URL.createObjectURL(new Blob(['']))));
  let found: number[] = [];
  await expect
    .poll(() => (found = readFamily(browser).filter(hasWorkerThread)).length, {
      message: 'processes with a worker; there must be no other page with one',
    })
    .toBe(1);
  await worker.evaluate((idle) => idle.terminate());
  const [pid] = found;
  return {
    restingBytes: () => settled(() => anonymousBytes(readFileSync(`/proc/${pid}/status`, 'utf8'))),
    processorTime: () => processorTime(readFileSync(`/proc/${pid}/stat`, 'utf8')),
  };
}

function hasWorkerThread(pid: number): boolean {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.some((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').startsWith('DedicatedWorker'),
    );
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** The kernel counts in hundredths of a second. */
const tickMs = 10;

/** @param stat Text of `/proc/<pid>/stat`. */
function processorTime(stat: string): number {
  // The name of the program may contain anything; the state is the first field after it, user and system time the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return tickMs * (Number(fields[11]) + Number(fields[12]));
}

const sampleMs = 100;
/** The browser gives memory back in tasks of low priority, some seconds after it was freed. */
const restMs = 5000;
const smallStep = 1e6;

/** The lowest value, once it has not become clearly lower for a while. */
async function settled(read: () => number): Promise<number> {
  let lowest = read();
  for (let lowestAt = performance.now(); performance.now() - lowestAt < restMs; await delay(sampleMs)) {
    const now = read();
    if (now < lowest - smallStep) lowestAt = performance.now();
    lowest = Math.min(lowest, now);
  }
  return lowest;
}
