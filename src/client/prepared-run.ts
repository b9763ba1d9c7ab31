import type { runLive } from '../media/live-audio/run-live.ts';
import type { AssetOptions } from './optional-part.ts';
import { askedUrl, loadPart } from './optional-part.ts';
import { isOutOfMemory } from './models/memory-keeper.ts';
import type { RunOfModel } from './models/dispatcher.ts';
import type { ModelHandle } from './models/model-host.ts';
import { crashed } from './workers/connection.ts';
import { isRetirement } from './workers/retirement.ts';
import type { InputKind } from '../protocol/worker-api.ts';
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

/** What `dist/live-audio.js` exports. */
interface LivePart {
  runLive: typeof runLive;
}

/** By its name: it can be of another realm. */
const isTrack = (input: unknown): input is MediaStreamTrack | MediaStream =>
  /^\[object MediaStream(Track)?\]$/.test(Object.prototype.toString.call(input));

/** What has to be made ready. */
const media: ReadonlySet<unknown> = new Set(['image', 'audio', 'live-audio'] satisfies InputKind[]);

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
    // An isolated worker may say anything of itself.
    if (!media.has(takes)) return handle.run({ ...run, onChunk });
    const [first, ...others] = run.inputs;
    if (takes === 'live-audio' && onChunk && isTrack(first)) {
      const part = await loadPart<LivePart>('live-audio.js', new URL('./live-audio.js', import.meta.url), options);
      return part.runLive(first, {
        rate: handle.sampleRate!,
        workletUrl: askedUrl('audio-worklet.js', options) ?? new URL('./audio-worklet.js', import.meta.url),
        signal: run.signal,
        run: (block) => handle.run({ ...run, inputs: [block, ...others], onChunk: undefined }),
        onChunk,
      });
    }
    const { prepareInput } = await loadPart<MediaPart>('media.js', new URL('./media.js', import.meta.url), options);
    const { value, transfer } = await prepareInput(
      first,
      takes === 'image' ? takes : 'audio',
      run.signal,
      handle.sampleRate,
    );
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
