/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Width and height of a tile: a block of a JPEG. */
export const tileSize = 8;

/**
 * A baseline JPEG (ITU-T T.81) of tiles of one colour each. Such a block has one coefficient, so all that is to be encoded are
 * differences between tiles.
 *
 * @param rows Of equal length.
 * @param orientation Exif's tag 0x112, by which a camera tells how it was held. Without it there is no Exif.
 */
export function encodeTileJpeg(rows: readonly (readonly Colour[])[], orientation?: number): Buffer {
  const height = rows.length * tileSize;
  const width = (rows[0]?.length ?? 0) * tileSize;
  const components = [1, 2, 3];
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, ...word(1), ...word(1), 0, 0]),
    ...(orientation === undefined ? [] : [segment(0xe1, exifOf(orientation))]),
    segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    segment(0xc0, [8, ...word(height), ...word(width), 3, ...components.flatMap((id) => [id, 0x11, 0])]),
    segment(0xc4, [0x00, ...categoryCounts, ...categoryCodes.keys()]),
    segment(0xc4, [0x10, 1, ...Array.from({ length: 15 }, () => 0), endOfBlock]),
    segment(0xda, [3, ...components.flatMap((id) => [id, 0]), 0, 63, 0]),
    scanOf(rows.flat()),
    Buffer.of(0xff, 0xd9),
  ]);
}

/** How many codes have one bit, two bits, and so on: table K.3 of the standard. */
const categoryCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
/** The code of each count of bits that a difference takes, as the counts above give them. */
const categoryCodes = ['00', '010', '011', '100', '101', '110', '1110', '11110', '111110'].concat([
  '1111110',
  '11111110',
  '111111110',
]);
const endOfBlock = 0;
const endOfBlockCode = '0';

function word(value: number): number[] {
  return [value >> 8, value & 0xff];
}

function segment(marker: number, content: readonly number[]): Buffer {
  return Buffer.from([0xff, marker, ...word(content.length + 2), ...content]);
}

/** A TIFF header in big endian, and one directory with one entry. */
function exifOf(orientation: number): number[] {
  const entry = [...word(0x112), ...word(3), 0, 0, 0, 1, ...word(orientation), 0, 0];
  return [...Buffer.from('Exif\0\0MM'), ...word(42), 0, 0, 0, 8, ...word(1), ...entry, 0, 0, 0, 0];
}

function scanOf(tiles: readonly Colour[]): Buffer {
  let bits = '';
  let last = [0, 0, 0];
  for (const tile of tiles) {
    // The first coefficient of a block is eight times its mean.
    const values = luminanceAndChrominance(tile).map((value) => Math.round(8 * (value - 128)));
    bits += values.map((value, index) => differenceBits(value - (last[index] ?? 0)) + endOfBlockCode).join('');
    last = values;
  }
  const bytes = (bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g) ?? []).map((byte) =>
    parseInt(byte, 2),
  );
  return Buffer.from(bytes.flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte])));
}

/** JFIF 1.02, page 3. */
function luminanceAndChrominance([red, green, blue]: Colour): number[] {
  return [
    0.299 * red + 0.587 * green + 0.114 * blue,
    128 - 0.1687 * red - 0.3313 * green + 0.5 * blue,
    128 + 0.5 * red - 0.4187 * green - 0.0813 * blue,
  ].map((value) => Math.min(255, value));
}

/** How many bits the difference takes, then those bits; a negative one is told by its complement. */
function differenceBits(difference: number): string {
  const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
  if (size === 0) return categoryCodes[0] ?? '';
  const value = difference > 0 ? difference : difference + 2 ** size - 1;
  return (categoryCodes[size] ?? '') + value.toString(2).padStart(size, '0');
}
