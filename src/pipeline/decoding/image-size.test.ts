import { describe, expect, it } from 'vitest';
import { imageSizeOf } from './image-size.ts';

const bytesOf = (text: string) => [...text].map((character) => character.charCodeAt(0));
const big16 = (value: number) => [value >> 8, value & 255];
const little16 = (value: number) => [value & 255, value >> 8];
const little32 = (value: number) => [...little16(value & 0xffff), ...little16(value >>> 16)];
const zeros = (count: number) => Array.from({ length: count }, () => 0);
const sizeOf = (bytes: number[]) => imageSizeOf(new Blob([Uint8Array.from(bytes), new Uint8Array(32)]));

const segment = (marker: number, content: number[]) => [0xff, marker, ...big16(content.length + 2), ...content];
const frame = (marker: number) => segment(marker, [8, ...big16(300), ...big16(500), 3]);
const start = [0xff, 0xd8];

describe('the size that the head of a file tells', () => {
  it.each([
    ['PNG', [0x89, ...bytesOf('PNG\r\n\x1a\n'), 0, 0, 0, 13, ...bytesOf('IHDR'), 0, 0, 1, 244, 0, 0, 1, 44]],
    ['GIF', [...bytesOf('GIF89a'), ...little16(500), ...little16(300)]],
    ['BMP', [...bytesOf('BM'), ...zeros(12), ...little32(40), ...little32(500), ...little32(300)]],
    ['BMP from the top', [...bytesOf('BM'), ...zeros(12), ...little32(40), ...little32(500), ...little32(-300)]],
    ['BMP with the old head', [...bytesOf('BM'), ...zeros(12), ...little32(12), ...little16(500), ...little16(300)]],
    ['WebP', [...bytesOf('RIFF....WEBPVP8 '), ...zeros(10), ...little16(500), ...little16(300)]],
    ['lossless WebP', [...bytesOf('RIFF....WEBPVP8L'), ...zeros(4), 0x2f, ...little32(499 | (299 << 14))]],
    ['extended WebP', [...bytesOf('RIFF....WEBPVP8X'), ...zeros(8), 243, 1, 0, 43, 1, 0]],
    ['JPEG', [...start, ...frame(0xc0)]],
    ['progressive JPEG', [...start, ...segment(0xe0, zeros(14)), ...frame(0xc2)]],
    ['JPEG with tables first', [...start, ...segment(0xc4, zeros(30)), ...frame(0xc0)]],
    ['JPEG with filling bytes', [...start, 0xff, 0xff, ...frame(0xc0)]],
    ['JPEG with large profiles', [...start, ...[1, 2, 3].flatMap(() => segment(0xe2, zeros(65_000))), ...frame(0xc1)]],
    ['JPEG whose frame lies across what is read at once', [...start, ...segment(0xe2, zeros(65_528)), ...frame(0xc0)]],
  ])('%s', async (_, bytes) => {
    expect(await sizeOf(bytes)).toEqual({ width: 500, height: 300 });
  });

  it.each([
    ['nothing', []],
    ['text', bytesOf('just some text')],
    ['a sound in RIFF', bytesOf('RIFF....WAVEfmt ')],
    ['an unknown WebP', bytesOf('RIFF....WEBPVP9 ')],
    ['a JPEG without a frame', [...start, ...segment(0xe0, zeros(14))]],
  ])('is unknown of %s', async (_, bytes) => {
    expect(await sizeOf(bytes)).toBeUndefined();
  });

  it.each([
    ['PNG', [0x89, ...bytesOf('PNG')]],
    ['JPEG', start],
    ['JPEG within a segment', [...start, 0xff, 0xe0, 255]],
    ['BMP', bytesOf('BM')],
  ])('is unknown where the file ends: %s', async (_, bytes) => {
    expect(await imageSizeOf(new Blob([Uint8Array.from(bytes)]))).toBeUndefined();
  });
});
