import { type AssetAdvice, assetFailure } from '../../errors/asset-failure.ts';
import { InsituError } from '../../errors/insitu-error.ts';

/**
 * Imports a module script into this worker.
 *
 * @param script Its address, or its text where nothing can be fetched.
 * @param what It is, for messages.
 * @throws InsituError `WORKER_START_FAILED`, `ASSET_IS_HTML`, `CSP_BLOCKED`
 */
export async function importScript(
  script: string | Blob,
  what: string,
  advice: AssetAdvice,
): Promise<Readonly<Record<string, unknown>>> {
  if (typeof script === 'string')
    return importFrom(script).catch(async (error) => {
      throw await assetFailure(script, what, error, advice);
    });
  // Whatever type the server sent it with.
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    return await importFrom(url);
  } catch (error) {
    throw new InsituError('WORKER_START_FAILED', `${what} did not start: ${String(error)}`, {
      hint: 'See the cause. In an isolated worker a module can import no other: bundle it into one file.',
      cause: error,
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

const importFrom = async (url: string) =>
  (await import(/* webpackIgnore: true */ /* @vite-ignore */ url)) as Readonly<Record<string, unknown>>;
