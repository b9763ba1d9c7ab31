import { assetFailure } from '../../errors/asset-failure.ts';
import { describe } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import { typeTag } from '../type-tag.ts';
import type { LiveAudioProcessorOptions } from './audio-worklet.ts';

/** What is wanted of the sound of a track. */
export interface LiveAudioOptions {
  /** Samples a second. */
  rate: number;
  /** Samples of each block. */
  blockSize: number;
  /** Where `audio-worklet.js` is. */
  workletUrl: string | URL;
  /** Ends the stream, with its reason. */
  signal?: AbortSignal | undefined;
}

/** How much of the sound waits for a slow reader. */
const bufferSeconds = 10;

/**
 * The sound of a microphone or another track while it is made: mono, -1..1, in whole blocks. The stream ends with the track;
 * cancelling it leaves the track alone, which may be in use elsewhere. A reader who is more than ten seconds behind misses what
 * comes until it has caught up. Where the browser plays no sound before the user has done something, the stream starts with the
 * first click or key.
 *
 * @param source Of a stream, the first audio track.
 * @throws InsituError `INPUT_INVALID` for what is no live audio track. The stream fails with `WORKER_START_FAILED`,
 * `ASSET_IS_HTML` or `CSP_BLOCKED` where the worklet cannot be loaded, with the signal's reason when aborted.
 */
export function openLiveAudio(
  source: MediaStreamTrack | MediaStream,
  options: LiveAudioOptions,
): ReadableStream<Float32Array<ArrayBuffer>> {
  const { rate, blockSize, signal } = options;
  const track = audioTrackOf(source);
  const ended = new AbortController();
  const start = async (controller: ReadableStreamDefaultController<Float32Array<ArrayBuffer>>) => {
    const fail = (reason: unknown) => {
      if (ended.signal.aborted) return;
      ended.abort();
      controller.error(reason);
    };
    const finish = () => {
      if (ended.signal.aborted) return;
      ended.abort();
      controller.close();
    };
    if (signal?.aborted) return fail(signal.reason);
    signal?.addEventListener('abort', () => fail(signal.reason), { signal: ended.signal });
    track.addEventListener('ended', finish, { signal: ended.signal });
    try {
      const port = await listen(track, options, ended.signal);
      port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => {
        // Whoever stops the track on this page gets no event.
        if (track.readyState === 'ended') finish();
        if (!ended.signal.aborted && controller.desiredSize! > 0) controller.enqueue(data);
      };
    } catch (error) {
      fail(error);
    }
  };
  return new ReadableStream(
    { start: (controller) => void start(controller), cancel: (reason) => ended.abort(reason) },
    { highWaterMark: Math.max(2, Math.ceil((bufferSeconds * rate) / blockSize)) },
  );
}

function audioTrackOf(source: MediaStreamTrack | MediaStream): MediaStreamTrack {
  const track = typeTag(source) === 'MediaStream' ? (source as MediaStream).getAudioTracks()[0] : source;
  if (track && 'readyState' in track && track.kind === 'audio' && track.readyState === 'live') return track;
  const what = track && 'readyState' in track ? `its ${track.kind} track is ${track.readyState}` : describe(track);
  throw new InsituError('INPUT_INVALID', `There is no live sound in ${describe(source)}: ${what}.`, {
    hint: 'Pass an audio track, as `navigator.mediaDevices.getUserMedia({ audio: true })` gives it, before it is stopped.',
  });
}

/** Listens to a track until the signal ends it. */
async function listen(track: MediaStreamTrack, { rate, blockSize, workletUrl }: LiveAudioOptions, signal: AbortSignal) {
  const stream = new MediaStream([track]);
  const { context, source } = openContext(stream, rate);
  signal.addEventListener('abort', () => void context.close(), { once: true });
  const { href } = new URL(workletUrl, globalThis.document?.baseURI);
  try {
    await context.audioWorklet.addModule(href);
  } catch (error) {
    if (signal.aborted) throw error;
    throw await assetFailure(href, 'The audio worklet of insitu', error);
  }
  // The browser makes one channel of all.
  const node = new AudioWorkletNode(context, 'insitu-live-audio', {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
    processorOptions: { rate, blockSize } satisfies LiveAudioProcessorOptions,
  });
  source.connect(node);
  start(context, signal);
  return node.port;
}

/** A context at the wanted rate; in Firefox, which connects no track to one of another rate than its own, at that. */
function openContext(stream: MediaStream, rate: number) {
  const wanted = new AudioContext({ sampleRate: rate });
  try {
    return { context: wanted, source: wanted.createMediaStreamSource(stream) };
  } catch {
    void wanted.close();
    const context = new AudioContext();
    return { context, source: context.createMediaStreamSource(stream) };
  }
}

function start(context: AudioContext, signal: AbortSignal): void {
  // It fails when the context is closed before it could start.
  const resume = () => void context.resume().catch(() => {});
  for (const event of ['pointerdown', 'keydown']) document.addEventListener(event, resume, { signal });
  resume();
}
