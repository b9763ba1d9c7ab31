import { encodePhoto, imageFiles, uprightTiles } from './support/image-files.ts';
import { expect, test } from './support/test.ts';
import { tileSize } from './support/tile-jpeg.ts';

interface Decoded {
  width: number;
  height: number;
  data: number[];
}

/** What `createImageBitmap` makes of a served file, or its error. */
async function decode(page: import('@playwright/test').Page, name: string): Promise<Decoded | string> {
  return page.evaluate(async (file) => {
    const blob = await (await fetch(`/test-images/${file}`)).blob();
    try {
      const bitmap = await createImageBitmap(blob);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { width, height, data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      return { width, height, data: [...data] };
    } catch (error) {
      return (error as Error).name;
    }
  }, name);
}

test.beforeEach(({ page, site }) => page.goto(`${site.url}/pages/transformers.html`));

test('a photo is shown the same, however the camera was held', async ({ page }) => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const image = (await decode(page, `held-${orientation}.jpg`)) as Decoded;
    expect([image.width, image.height], `orientation ${orientation}`).toEqual([4 * tileSize, 2 * tileSize]);
    for (const [y, row] of uprightTiles.entries()) {
      for (const [x, colour] of row.entries()) {
        const pixel = 4 * ((y + 0.5) * tileSize * image.width + (x + 0.5) * tileSize);
        for (const [channel, value] of colour.entries()) {
          expect(Math.abs(image.data[pixel + channel]! - value), `${orientation}: ${x}, ${y}`).toBeLessThan(4);
        }
      }
    }
  }
});

test('how a photo is stored differs with how the camera was held', () => {
  const stored = Array.from({ length: 8 }, (_, index) => encodePhoto(index + 1).toString('base64'));
  expect(new Set(stored).size).toBe(8);
});

test('a picture is transparent in part', async ({ page }) => {
  const { data } = (await decode(page, 'transparent.png')) as Decoded;
  const alphas = data.filter((_, index) => index % 4 === 3);
  expect(alphas.slice(0, 8)).toEqual([0, 36, 73, 109, 146, 182, 219, 255]);
});

test('files without a whole picture have no pixels', async ({ page }) => {
  expect(Object.keys(imageFiles)).toHaveLength(12);
  for (const name of ['header-only.jpg', 'text.jpg', 'broken-off.jpg'])
    expect(await decode(page, name), name).toBe('InvalidStateError');
});
