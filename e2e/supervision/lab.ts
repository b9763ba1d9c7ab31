import type { Page } from '@playwright/test';
import type { ErrorCode } from 'insitu';
import { type Site, startSite } from '../support/site.ts';
import { test as base, openLibrary } from '../support/test.ts';

/** Words of this model make a run slow (`slow`, about a second each; `brief`, a hundredth of it) or exhaust the memory (`huge`). */
export const stunts = '/models/insitu/stunts/';

/** What became of a call. */
export interface Outcome<T = unknown> {
  value?: T;
  code?: ErrorCode;
  retryable?: boolean;
  /** The message of an error, or what was thrown in its place, as text. */
  message?: string;
  milliseconds: number;
}

/** What a page of these tests has as the global `lab`. */
export interface Lab {
  /** Workers that the library has started and not ended itself. */
  readonly live: Set<Worker>;
  readonly started: number;
  /** Errors and rejections that nobody has handled. */
  readonly faults: string[];
  /** Ends a worker behind the library's back. */
  kill(worker: Worker): void;
  /** Never rejects. */
  outcome<T>(call: Promise<T>): Promise<Outcome<T>>;
  /** Names of the locks that tell of living workers. */
  lifeLocks(): Promise<string[]>;
  /** Resolves when no worker holds the lock any more, with the time. */
  released(lock: string): Promise<number>;
  /** Asks again and again, a moment later each time. */
  until(condition: () => unknown): Promise<void>;
}

declare global {
  var lab: Lab;
}

/** Runs in the page before anything else there. */
function openLab(): void {
  const live = new Set<Worker>();
  const faults: string[] = [];
  const { terminate } = Worker.prototype;
  let started = 0;
  globalThis.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      live.add(this);
      started++;
    }
    override terminate() {
      live.delete(this);
      super.terminate();
    }
  };
  globalThis.addEventListener('error', ({ message }) => faults.push(message));
  globalThis.addEventListener('unhandledrejection', ({ reason }) => faults.push(`unhandled: ${reason}`));

  globalThis.lab = {
    live,
    faults,
    get started() {
      return started;
    },
    kill: (worker) => terminate.call(worker),
    async outcome(call) {
      const start = performance.now();
      const took = () => performance.now() - start;
      try {
        return { value: await call, milliseconds: took() };
      } catch (error) {
        if (!insitu.isInsituError(error)) return { message: String(error), milliseconds: took() };
        const { code, retryable, message } = error;
        return { code, retryable, message, milliseconds: took() };
      }
    },
    async lifeLocks() {
      const { held = [], pending = [] } = await navigator.locks.query();
      const names = [...held, ...pending].map(({ name }) => name ?? '');
      return [...new Set(names)].filter((name) => name.startsWith('insitu worker'));
    },
    released: (lock) => navigator.locks.request(lock, () => performance.now()),
    async until(condition) {
      while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

interface Pages {
  /** Opens the page with the library and {@link Lab}; where it is not isolated, memory cannot be shared. */
  openReady(isolated: boolean): Promise<Page>;
  readyWithoutIsolation: Page;
}

/** `ready`, which is isolated, has {@link Lab} too. */
export const test = base.extend<Pages>({
  page: async ({ page }, use) => {
    await page.addInitScript(openLab);
    await use(page);
  },
  openReady: async ({ page }, use) => {
    const sites: Site[] = [];
    await use(async (isolated) => {
      const site = await startSite({ isolated });
      sites.push(site);
      await openLibrary(page, `${site.url}/pages/module.html`);
      return page;
    });
    await Promise.all(sites.map((site) => site.close()));
  },
  readyWithoutIsolation: async ({ openReady }, use) => use(await openReady(false)),
});

export { expect } from '../support/test.ts';
