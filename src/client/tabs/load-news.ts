import type { FileLoadEvent, LoadEvent, ReadyLoadEvent } from '../../protocol/load-event.ts';

/** What was last told of a load, for those who come to it later. */
export interface LoadNews {
  take(event: LoadEvent): void;
  /** Tells all of it again. */
  retell(listener: (event: LoadEvent) => void): void;
}

export function createLoadNews(): LoadNews {
  const files = new Map<string, FileLoadEvent>();
  let ready: ReadyLoadEvent | undefined;
  let stored: LoadEvent | undefined;
  return {
    take(event) {
      if (event.status === 'ready') ready = event;
      else if (event.status === 'stored' || event.status === 'not-stored') stored = event;
      else files.set(event.file, event);
    },
    retell(listener) {
      if (ready) listener({ ...ready, source: 'memory' });
      else for (const event of files.values()) listener(event);
      if (stored) listener(stored);
    },
  };
}
