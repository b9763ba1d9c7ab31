import { crc32, deflateSync } from 'node:zlib';
import { type Colour, encodeTileJpeg } from './tile-jpeg.ts';

/** The tiles of the picture in the photos, as a viewer shows it. */
export const uprightTiles: readonly (readonly Colour[])[] = [
  [
    [230, 40, 30],
    [250, 220, 40],
    [40, 170, 60],
    [30, 60, 200],
  ],
  [
    [120, 30, 150],
    [250, 250, 250],
    [130, 130, 130],
    [10, 10, 10],
  ],
];

/**
 * The same picture as a camera stores it that was held in another way: Exif 2.32, 4.6.4 A.
 *
 * @param orientation From 1 to 8.
 */
export function encodePhoto(orientation: number): Buffer {
  const isTurned = orientation > 4;
  const columns = uprightTiles[0]?.keys() ?? [];
  const turned = [...columns].map((column) => uprightTiles.map((row) => row[column] ?? black));
  const rows = (isTurned ? turned : uprightTiles).map((row) =>
    [2, 3, 7, 8].includes(orientation) ? [...row].reverse() : row,
  );
  return encodeTileJpeg([3, 4, 6, 7].includes(orientation) ? rows.reverse() : rows, orientation);
}

const black: Colour = [0, 0, 0];

/** A PNG of eight by four pixels that is clear on the left and covers on the right. */
export function encodeTransparentPng(): Buffer {
  const width = 8;
  const height = 4;
  const lines = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (__, x) => [200, 60 * y, 30, Math.round((255 * x) / (width - 1))]).flat(),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each of red, green, blue and alpha.
  header.set([8, 6], 8);
  return Buffer.concat([
    Buffer.from([0x89, ...Buffer.from('PNG\r\n\x1a\n')]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.from(lines.flat()))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), content]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(content.length, 0);
  numbers.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([numbers.subarray(0, 4), named, numbers.subarray(4)]);
}

/**
 * Pictures that tests give to the library, served below `/test-images/`: one photo held in eight ways, one that breaks off within its
 * pixels, one that does so within its header, a picture that is in part transparent, and text that is called a photo.
 */
export const imageFiles: Readonly<Record<string, Buffer>> = Object.freeze({
  ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`held-${index + 1}.jpg`, encodePhoto(index + 1)])),
  'broken-off.jpg': encodePhoto(1).subarray(0, -12),
  'header-only.jpg': encodePhoto(1).subarray(0, 60),
  'transparent.png': encodeTransparentPng(),
  'text.jpg': Buffer.from('This is no photo.\n'),
});
