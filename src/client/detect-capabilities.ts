import type { Capabilities } from '../protocol/capabilities.ts';
import { type AssetOptions, loadPart } from './optional-part.ts';

/** What `dist/capabilities.js` exports. */
interface CapabilitiesPart {
  detectCapabilities(): Promise<Capabilities>;
}

/**
 * Finds out what this browser can do. No worker is started; of the library, one small file is loaded.
 *
 * @throws InsituError `WORKER_START_FAILED`, `ASSET_IS_HTML`, `CSP_BLOCKED` if that file is not there.
 *
 * @example
 * const { plan, crossOriginIsolated } = await detectCapabilities();
 * console.log(plan.threads, plan.reasons.join(' '));
 */
export async function detectCapabilities(options: Pick<AssetOptions, 'assetBase'> = {}): Promise<Capabilities> {
  const usual = new URL('./capabilities.js', import.meta.url);
  const part = await loadPart<CapabilitiesPart>('capabilities.js', usual, options);
  return part.detectCapabilities();
}
