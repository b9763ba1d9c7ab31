import { type AssetOptions, loadPart } from './optional-part.ts';
import type { Weights, createWeights } from './weights.ts';

/** What `dist/weights.js` exports. */
interface WeightsPart {
  createWeights: typeof createWeights;
}

const names = [
  'prefetch',
  'has',
  'list',
  'remove',
  'clear',
  'usage',
  'persist',
  'pin',
  'verify',
  'exportPack',
  'importPack',
] satisfies (keyof Weights)[];

/** The methods of `weights`, in a file that is loaded with the first call of one. */
export function createLazyWeights(options: AssetOptions, ...parts: Parameters<typeof createWeights>): Weights {
  let weights: Promise<Weights> | undefined;
  const load = async () => {
    try {
      const part = await loadPart<WeightsPart>('weights.js', new URL('./weights.js', import.meta.url), options);
      return part.createWeights(...parts);
    } catch (error) {
      weights = undefined;
      throw error;
    }
  };
  const method =
    (name: keyof Weights) =>
    async (...given: unknown[]) => {
      parts[0].requireOpen();
      const loaded = await (weights ??= load());
      return (loaded[name] as (...given: unknown[]) => unknown)(...given);
    };
  return Object.fromEntries(names.map((name) => [name, method(name)])) as unknown as Weights;
}
