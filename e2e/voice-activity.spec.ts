import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/test.ts';

const model = '/models/insitu/silero-vad/';
/** Made with espeak-ng: silence of 0.8 s, 1.9 s of speech, 0.9 s, 2.1 s, 0.7 s. */
const sentences = readFileSync(join(import.meta.dirname, 'sounds/two-sentences.wav')).toString('base64');
const spoken = [
  { start: 0.8, end: 2.73 },
  { start: 3.63, end: 5.78 },
];

/** Within a tenth of a second, padding included. */
const expectSpoken = (segments: readonly { start: number; end: number; score: number }[]) => {
  expect(segments).toHaveLength(spoken.length);
  for (const [index, { start, end, score }] of segments.entries()) {
    expect(Math.abs(start - spoken[index]!.start)).toBeLessThan(0.1);
    expect(Math.abs(end - spoken[index]!.end)).toBeLessThan(0.1);
    expect(score).toBeGreaterThan(0.7);
    expect(score).toBeLessThanOrEqual(1);
  }
};

test('finds speech in a recording, at once and piece by piece, and none in noise and silence', async ({ ready }) => {
  const { whole, pieces, result, noise, silence } = await ready.evaluate(
    async ([reference, wav]) => {
      const detect = await insitu.pipeline('voice-activity-detection', reference);
      const recording = await (await fetch(`data:audio/wav;base64,${wav}`)).blob();
      const pieces = [];
      const stream = detect.stream(recording);
      for await (const segment of stream) pieces.push(segment);
      let seed = 1;
      const noise = Float32Array.from({ length: 48_000 }, () => {
        seed = (seed * 48271) % 2147483647;
        return 0.2 * (seed / 2147483647 - 0.5);
      });
      const [ofNoise, ofSilence] = await detect([noise, new Float32Array(48_000)]);
      const outcome = { whole: await detect(recording), pieces, result: await stream.result };
      await detect.dispose();
      return { ...outcome, noise: ofNoise, silence: ofSilence };
    },
    [model, sentences] as const,
  );
  expectSpoken(whole);
  expect(pieces).toEqual(whole);
  expect(result).toEqual(whole);
  expect(noise).toEqual([]);
  expect(silence).toEqual([]);
});

test('an hour of silence can be left at any moment, and its worker goes on', async ({ ready }) => {
  const outcome = await ready.evaluate(async (reference) => {
    const detect = await insitu.pipeline('voice-activity-detection', reference);
    const leaving = new AbortController();
    const hour = detect(new Float32Array(3600 * 16_000), { signal: leaving.signal }).catch((reason: unknown) => reason);
    while ((await detect.stats()).running === 0) await new Promise(requestAnimationFrame);
    leaving.abort('enough');
    const left = await hour;
    const next = await detect(new Float32Array(48_000));
    return { left, next, aborted: (await detect.stats()).aborted };
  }, model);
  expect(outcome).toEqual({ left: 'enough', next: [], aborted: { queued: 0, step: 1, terminated: 0 } });
});

const speech = join(import.meta.dirname, '../../shared/audio/jfk.wav');
if (existsSync(speech)) {
  test('finds the phrases of a speech', async ({ ready }) => {
    const segments = await ready.evaluate(
      async ([reference, wav]) => {
        const detect = await insitu.pipeline('voice-activity-detection', reference);
        const found = await detect(await (await fetch(`data:audio/wav;base64,${wav}`)).blob());
        await detect.dispose();
        return found;
      },
      [model, readFileSync(speech).toString('base64')] as const,
    );
    // 'And so, my fellow Americans, …': heard with pauses after 2.2, 4.4 and 7.7 seconds.
    const seconds = segments.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(seconds).toBeGreaterThan(6);
    expect(seconds).toBeLessThan(10);
    for (const pause of [2.8, 4.9, 7.9]) {
      expect(segments.every(({ start, end }) => pause < start || pause > end)).toBe(true);
    }
  });
} else {
  console.log(`The speech was not heard: there is no ${speech}.`);
}

test('hears a track while it is made, until it ends', async ({ ready }) => {
  await ready.mouse.click(5, 5);
  const { segments, result } = await ready.evaluate(
    async ([reference, wav]) => {
      const detect = await insitu.pipeline('voice-activity-detection', reference);
      const context = new AudioContext();
      await context.resume();
      const bytes = await (await fetch(`data:audio/wav;base64,${wav}`)).arrayBuffer();
      const player = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(bytes) });
      const destination = context.createMediaStreamDestination();
      player.connect(destination);
      const stream = detect.stream(destination.stream);
      const segments = [];
      player.onended = () => destination.stream.getTracks().forEach((track) => track.stop());
      // What is played before somebody listens is heard by nobody.
      while ((await detect.stats()).answered === 0) await new Promise(requestAnimationFrame);
      player.start();
      for await (const segment of stream) segments.push(segment);
      const outcome = { segments, result: await stream.result };
      await context.close();
      await detect.dispose();
      return outcome;
    },
    [model, sentences] as const,
  );
  expect(result).toEqual(segments);
  // A busy machine plays with gaps: how many parts a sentence has is its matter, but not that they were spoken, with a pause.
  const seconds = segments.reduce((sum, { start, end }) => sum + end - start, 0);
  expect(seconds).toBeGreaterThan(2.5);
  expect(seconds).toBeLessThan(5);
  const pauses = segments.slice(1).map(({ start }, index) => start - segments[index]!.end);
  expect(Math.max(...pauses)).toBeGreaterThan(0.6);
  for (const { score } of segments) expect(score).toBeGreaterThan(0.5);
});

test('stops hearing when nobody reads any more, and when it is aborted; a tone is no speech', async ({ ready }) => {
  await ready.mouse.click(5, 5);
  const outcome = await ready.evaluate(async (reference) => {
    const detect = await insitu.pipeline('voice-activity-detection', reference);
    const context = new AudioContext();
    await context.resume();
    const destination = context.createMediaStreamDestination();
    const oscillator = new OscillatorNode(context, { frequency: 440 });
    oscillator.connect(destination);
    oscillator.start();
    const [track] = destination.stream.getAudioTracks();

    const ran = async () => (await detect.stats()).answered;
    const controller = new AbortController();
    const aborted = detect.stream(track!, { signal: controller.signal });
    const reading = aborted.getReader().read();
    while ((await ran()) < 3) await new Promise(requestAnimationFrame);
    controller.abort('enough');
    const reason = await reading.catch(String);
    const rejected = await aborted.result.catch(String);

    const left = detect.stream(track!);
    const reader = left.getReader();
    await reader.cancel();
    await left.result.catch(() => {});
    const live = track!.readyState;
    track!.stop();
    const ended = await detect.stream(new MediaStream([track!])).result.catch((error: { code: string }) => error.code);
    await context.close();
    await detect.dispose();
    return { reason, rejected, live, ended };
  }, model);
  expect(outcome).toEqual({ reason: 'enough', rejected: 'enough', live: 'live', ended: 'INPUT_INVALID' });
});
