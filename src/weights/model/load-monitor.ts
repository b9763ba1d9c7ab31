import type { InsituError } from '../../errors/insitu-error.ts';
import type { ByteSource, FileLoadEvent, LoadEvent } from '../../protocol/load-event.ts';
import type { DevicePlan } from '../../protocol/device-plan.ts';

const progressIntervalMs = 40;

interface FileProgress {
  loaded: number;
  total: number;
  totalKnown: boolean;
  begun: boolean;
  source: ByteSource;
  reportedAt: number;
  /** Reports what the last interval left out: the truth must show also when nothing more comes. */
  due?: ReturnType<typeof setTimeout> | undefined;
}

/** Counts the bytes of one load and reports them. */
export interface LoadMonitor {
  /** What has arrived so far. */
  readonly bytes: number;
  /** A file that this load will want, and its size where that is known. Announce all that are known before the first arrives: they make the total. */
  announce(file: string, size?: number, source?: ByteSource): void;
  /** The model has no such file: it leaves the total. */
  withdraw(file: string): void;
  /**
   * Its size is known (0 where no header tells) and its next byte is due.
   *
   * @param loaded Bytes that are here already. @default 0
   */
  begin(file: string, total: number, source: ByteSource, loaded?: number): void;
  add(file: string, bytes: number): void;
  end(file: string): void;
  /** The browser's storage has all files of this load. */
  stored(): void;
  /** The files of this load will not be in the browser's storage. Told once. */
  notStored(reason: InsituError): void;
  ready(plan: DevicePlan): void;
}

/**
 * A {@link LoadMonitor} that emits at most 25 progress events a second for each file.
 *
 * @param emit Receives the events.
 * @param now Clock in milliseconds.
 */
export function createLoadMonitor(
  emit: (event: LoadEvent) => void,
  now: () => number = () => performance.now(),
): LoadMonitor {
  const files = new Map<string, FileProgress>();
  const sum = { loaded: 0, total: 0, progress: 0 };
  let told = false;

  const sums = () => {
    let loaded = 0;
    let total = 0;
    let known = true;
    for (const file of files.values()) {
      loaded += file.loaded;
      total += Math.max(file.total, file.loaded);
      known &&= file.totalKnown;
    }
    sum.loaded = Math.max(sum.loaded, loaded);
    sum.total = Math.max(sum.total, total);
    if (known && total > 0) sum.progress = Math.max(sum.progress, loaded / total);
    return sum;
  };

  const report = (status: FileLoadEvent['status'], name: string, file: FileProgress) => {
    file.reportedAt = now();
    clearTimeout(file.due);
    file.due = undefined;
    emit({
      status,
      file: name,
      fileLoaded: file.loaded,
      fileTotal: file.totalKnown ? Math.max(file.total, file.loaded) : 0,
      source: file.source,
      ...sums(),
    });
  };

  const progressOf = (name: string, source: ByteSource = 'network'): FileProgress => {
    let file = files.get(name);
    if (!file) {
      file = { loaded: 0, total: 0, totalKnown: false, begun: false, source, reportedAt: -Infinity };
      files.set(name, file);
      report('initiate', name, file);
    }
    return file;
  };

  return {
    get bytes() {
      return sums().loaded;
    },
    announce(name, size, source) {
      const file = progressOf(name, source);
      if (size !== undefined && !file.totalKnown) Object.assign(file, { total: size, totalKnown: true });
    },
    withdraw(name) {
      clearTimeout(files.get(name)?.due);
      files.delete(name);
    },
    begin(name, total, source, loaded = 0) {
      const file = progressOf(name);
      const { begun } = file;
      Object.assign(file, { loaded, total, totalKnown: total > 0, begun: true, source });
      report(begun ? 'progress' : 'download', name, file);
    },
    add(name, bytes) {
      const file = progressOf(name);
      file.loaded += bytes;
      if (now() - file.reportedAt >= progressIntervalMs) report('progress', name, file);
      else file.due ??= setTimeout(() => report('progress', name, file), progressIntervalMs);
    },
    end(name) {
      const file = progressOf(name);
      Object.assign(file, { total: file.loaded, totalKnown: true });
      report('done', name, file);
    },
    stored: () => emit({ status: 'stored', ...sums(), progress: 1 }),
    notStored({ code, message, hint }) {
      if (told) return;
      told = true;
      emit({ status: 'not-stored', code, message, hint, ...sums() });
    },
    ready(plan) {
      const { loaded, total } = sums();
      const sources = new Set([...files.values()].map((file) => file.source));
      const source = (['network', 'store', 'disk'] as const).find((kind) => sources.has(kind)) ?? 'memory';
      emit({ status: 'ready', loaded, total, progress: 1, source, plan });
    },
  };
}
