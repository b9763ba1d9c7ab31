/** How speech is told from what is none; durations in samples. */
export interface SpanRules {
  threshold: number;
  negativeThreshold: number;
  minSpeech: number;
  minSilence: number;
  pad: number;
}

/** From where to where speech goes, in samples, and how sure that is. */
export interface SpeechSpan {
  start: number;
  end: number;
  /** The mean probability of its frames. */
  score: number;
}

/** What is known after some frames. Plain data: it can wait anywhere for the next ones. */
export interface SpanState {
  /** Samples heard. */
  position: number;
  /** Speech that goes on, where it began. */
  start: number | undefined;
  /** Where its end may be: silence has begun. */
  silence: number | undefined;
  /** Probabilities of its frames: their sum and number, all of them and those before the silence. */
  sums: { all: number; frames: number; spoken: number; spokenFrames: number };
  /** Speech that has ended, while what comes next may still shorten its padding. */
  ended: SpeechSpan | undefined;
  /** Where the padding of the speech before ends. */
  padded: number;
}

const noSums = { all: 0, frames: 0, spoken: 0, spokenFrames: 0 };

export const noSpeechYet: SpanState = {
  position: 0,
  start: undefined,
  silence: undefined,
  sums: noSums,
  ended: undefined,
  padded: 0,
};

/**
 * Takes the probability of one more frame. After `get_speech_timestamps` of Silero VAD 5 (`src/silero_vad/utils_vad.py`), without its
 * limit for long speech: speech begins with a frame above the threshold, and ends where frames stay below the negative one for long
 * enough.
 *
 * @param size Samples of the frame.
 * @returns The new state, and spans that are certain now.
 */
export function hearFrame(
  state: SpanState,
  probability: number,
  size: number,
  rules: SpanRules,
): { state: SpanState; certain: SpeechSpan[] } {
  const next = { ...state, position: state.position + size };
  const certain: SpeechSpan[] = [];
  if (state.start === undefined) {
    if (probability >= rules.threshold) Object.assign(next, { start: state.position, sums: add(noSums, probability) });
  } else {
    next.sums = add(state.sums, probability);
    if (probability >= rules.threshold) next.silence = undefined;
    if (probability < rules.negativeThreshold) next.silence ??= state.position;
    if (next.silence === undefined) Object.assign(next.sums, spokenSoFar(next.sums));
    else if (probability < rules.negativeThreshold && state.position - next.silence >= rules.minSilence) {
      certain.push(...close(next, next.silence, rules));
    }
  }
  // Nothing can begin any more that is near enough to share the silence with.
  if (next.ended && (next.start ?? next.position) - next.ended.end >= 2 * rules.pad) {
    certain.push(give(next, rules.pad));
  }
  return { state: next, certain };
}

/** Ends the sound: gives the spans that are left. */
export function endOfSound(state: SpanState, length: number, rules: SpanRules): SpeechSpan[] {
  const last = { ...state };
  const certain = last.start === undefined ? [] : close(last, length, rules);
  if (last.ended) certain.push(give(last, rules.pad));
  return certain.map((span) => ({ ...span, end: Math.min(span.end, length) }));
}

const add = (sums: SpanState['sums'], probability: number) => ({
  ...sums,
  all: sums.all + probability,
  frames: sums.frames + 1,
});

const spokenSoFar = ({ all, frames }: SpanState['sums']) => ({ spoken: all, spokenFrames: frames });

/** Ends the speech that goes on; too short a one was none. */
function close(state: SpanState, end: number, { minSpeech, pad }: SpanRules): SpeechSpan[] {
  const start = state.start!;
  const { all, frames, spoken, spokenFrames } = state.sums;
  const certain: SpeechSpan[] = [];
  if (end - start > minSpeech) {
    // Between two that are near to each other, each gets half of the silence.
    if (state.ended) certain.push(give(state, Math.min(pad, Math.floor((start - state.ended.end) / 2))));
    const score = spokenFrames > 0 ? spoken / spokenFrames : all / frames;
    state.ended = { start: Math.max(state.padded, start - pad), end, score };
  }
  Object.assign(state, { start: undefined, silence: undefined, sums: noSums });
  return certain;
}

function give(state: SpanState, pad: number): SpeechSpan {
  const span = { ...state.ended!, end: state.ended!.end + pad };
  state.ended = undefined;
  state.padded = span.end;
  return span;
}
