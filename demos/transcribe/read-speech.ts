import type { Pipeline } from 'insitu';
import { cutAtPauses, loudnessOf, type Samples, sampleRate } from './sound.ts';
import type { Segment } from './timeline.ts';

export interface SpeechOptions {
  language: string;
  task: 'transcribe' | 'translate';
}

interface Listener {
  /** The text of the present piece so far, which begins at a moment in seconds. */
  partial(text: string, start: number): void;
  /** A piece was read, up to a moment in seconds. */
  finished(segments: Segment[], until: number): void;
}

/** Quieter than this there is nothing to hear, and the model would make something up. */
const silence = 0.003;

/**
 * Reads a recording piece by piece, cut in its pauses: so the first segments have their times while the last are still to be
 * read, and a stop loses only the piece that it interrupts.
 */
export async function readSpeech(
  transcribe: Pipeline<'automatic-speech-recognition'>,
  samples: Samples,
  options: SpeechOptions,
  signal: AbortSignal,
  { partial, finished }: Listener,
): Promise<void> {
  for (const { start, end } of cutAtPauses(samples)) {
    const [from, until] = [start / sampleRate, end / sampleRate];
    if (loudnessOf(samples, start, end, sampleRate / 10).every((loudness) => loudness < silence)) {
      finished([], until);
      continue;
    }
    const stream = transcribe.stream(
      { data: samples.slice(start, end), rate: sampleRate },
      { ...options, returnTimestamps: true, signal },
    );
    let text = '';
    for await (const piece of stream) {
      text += piece;
      partial(text.trim(), from);
    }
    const { output } = await stream.result;
    const segments = (output.chunks ?? []).map(({ text: words, timestamp: [first, last] }) => ({
      text: words.trim(),
      start: from + first,
      end: Math.min(until, from + (last ?? until)),
    }));
    finished(
      segments.filter(({ text: words }) => words !== ''),
      until,
    );
  }
}
