// @ts-check
import { expect, test } from 'vitest';
import { createRandomFloats } from '../../random-floats.mjs';
import { openPipeline } from '../open-pipeline.mjs';
import { tinyAudioClassification } from './audio-classification.mjs';
import { tinySpeechRecognition } from './speech-recognition.mjs';
import { tinyTextToSpeech } from './text-to-speech.mjs';
import { tinyZeroShotAudioClassification } from './zero-shot-audio-classification.mjs';

/**
 * A second each.
 *
 * @param {number} rate
 */
function createSounds(rate) {
  const tone = (/** @type {number} */ frequency) => (/** @type {number} */ second) =>
    0.5 * Math.sin(2 * Math.PI * frequency * second);
  const waves = [tone(110), tone(440), tone(1760), (/** @type {number} */ second) => tone(100 + 2000 * second)(second)];
  const random = createRandomFloats(1);
  return [...waves, random].map((wave) => Float32Array.from({ length: rate }, (_, index) => wave(index / rate)));
}

test('sounds get different labels', async () => {
  const classify = await openPipeline(tinyAudioClassification);
  const best = [];
  for (const sound of createSounds(16_000)) {
    const [first] = /** @type {{ label: string }[]} */ (await classify(sound));
    best.push(first?.label);
  }
  expect(new Set(best).size).toBeGreaterThan(2);
  await classify.dispose();
});

test('which label fits best depends on the sound', async () => {
  const classify = await openPipeline(tinyZeroShotAudioClassification);
  const best = [];
  for (const sound of createSounds(48_000)) {
    const results = /** @type {{ label: string, score: number }[]} */ (
      await classify(sound, ['dog', 'music', 'river', 'people'])
    );
    best.push(results.reduce((a, b) => (b.score > a.score ? b : a)).label);
  }
  expect(new Set(best).size).toBeGreaterThan(1);
  await classify.dispose();
});

test('sounds are heard as different letters, and some as words', async () => {
  const transcribe = await openPipeline(tinySpeechRecognition);
  const texts = [];
  for (const sound of createSounds(16_000)) {
    const { text } = /** @type {{ text: string }} */ (await transcribe(sound));
    texts.push(text);
  }
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.join('')).toMatch(/[A-Z] [A-Z]/);
  expect(texts.join('')).not.toMatch(/[<>|]/);
  await transcribe.dispose();
});

test('speech is as long as the text, and depends on all of it', async () => {
  const speak = await openPipeline(tinyTextToSpeech);
  const say = async (/** @type {string} */ text) =>
    /** @type {{ audio: Float32Array, sampling_rate: number }} */ (await speak(text));
  const [both, turned, one] = [await say('hello world'), await say('world hello'), await say('hello')];
  expect(both.sampling_rate).toBe(16_000);
  expect(both.audio).toHaveLength(turned.audio.length);
  expect(both.audio.length).toBeGreaterThan(one.audio.length);
  expect(both.audio).not.toEqual(turned.audio);
  expect(both.audio.subarray(0, one.audio.length)).not.toEqual(one.audio);
  expect(Math.max(...both.audio)).toBeLessThanOrEqual(1);
  expect(Math.max(...both.audio)).toBeGreaterThan(0.1);
  expect((await say('Hello, World!')).audio).toEqual(both.audio);
  await speak.dispose();
});
