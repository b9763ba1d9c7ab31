import type { HeardSoFar, LiveBlock } from '../../protocol/live-sound.ts';
import { openLiveAudio } from './open-live-audio.ts';

/** What is to be done with the sound of a track. */
export interface LiveRun {
  /** Samples a second that the model hears. */
  rate: number;
  /** Where `audio-worklet.js` is. */
  workletUrl: string | URL;
  signal?: AbortSignal | undefined;
  /** Runs the model on one block. */
  run(block: LiveBlock): Promise<unknown>;
  onChunk(chunk: unknown, taken: () => void): void;
}

/** Three frames of Silero VAD: ten runs a second. */
const blockSize = 1536;

/**
 * Hears a track until it ends: each block is a run of its own, which takes what the one before knew. So other calls get in between, and
 * nothing is lost with a worker.
 *
 * @returns All that was found.
 * @throws InsituError as `openLiveAudio` does; what `run` throws; the signal's reason.
 */
export async function runLive(
  source: MediaStreamTrack | MediaStream,
  { rate, workletUrl, signal, run, onChunk }: LiveRun,
): Promise<unknown[]> {
  const all: unknown[] = [];
  let heard: unknown;
  const hear = async (samples: Float32Array, last: boolean) => {
    const { found, heard: next } = (await run({ kind: 'live-block', samples, heard, last })) as HeardSoFar<unknown>;
    heard = next;
    for (const one of found) {
      all.push(one);
      onChunk(one, () => {});
    }
  };
  const reader = openLiveAudio(source, { rate, blockSize, workletUrl, signal }).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      await hear(value, false);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  await hear(new Float32Array(0), true);
  return all;
}
