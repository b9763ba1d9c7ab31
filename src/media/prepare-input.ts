import { abortable } from '../errors/abort.ts';
import type { AudioSource, ImageSource, PreparedInput } from '../protocol/media.ts';
import { audioSourceOf } from './audio-source.ts';
import { imageSourceOf } from './image-source.ts';

/**
 * Makes an input ready to cross the thread: an image, a sound, or an array of them. What the user passed stays usable. Nothing is
 * decoded here but what only a page can decode.
 *
 * @param decodeRate To what rate the browser decodes compressed sound, in hertz: the model's own, where that is known.
 * @throws InsituError `INPUT_INVALID`; `NETWORK`, `OFFLINE`, `HTTP_STATUS`, `ASSET_IS_HTML`, `CSP_BLOCKED` for what a URL names;
 * the signal's reason when aborted.
 */
export async function prepareInput(
  input: unknown,
  takes: 'image' | 'audio',
  signal?: AbortSignal,
  decodeRate = 48_000,
): Promise<PreparedInput> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const ready: (ImageSource | AudioSource)[] = [];
  const prepare = async (item: unknown, what: string) => {
    const source =
      takes === 'image'
        ? await imageSourceOf(item, what, stop.signal)
        : await audioSourceOf(item, what, decodeRate, stop.signal);
    if (stop.signal.aborted) release(source);
    else ready.push(source);
    return source;
  };
  try {
    const value = Array.isArray(input)
      ? await abortable(Promise.all(input.map((item, index) => prepare(item, `The input's item ${index}`))), signal)
      : await abortable(prepare(input, 'The input'), signal);
    return { value, transfer: ready.flatMap(transferablesOf) };
  } catch (error) {
    stop.abort(error);
    ready.forEach(release);
    throw error;
  }
}

function transferablesOf(source: ImageSource | AudioSource): Transferable[] {
  switch (source.kind) {
    case 'image-blob':
      return [];
    case 'image-bitmap':
      return [source.bitmap];
    case 'image-frame':
      return [source.frame];
    case 'image-pixels':
      return [source.data.buffer];
    case 'audio-file':
      return [source.bytes];
    case 'audio-samples':
      return source.channels.map((channel) => channel.buffer);
  }
}

/** Images hold memory that the garbage collector does not see. */
function release(source: ImageSource | AudioSource): void {
  if (source.kind === 'image-bitmap') source.bitmap.close();
  if (source.kind === 'image-frame') source.frame.close();
}
