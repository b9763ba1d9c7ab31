import { describe, expect, it } from 'vitest';
import { channelTables, channelValues } from './channel-values.ts';

const pixels = Uint8ClampedArray.of(0, 51, 102, 255, 153, 204, 255, 255);

describe('channelValues', () => {
  it('gives a plane for each colour', () => {
    expect([...channelValues(pixels, channelTables({}))!]).toEqual([0, 153, 51, 204, 102, 255]);
  });

  it('rescales and normalises each colour by its own numbers, rounded after each step', () => {
    const mean = [0.485, 0.456, 0.406];
    const deviation = [0.229, 0.224, 0.225];
    const tables = channelTables({ rescale: 1 / 255, normalize: { mean, deviation } });
    const expected = (value: number, colour: number) =>
      Math.fround((Math.fround(value / 255) - mean[colour]!) / deviation[colour]!);
    expect([...channelValues(pixels, tables)!]).toEqual([
      expected(0, 0),
      expected(153, 0),
      expected(51, 1),
      expected(204, 1),
      expected(102, 2),
      expected(255, 2),
    ]);
  });

  it('gives blue first, normalised as blue, to models that want it so', () => {
    const normalize = { mean: [0, 0, 100], deviation: [1, 1, 1] };
    const tables = channelTables({ normalize, reversed: true });
    expect([...channelValues(pixels, tables, true)!]).toEqual([2, 155, 51, 204, 0, 153]);
  });

  it('gives nothing for a picture that is not opaque', () => {
    const tables = channelTables({});
    expect(channelValues(pixels, tables)).toBeDefined();
    expect(channelValues(Uint8ClampedArray.of(1, 2, 3, 254, 1, 2, 3, 255), tables)).toBeUndefined();
  });
});
