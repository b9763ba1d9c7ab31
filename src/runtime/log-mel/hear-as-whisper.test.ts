import { ASTFeatureExtractor, type Tensor, WhisperFeatureExtractor } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { type FeatureExtractor, hearAsWhisper } from './hear-as-whisper.ts';

type Extractor = FeatureExtractor & ((samples: Float32Array) => Promise<{ input_features: Tensor }>);

const rate = 16_000;
const config = {
  feature_size: 80,
  sampling_rate: rate,
  n_fft: 400,
  hop_length: 160,
  n_samples: 30 * rate,
  nb_max_frames: 3000,
};
const create = (given: object = config) => new WhisperFeatureExtractor(given) as unknown as Extractor;

const samples = (seconds: number, at: (second: number, index: number) => number) =>
  Float32Array.from({ length: Math.round(seconds * rate) }, (_, index) => at(index / rate, index));
/** A pitch that rises, loud and quiet in turn, with breath. */
const voice = (second: number, index: number) =>
  Math.sin(second * (600 + 900 * second)) * Math.sin(3 * second) ** 2 * 0.6 + (((index * 7919) % 211) / 211 - 0.5) / 50;

describe('hearAsWhisper', () => {
  it.each<[string, Float32Array, object?]>([
    ['a short recording', samples(2.3, voice)],
    ['a recording of 30 seconds', samples(30, voice)],
    ['a longer one, of which the beginning is heard', samples(31, voice)],
    ['silence', new Float32Array(rate)],
    ['a single click', samples(1, (_, index) => (index === 8000 ? 1 : 0))],
    ['sound after silence', samples(3, (second, index) => (second < 2.01 ? 0 : voice(second, index)))],
    ['nothing', new Float32Array(0)],
    ['128 bands', samples(1, voice), { ...config, feature_size: 128 }],
    ['an odd number of frames', samples(5, voice), { ...config, n_samples: 5 * rate + 160 }],
  ])('agrees with transformers.js: %s', async (_, given, own) => {
    const { input_features: expected } = await create(own)(given);
    const extractor = create(own);
    hearAsWhisper(extractor);
    const { input_features: features } = await extractor(given);
    expect(features.dims).toEqual(expected.dims);
    let largest = 0;
    for (const [index, value] of (expected.data as Float32Array).entries()) {
      largest = Math.max(largest, Math.abs(value - Number(features.data[index])));
    }
    expect(largest).toBeLessThan(1e-5);
  });

  it('does it itself', async () => {
    const extractor = create();
    const before = Reflect.get(extractor, '_extract_fbank_features');
    hearAsWhisper(extractor);
    expect(Reflect.get(extractor, '_extract_fbank_features')).not.toBe(before);
  });

  it('leaves other extractors alone', () => {
    const extractor = new ASTFeatureExtractor({ sampling_rate: rate, num_mel_bins: 8 }) as unknown as Extractor;
    const before = Reflect.get(extractor, '_extract_fbank_features');
    hearAsWhisper(extractor);
    expect(Reflect.get(extractor, '_extract_fbank_features')).toBe(before);
  });
});
