import { describe, expect, it, vi } from 'vitest';
import type { HeardSoFar } from '../../protocol/live-sound.ts';
import type { SessionTensor } from '../../protocol/session.ts';
import type { SpeechSegment } from '../../protocol/tasks/audio-tasks.ts';
import type { GraphSession } from '../../runtime/runtime.ts';
import { createContext, createRuntime } from '../fake-engine.conformance.ts';
import { voiceActivityDetection } from './voice-activity-detection.ts';

const rate = 16_000;
const value = (name: string) => ({ name, type: 'float32', dims: [] });

/** A graph that takes what is loud for speech, and counts the frames in its state. */
function createSilero() {
  const run = vi.fn<GraphSession['run']>(async ({ input, state }) => {
    const samples = input!.data as Float32Array;
    const loudest = Math.max(...samples.slice(64).map(Math.abs));
    const next = Float32Array.from(state!.data as Float32Array, (number) => number + 1);
    const output: SessionTensor = { type: 'float32', data: Float32Array.of(loudest > 0.1 ? 0.9 : 0), dims: [1, 1] };
    return { output, stateN: { type: 'float32', data: next, dims: [2, 1, 128] } };
  });
  const session: GraphSession = {
    inputs: ['input', 'state', 'sr'].map(value),
    outputs: ['output', 'stateN'].map(value),
    run,
    dispose: async () => {},
  };
  return { session, run };
}

const load = (session: GraphSession) =>
  voiceActivityDetection.load(createRuntime({ openGraph: async () => session }), {
    dtypes: { model: 'fp32' },
    files: async (path) => (path === 'onnx/model.onnx' ? Uint8Array.of(1) : undefined),
  });

/** Noise in the middle of silence, in seconds. */
function recording(...loud: [from: number, to: number][]): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(4 * rate);
  for (const [from, to] of loud) {
    for (let at = from * rate; at < to * rate; at++) samples[at] = at % 2 ? 0.5 : -0.5;
  }
  return samples;
}

const source = (samples: Float32Array<ArrayBuffer>) => ({ kind: 'audio-samples', channels: [samples], rate });

/** Where the frames begin and end. */
const near = (seconds: number) => expect.closeTo(seconds, 1);

describe('voice-activity-detection', () => {
  it('gives where somebody speaks, in seconds', async () => {
    const task = await load(createSilero().session);
    expect(task.sampleRate).toBe(rate);
    const { value: segments } = await task.run([source(recording([1, 2], [2.5, 3.5]))], {}, createContext());
    expect(segments).toEqual([
      { start: near(0.97), end: near(2.03), score: expect.closeTo(0.9) },
      { start: near(2.47), end: near(3.53), score: expect.closeTo(0.9) },
    ]);
  });

  it('gives none of silence, and the segments of each of several', async () => {
    const task = await load(createSilero().session);
    const progress = vi.fn();
    const inputs = [source(recording()), source(recording([1, 2]))];
    const { value: segments } = await task.run([inputs], {}, createContext({ progress }));
    expect(segments).toEqual([[], [{ start: near(0.97), end: near(2.03), score: expect.closeTo(0.9) }]]);
    expect(progress.mock.calls).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it.each([
    [{ minSpeechDuration: 1500 }, 0],
    [{ minSilenceDuration: 700 }, 1],
    [{ threshold: 0.95 }, 0],
    [{}, 2],
  ])('follows %o', async (options, count) => {
    const task = await load(createSilero().session);
    const { value: segments } = await task.run([source(recording([1, 2], [2.5, 3.5]))], options, createContext());
    expect(segments).toHaveLength(count);
  });

  it('hands the model its last samples and its state from frame to frame, and begins each recording anew', async () => {
    const { session, run } = createSilero();
    const task = await load(session);
    const samples = Float32Array.from({ length: 1200 }, (_, index) => index / 1200);
    for (let time = 0; time < 2; time++) {
      run.mockClear();
      await task.run([source(samples)], {}, createContext());
      const frames = run.mock.calls.map(([{ input, state, sr }]) => ({
        input: input!.data as Float32Array,
        state: (state!.data as Float32Array)[0],
        rate: sr!.data[0],
      }));
      expect(frames.map(({ state, rate: hertz }) => [state, hertz])).toEqual([
        [0, 16000n],
        [1, 16000n],
        [2, 16000n],
      ]);
      const padded = new Float32Array(64 + 3 * 512);
      padded.set(samples, 64);
      expect(frames.map(({ input }) => input)).toEqual([0, 512, 1024].map((at) => padded.slice(at, at + 576)));
    }
  });

  it('tells of a segment as soon as it is certain', async () => {
    const { session, run } = createSilero();
    const task = await load(session);
    const told: number[] = [];
    const emit = () => void told.push(run.mock.calls.length);
    await task.run([source(recording([0.5, 1]))], {}, createContext({ streaming: true, emit }));
    // Within the second after its end.
    expect(told).toHaveLength(1);
    expect(told[0]! * 512).toBeLessThan(2.1 * rate);
    expect(run.mock.calls.length).toBe(Math.ceil((4 * rate) / 512));
  });

  it('hears a sound in blocks as it hears the whole, whatever worker gets them, also where a step is run again', async () => {
    const samples = recording([1, 2], [2.5, 4]);
    const whole = (await (await load(createSilero().session)).run([source(samples)], {}, createContext())).value;
    const found: SpeechSegment[] = [];
    let heard: unknown;
    for (let at = 0; at <= samples.length; at += 1536) {
      const task = await load(createSilero().session);
      const block = {
        kind: 'live-block',
        samples: samples.slice(at, at + 1536),
        heard,
        last: at + 1536 > samples.length,
      };
      const twice = async <T>(work: () => Promise<T>) => work().then(work);
      const { value: answer } = await task.run([block], {}, createContext({ step: twice }));
      found.push(...(answer as HeardSoFar<SpeechSegment>).found);
      heard = structuredClone((answer as HeardSoFar<SpeechSegment>).heard);
    }
    expect(found).toHaveLength(2);
    expect(found).toEqual(whole);
  });

  it('refuses another graph', async () => {
    const { session } = createSilero();
    await expect(load({ ...session, inputs: [value('input_ids')] })).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });
});
