/** Whether the page is stopped: in the back/forward cache, about to be, or frozen by the browser. */
export interface PageSleep {
  readonly asleep: boolean;
  /** Resolves when it is not. */
  awake(): Promise<void>;
  stop(): void;
}

export interface PageSleepParts {
  /** The last moment to do something. */
  onSleep(): void;
  onWake(): void;
}

export function watchPageSleep({ onSleep, onWake }: PageSleepParts): PageSleep {
  const waking: (() => void)[] = [];
  const ended = new AbortController();
  const { signal } = ended;
  let asleep = false;

  const fallAsleep = () => {
    if (asleep) return;
    asleep = true;
    onSleep();
  };
  const wake = () => {
    if (!asleep) return;
    asleep = false;
    for (const resolve of waking.splice(0)) resolve();
    onWake();
  };
  // Workers and tests have no such events.
  globalThis.addEventListener?.('pagehide', fallAsleep, { signal });
  globalThis.addEventListener?.('pageshow', wake, { signal });
  globalThis.document?.addEventListener('freeze', fallAsleep, { signal });
  globalThis.document?.addEventListener('resume', wake, { signal });

  return {
    get asleep() {
      return asleep;
    },
    async awake() {
      if (asleep) await new Promise<void>((resolve) => waking.push(resolve));
    },
    stop() {
      ended.abort();
    },
  };
}
