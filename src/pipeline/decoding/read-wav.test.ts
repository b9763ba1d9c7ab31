import { describe, expect, it } from 'vitest';
import { readWav } from './read-wav.ts';
import { wavFile, wavFormats } from './wav-file.conformance.ts';

const samples = [0, 0.25, -0.25, 0.999, -1, 1, 1 / 3];
const pcm16 = { tag: 1, bits: 16 } as const;

const read = (file: ArrayBuffer, channel = 0) => {
  const sound = readWav(file);
  const into = new Float32Array(sound.length);
  sound.read(channel, 0, into);
  return into;
};

/** A file with some of its bytes changed. */
function changed(change: (view: DataView) => void): ArrayBuffer {
  const file = wavFile([samples], pcm16);
  change(new DataView(file));
  return file;
}

describe.each(wavFormats)('$name', ({ tag, bits, error }) => {
  it.each([false, true])('are read as -1..1; in an extensible head: %s', (extensible) => {
    const file = wavFile([samples], { tag, bits }, { extensible });
    const values = read(file);
    expect(values).toHaveLength(samples.length);
    for (const [index, value] of values.entries()) {
      expect(Math.abs(value - Math.fround(samples[index]!))).toBeLessThanOrEqual(error);
    }
    expect(values[4]).toBe(-1);
  });
});

describe('readWav', () => {
  it('reads every channel, from any sample on', () => {
    const channels = [0, 1, 2].map((channel) => [channel / 8, -channel / 8, channel / 16]);
    const sound = readWav(wavFile(channels, pcm16, { rate: 44_100 }));
    expect(sound).toMatchObject({ rate: 44_100, channels: 3, length: 3 });
    const part = new Float32Array(2);
    sound.read(2, 1, part);
    expect([...part]).toEqual([-0.25, 0.125]);
  });

  it.each([4, 5])('passes over other chunks, also of an odd length: %i bytes', (bytes) => {
    expect(read(wavFile([samples], pcm16, { before: { name: 'LIST', bytes } }))).toEqual(
      read(wavFile([samples], pcm16)),
    );
  });

  it.each([0xffff_ffff, 0x7fff_ffff])('reads to the end where the size was not known: %i', (toldSize) => {
    expect(read(wavFile([samples], pcm16, { toldSize }))).toHaveLength(samples.length);
  });

  it('leaves out half a sample at the end', () => {
    expect(read(wavFile([samples], pcm16, { toldSize: samples.length * 2 - 1 }))).toHaveLength(samples.length - 1);
  });

  it.each<[string, ArrayBuffer, RegExp]>([
    ['without its samples', wavFile([samples], pcm16).slice(0, 36), /no samples/],
    ['without its head', wavFile([samples], pcm16).slice(0, 12), /no head/],
    ['cut off within its head', wavFile([samples], pcm16).slice(0, 24), /head \(fmt\) of the WAV file has 16 bytes/],
    ['cut off within its samples', wavFile([samples], pcm16).slice(0, 50), /tells of 14 bytes of samples, of which 6/],
    ['of another compression', changed((view) => view.setUint16(20, 0x55, true)), /kind 85 with 16 bits/],
    ['of samples with 12 bits', changed((view) => view.setUint16(34, 12, true)), /kind 1 with 12 bits/],
    ['without a channel', changed((view) => view.setUint16(22, 0, true)), /0 channels/],
    [
      'with a chunk of a size that cannot be',
      changed((view) => view.setUint32(16, 0xffff_fff0, true)),
      /4294967280 bytes/,
    ],
  ])('refuses one %s', (_, file, message) => {
    expect(() => readWav(file)).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/./),
      }),
    );
  });
});
