import { fromErrorRecord } from '../../protocol/reply.ts';
import type { CheckedClientOptions } from '../client-options.ts';
import type { ModelHost } from '../models/model-host.ts';
import type { Observe } from '../observe/observer.ts';
import type { ClientStats } from '../observe/stats.ts';
import { loadPart } from '../optional-part.ts';
import type { SharedHost, SharedHostParts } from './shared-host.ts';

/** What `dist/tabs.js` exports. */
export interface TabsPart {
  openSharedHost(parts: SharedHostParts): SharedHost;
}

/** Hosts models for all tabs, with a part of the library that is loaded when it is needed. */
export function createTabsHost(
  options: CheckedClientOptions,
  openHost: () => ModelHost,
  observe: Observe,
): { host: ModelHost; tab: () => ClientStats['tab'] } {
  let shared: SharedHost | undefined;
  let opening: Promise<SharedHost> | undefined;
  const load = async (): Promise<SharedHost> => {
    try {
      const part = await loadPart<TabsPart>('tabs.js', new URL('./tabs.js', import.meta.url), options);
      return (shared = part.openSharedHost({ options, openHost, observe, toError: fromErrorRecord }));
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const open = () => (opening ??= load());
  return {
    host: {
      load: async (...given) => (await open()).load(...given),
      stats: async () => (await open()).stats(),
      close: async (reason) => (await opening)?.close(reason),
    },
    tab: () => shared?.role ?? 'guest',
  };
}
