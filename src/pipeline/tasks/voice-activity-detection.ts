import type { SpeechSegment, VoiceActivityDetectionOptions } from '../../protocol/tasks/audio-tasks.ts';
import type { HeardSoFar, LiveBlock } from '../../protocol/live-sound.ts';
import type { GraphSession } from '../../runtime/runtime.ts';
import { audioOf } from '../inputs/audio-inputs.ts';
import { chosenGraphs } from '../files/choose-dtype.ts';
import { notNegative, probability } from '../option-checks.ts';
import { openGraph } from '../session-task.ts';
import type { RunContext, TaskDefinition } from '../task-definition.ts';
import {
  type SpeechMemory,
  frameSize,
  noMemory,
  requireSilero,
  speechProbability,
  speechRate,
} from '../speech/speech-detector.ts';
import {
  type SpanRules,
  type SpanState,
  type SpeechSpan,
  endOfSound,
  hearFrame,
  noSpeechYet,
} from '../speech/speech-spans.ts';

/** What is known of a sound so far. Plain data. */
interface Heard {
  memory: SpeechMemory;
  spans: SpanState;
}

/** Frames of one step: a second of sound, which takes some milliseconds. */
const framesOfStep = 31;

/** When somebody speaks: by Silero VAD, which transformers.js has no pipeline for. */
export const voiceActivityDetection: TaskDefinition = {
  takes: 'live-audio',
  options: {
    threshold: probability,
    negativeThreshold: probability,
    minSpeechDuration: notNegative,
    minSilenceDuration: notNegative,
    speechPad: notNegative,
  },
  async load(runtime, { dtypes, files }) {
    const session = await openGraph(runtime, files, chosenGraphs(dtypes)[0]!);
    requireSilero(session);
    return {
      sampleRate: speechRate,
      async run([input], options: VoiceActivityDetectionOptions, context) {
        const rules = rulesOf(options);
        if (isLiveBlock(input)) return { value: await hearBlock(session, input, rules, context), transfer: [] };
        const hear = (recording: unknown, tell: (segment: SpeechSegment) => void) =>
          hearRecording(session, recording, rules, context, tell);
        if (!Array.isArray(input))
          return { value: await hear(input, context.streaming ? context.emit : () => {}), transfer: [] };
        const results: SpeechSegment[][] = [];
        for (const recording of input) {
          results.push(await hear(recording, () => {}));
          context.progress(results.length, input.length);
        }
        return { value: results, transfer: [] };
      },
      dispose: () => session.dispose(),
    };
  },
};

const isLiveBlock = (input: unknown): input is LiveBlock =>
  typeof input === 'object' && input !== null && 'kind' in input && input.kind === 'live-block';

async function hearRecording(
  session: GraphSession,
  recording: unknown,
  rules: SpanRules,
  context: RunContext,
  tell: (segment: SpeechSegment) => void,
): Promise<SpeechSegment[]> {
  const samples = await audioOf(recording, { sampleRate: speechRate }, context);
  const segments: SpeechSegment[] = [];
  const give = (spans: readonly SpeechSpan[]) => {
    for (const span of spans) {
      const segment = toSegment(span);
      segments.push(segment);
      tell(segment);
    }
  };
  let heard: Heard = { memory: noMemory(), spans: noSpeechYet };
  for (let start = 0; start < samples.length; start += framesOfStep * frameSize) {
    await context.keptUp();
    const { certain, ...next } = await hearSamples(
      session,
      samples.subarray(start, start + framesOfStep * frameSize),
      heard,
      rules,
      context,
    );
    heard = next;
    give(certain);
  }
  give(endOfSound(heard.spans, samples.length, rules));
  return segments;
}

/** A block of a sound that is not over. What is known of it goes back to the page, so that no worker has to live as long as the sound. */
async function hearBlock(
  session: GraphSession,
  { samples, heard, last }: LiveBlock,
  rules: SpanRules,
  context: RunContext,
): Promise<HeardSoFar<SpeechSegment>> {
  const before = (heard as Heard | undefined) ?? { memory: noMemory(), spans: noSpeechYet };
  const { certain, ...next } = await hearSamples(session, samples, before, rules, context);
  const rest = last ? endOfSound(next.spans, next.spans.position, rules) : [];
  return { found: [...certain, ...rest].map(toSegment), heard: next };
}

/** One step; where it is run again, it begins with what was known before. */
function hearSamples(
  session: GraphSession,
  samples: Float32Array,
  { memory, spans }: Heard,
  rules: SpanRules,
  { step }: RunContext,
): Promise<Heard & { certain: SpeechSpan[] }> {
  return step(async () => {
    const heard = { memory: { ...memory }, spans };
    const certain: SpeechSpan[] = [];
    for (let start = 0; start < samples.length; start += frameSize) {
      // What is missing of the last frame is silence.
      const frame = new Float32Array(frameSize);
      frame.set(samples.subarray(start, start + frameSize));
      const next = hearFrame(heard.spans, await speechProbability(session, frame, heard.memory), frameSize, rules);
      heard.spans = next.state;
      certain.push(...next.certain);
    }
    return { ...heard, certain };
  });
}

const toSegment = ({ start, end, score }: SpeechSpan): SpeechSegment => ({
  start: start / speechRate,
  end: end / speechRate,
  score,
});

/** Defaults are those of Silero. */
function rulesOf({
  threshold = 0.5,
  negativeThreshold = Math.max(threshold - 0.15, 0.01),
  minSpeechDuration = 250,
  minSilenceDuration = 100,
  speechPad = 30,
}: VoiceActivityDetectionOptions): SpanRules {
  const samples = (milliseconds: number) => (milliseconds / 1000) * speechRate;
  return {
    threshold,
    negativeThreshold,
    minSpeech: samples(minSpeechDuration),
    minSilence: samples(minSilenceDuration),
    pad: samples(speechPad),
  };
}
