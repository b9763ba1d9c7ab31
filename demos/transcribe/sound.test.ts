import { expect, it } from 'vitest';
import { cutAtPauses, peaksOf, sampleRate } from './sound.ts';

/** A tone, silent from one second to another. */
function tone(seconds: number, silences: [number, number][]): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: seconds * sampleRate }, (_, at) =>
    silences.some(([from, to]) => at >= from * sampleRate && at < to * sampleRate) ? 0 : Math.sin(at / 10) / 2,
  );
}

it('leaves a short recording whole', () => {
  expect(cutAtPauses(tone(20, []))).toEqual([{ start: 0, end: 20 * sampleRate }]);
});

it('cuts a long one in its pauses, without gaps', () => {
  const samples = tone(70, [
    [22, 22.5],
    [45, 45.5],
  ]);
  const pieces = cutAtPauses(samples);
  expect(pieces).toHaveLength(3);
  expect(pieces[0]!.end / sampleRate).toBeGreaterThan(22);
  expect(pieces[0]!.end / sampleRate).toBeLessThan(22.5);
  expect(pieces[1]!.end / sampleRate).toBeGreaterThan(45);
  expect(pieces[1]!.end / sampleRate).toBeLessThan(45.5);
  expect(pieces.slice(1).map(({ start }) => start)).toEqual(pieces.slice(0, -1).map(({ end }) => end));
  expect(pieces.at(-1)!.end).toBe(samples.length);
});

it('gives pieces of at most half a minute where nothing pauses', () => {
  for (const { start, end } of cutAtPauses(tone(100, []))) expect(end - start).toBeLessThan(30 * sampleRate);
});

it('draws the loudest as 1 and silence as 0', () => {
  const peaks = peaksOf(tone(2, [[1, 2]]), 10);
  expect(Math.max(...peaks)).toBe(1);
  expect([...peaks.slice(5)]).toEqual([0, 0, 0, 0, 0]);
});
