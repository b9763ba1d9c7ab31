// @ts-check
import { RawImage } from '@huggingface/transformers';

export const width = 90;
export const height = 60;

/**
 * @param {(x: number, y: number) => [red: number, green: number, blue: number]} colour Of a place, both from 0 to 1; each from 0
 *   to 255.
 */
function paint(colour) {
  const data = new Uint8ClampedArray(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x / width, y / height), 3 * (y * width + x));
  }
  return new RawImage(data, width, height, 3);
}

/** @param {{ x: number, y: number }} centre */
const disc = (centre) =>
  paint((x, y) => (Math.hypot((x - centre.x) * 1.5, y - centre.y) < 0.25 ? [230, 60, 20] : [30, 60 + 90 * y, 150]));

export const scene = disc({ x: 0.3, y: 0.4 });
// Changed in one place alone: the disc elsewhere, and otherwise the colours.
export const images = [
  scene,
  disc({ x: 0.7, y: 0.4 }),
  disc({ x: 0.3, y: 0.7 }),
  paint((x, y) => [200 * x, 120, 250 * y]),
  paint((x, y) => [255 * y, 255 * x, 40]),
];
