import { afterEach, describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { wavFile } from '../pipeline/decoding/wav-file.conformance.ts';
import type { AudioSource } from '../protocol/media.ts';
import { prepareInput } from './prepare-input.ts';

afterEach(() => vi.unstubAllGlobals());

const sound = [0, 0.5, -0.5, 0.25];
const wave = () => wavFile([sound], { tag: 1, bits: 16 });

async function prepare(input: unknown, decodeRate?: number): Promise<AudioSource> {
  const { value, transfer } = await prepareInput(input, 'audio', undefined, decodeRate);
  return structuredClone(value, { transfer }) as AudioSource;
}

/** A little of a tone in a format that only the browser decodes. */
async function compressedTone(): Promise<Blob> {
  // A page may start a context once its user has done something.
  await userEvent.click(document.body);
  const context = new AudioContext();
  await context.resume();
  const destination = context.createMediaStreamDestination();
  const oscillator = context.createOscillator();
  oscillator.connect(destination);
  oscillator.start();
  const recorder = new MediaRecorder(destination.stream, { mimeType: 'audio/webm;codecs=opus' });
  const recorded = new Promise<Blob>((resolve) =>
    recorder.addEventListener('dataavailable', ({ data }) => data.size > 0 && resolve(data), { once: true }),
  );
  recorder.start(250);
  const blob = await recorded;
  recorder.stop();
  await context.close();
  return blob;
}

describe('a WAV file', () => {
  it.each<[string, () => unknown]>([
    ['ArrayBuffer', wave],
    ['Blob', () => new Blob([wave()])],
    ['File', () => new File([wave()], 'sound.wav')],
    ['blob: URL', () => URL.createObjectURL(new Blob([wave()]))],
    ['data: URL', () => `data:audio/wav;base64,${btoa(String.fromCharCode(...new Uint8Array(wave())))}`],
  ])('goes to the worker as it is: %s', async (_, make) => {
    const input = make();
    expect(await prepare(input)).toEqual({ kind: 'audio-file', bytes: wave() });
    // The second time is the proof that the first took nothing from the user.
    expect(await prepare(input)).toEqual({ kind: 'audio-file', bytes: wave() });
  });

  it('is for the browser to read where it is compressed', async () => {
    const file = wavFile([sound], { tag: 1, bits: 8 });
    const muLaw = 7;
    new DataView(file).setUint16(20, muLaw, true);
    expect(await prepare(file)).toMatchObject({ kind: 'audio-samples' });
  });
});

describe('samples', () => {
  it('of an AudioBuffer keep its rate and channels, and stay there', async () => {
    const buffer = new AudioBuffer({ length: 4, numberOfChannels: 2, sampleRate: 22_050 });
    buffer.copyToChannel(Float32Array.from(sound), 1);
    const wanted = {
      kind: 'audio-samples',
      channels: [new Float32Array(4), Float32Array.from(sound)],
      rate: 22_050,
    };
    expect(await prepare(buffer)).toEqual(wanted);
    expect(await prepare(buffer)).toEqual(wanted);
  });

  it.each([
    [(data: Float32Array) => data, 0],
    [(data: Float32Array) => ({ samples: data, rate: 8000 }), 8000],
    [(data: Float32Array) => ({ data, sampling_rate: 8000 }), 8000],
    [(audio: Float32Array) => ({ audio, sampling_rate: 8000 }), 8000],
  ])('of the user are copied: %s', async (wrap, rate) => {
    const data = Float32Array.from([9, ...sound, 9]).subarray(1, 5);
    const wanted = { kind: 'audio-samples', channels: [Float32Array.from(sound)], rate };
    expect(await prepare(wrap(data))).toEqual(wanted);
    expect(data).toEqual(Float32Array.from(sound));
  });
});

describe('compressed sound', () => {
  it('is decoded by the browser, at the rate that is asked for', async () => {
    const blob = await compressedTone();
    for (const rate of [16_000, 48_000]) {
      const source = await prepare(blob, rate);
      if (source.kind !== 'audio-samples') throw new Error(`It is ${source.kind}.`);
      expect(source.rate).toBe(rate);
      expect(source.channels[0]!.length).toBeGreaterThan(rate / 20);
    }
  });
});

describe('a sound that cannot be read', () => {
  it.each<[string, unknown, RegExp, RegExp]>([
    ['a number', 42, /the number 42, not a sound/, /AudioBuffer.*Float32Array/],
    ['an empty Blob', new Blob(), /The input is empty/, /./],
    ['garbage', new Uint8Array(100).buffer, /cannot be decoded: 100 bytes/, /damaged/],
    ['a named file', new File(['text'], 'sound.mp3'), /The input \(sound.mp3\) cannot be decoded/, /WAV, MP3/],
    ['a page', new Blob(['<!doctype html>']), /of an HTML page/, /address/],
    ['samples without a rate', { samples: new Float32Array(1) }, /rate undefined/, /rate: 16000/],
    ['samples at a rate of 0', { samples: new Float32Array(1), rate: 0 }, /rate the number 0/, /./],
    ['samples that are no floats', { samples: [1, 2], rate: 8000 }, /samples an object of type Array/, /Float32Array/],
    ['an array with one of these', [new Float32Array(1), null], /The input's item 1 is null/, /./],
  ])('is refused with a hint: %s', async (_, input, message, hint) => {
    await expect(prepareInput(input, 'audio')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});
