import type { AssetOptions } from './optional-part.ts';
import { loadPart } from './optional-part.ts';
import { isOutOfMemory } from './models/memory-keeper.ts';
import type { RunOfModel } from './models/dispatcher.ts';
import type { ModelHandle } from './models/model-host.ts';
import { crashed } from './workers/connection.ts';
import { isRetirement } from './workers/retirement.ts';
import type { PreparedInput } from '../protocol/media.ts';

/** What `dist/media.js` exports. */
interface MediaPart {
  prepareInput(
    input: unknown,
    takes: 'image' | 'audio',
    signal: AbortSignal | undefined,
    sampleRate: number | undefined,
  ): Promise<PreparedInput>;
}

/**
 * Runs a model on what was passed: pictures and recordings are made ready for the way to the worker first. They go there without a copy,
 * so a run that has to be begun anew prepares them anew; what was handed over by the caller cannot be sent again.
 */
export async function runPrepared(
  options: AssetOptions,
  handle: Pick<ModelHandle, 'takes' | 'sampleRate' | 'run'>,
  run: RunOfModel,
): Promise<unknown> {
  const { takes } = handle;
  let heard = false;
  const onChunk: RunOfModel['onChunk'] =
    run.onChunk &&
    ((chunk, taken) => {
      heard = true;
      run.onChunk!(chunk, taken);
    });
  const attempt = async () => {
    if (takes === 'text') return handle.run({ ...run, onChunk });
    const { prepareInput } = await loadPart<MediaPart>('media.js', new URL('./media.js', import.meta.url), options);
    const [first, ...others] = run.inputs;
    const { value, transfer } = await prepareInput(first, takes, run.signal, handle.sampleRate);
    return handle.run({ ...run, inputs: [value, ...others], transfer, onChunk });
  };
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      const again =
        !heard &&
        !run.transfer &&
        (isRetirement(error) || (takes !== 'text' && isOutOfMemory(error) && attempts === 1));
      if (!again)
        throw isRetirement(error)
          ? crashed('The worker was ended in the middle of the stream, or of a run whose input it had.', error)
          : error;
    }
  }
}
