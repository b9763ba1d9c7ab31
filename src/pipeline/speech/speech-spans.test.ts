import { describe, expect, it } from 'vitest';
import { type SpanRules, type SpanState, type SpeechSpan, endOfSound, hearFrame, noSpeechYet } from './speech-spans.ts';

const frame = 512;
const usual: SpanRules = { threshold: 0.5, negativeThreshold: 0.35, minSpeech: 4000, minSilence: 1600, pad: 480 };

/** What was certain after each frame, and at the end. */
function listen(probabilities: readonly number[], rules: SpanRules = usual, length = probabilities.length * frame) {
  let state: SpanState = noSpeechYet;
  const told: { frame: number; span: SpeechSpan }[] = [];
  probabilities.forEach((probability, index) => {
    const { state: next, certain } = hearFrame(state, probability, frame, rules);
    state = next;
    told.push(...certain.map((span) => ({ frame: index, span })));
  });
  const rest = endOfSound(state, length, rules);
  return { told, spans: [...told.map(({ span }) => span), ...rest] };
}

/** Silero's algorithm as it works on a whole recording: first the spans, then the padding of all. */
function wholeRecording(probabilities: readonly number[], rules: SpanRules, length: number): [number, number][] {
  const speeches: { start: number; end: number }[] = [];
  let start: number | undefined;
  let silence: number | undefined;
  const keep = (end: number) => {
    if (end - start! > rules.minSpeech) speeches.push({ start: start!, end });
    start = silence = undefined;
  };
  probabilities.forEach((probability, index) => {
    const at = index * frame;
    if (probability >= rules.threshold) {
      silence = undefined;
      start ??= at;
    } else if (probability < rules.negativeThreshold && start !== undefined) {
      silence ??= at;
      if (at - silence >= rules.minSilence) keep(silence);
    }
  });
  if (start !== undefined) keep(length);
  speeches.forEach((speech, index) => {
    const next = speeches[index + 1];
    if (index === 0) speech.start = Math.max(0, speech.start - rules.pad);
    if (!next) {
      speech.end = Math.min(length, speech.end + rules.pad);
      return;
    }
    const between = next.start - speech.end;
    const share = between < 2 * rules.pad ? Math.floor(between / 2) : rules.pad;
    speech.end += share;
    next.start -= share;
  });
  return speeches.map((speech) => [speech.start, speech.end]);
}

const times = (count: number, probability: number) => Array.from({ length: count }, () => probability);

describe('spans of speech', () => {
  it('are padded, end with the first frame of silence, and are told when the silence is long enough', () => {
    const { told } = listen([...times(10, 0), ...times(20, 0.9), ...times(10, 0)]);
    // The silence begins with frame 30 and has 1,600 samples when frame 34 begins.
    expect(told).toEqual([
      { frame: 34, span: { start: 10 * frame - 480, end: 30 * frame + 480, score: expect.closeTo(0.9) } },
    ]);
  });

  it('are none of silence, and none of speech that is too short', () => {
    expect(listen(times(50, 0.1)).spans).toEqual([]);
    expect(listen([...times(10, 0), ...times(7, 0.9), ...times(10, 0)]).spans).toEqual([]);
    expect(listen([...times(10, 0), ...times(8, 0.9), ...times(10, 0)]).spans).toHaveLength(1);
  });

  it('go on through short pauses, and between the two thresholds', () => {
    expect(listen([...times(10, 0.9), ...times(3, 0), ...times(10, 0.9), ...times(10, 0)]).spans).toHaveLength(1);
    expect(listen([...times(10, 0.9), ...times(30, 0.4), ...times(10, 0.9), ...times(10, 0)]).spans).toHaveLength(1);
    expect(listen([...times(10, 0.9), ...times(30, 0.3), ...times(10, 0.9), ...times(10, 0)]).spans).toHaveLength(2);
  });

  it('end with the sound at the latest', () => {
    expect(listen(times(20, 0.9), usual, 20 * frame - 100).spans).toEqual([
      { start: 0, end: 20 * frame - 100, score: expect.closeTo(0.9) },
    ]);
  });

  it('have the mean probability of their own frames as their score', () => {
    const { spans } = listen([...times(10, 0.6), ...times(10, 1), ...times(20, 0)]);
    expect(spans[0]!.score).toBeCloseTo(0.8);
  });

  it.each([480, 1600, 8000])('are those of the whole recording, whatever comes, padded by %i', (pad) => {
    let seed = 7;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    let found = 0;
    for (let recording = 0; recording < 200; recording++) {
      const probabilities: number[] = [];
      while (probabilities.length < 300) probabilities.push(...times(Math.ceil(random() * 15), random()));
      const rules = { ...usual, pad };
      const length = probabilities.length * frame;
      const { spans } = listen(probabilities, rules);
      expect(spans.map(({ start, end }) => [start, end])).toEqual(wholeRecording(probabilities, rules, length));
      found += spans.length;
    }
    expect(found).toBeGreaterThan(500);
  });
});
