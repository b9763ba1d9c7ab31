import type { FileKey } from '../store/weight-store.ts';

/** How far a download is, perhaps one that another tab does. */
export interface DownloadNews extends FileKey {
  loaded: number;
  /** 0 until known. */
  total: number;
}

/** Tells all tabs, this one included, how downloads go. */
export interface NewsChannel {
  tell(news: DownloadNews): void;
  /** Returns the function that ends it. */
  listen(key: FileKey, hear: (news: DownloadNews) => void): () => void;
}

const channelName = 'insitu-downloads';

/** @param alone Whether other tabs have nothing to do with it. */
export function openNewsChannel(alone = false): NewsChannel {
  const listeners = new Set<(news: DownloadNews) => void>();
  const spread = (news: DownloadNews) => {
    for (const hear of listeners) hear(news);
  };
  const channel = alone ? undefined : openChannel();
  channel?.addEventListener('message', ({ data }: MessageEvent<DownloadNews>) => spread(data));
  return {
    tell(news) {
      // A channel does not hear itself.
      spread(news);
      channel?.postMessage(news);
    },
    listen(key, hear) {
      const receive = (news: DownloadNews) => {
        if (news.model === key.model && news.path === key.path) hear(news);
      };
      listeners.add(receive);
      return () => listeners.delete(receive);
    },
  };
}

function openChannel(): BroadcastChannel | undefined {
  try {
    const channel = new BroadcastChannel(channelName);
    // Only Node has this: there, an open channel would keep the process alive.
    (channel as { unref?(): void }).unref?.();
    return channel;
  } catch {
    // Opaque origins have no other tabs.
    return undefined;
  }
}
