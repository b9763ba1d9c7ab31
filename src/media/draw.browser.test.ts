import { describe, expect, it } from 'vitest';
import { drawDetections, drawMask, labelColor } from './draw.ts';

function canvasOf(width: number, height: number, color = 'white'): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = color;
  context.fillRect(0, 0, width, height);
  return canvas;
}

const colorAt = (canvas: OffscreenCanvas, x: number, y: number) => {
  const [red, green, blue] = canvas.getContext('2d')!.getImageData(x, y, 1, 1).data;
  return `rgb(${red} ${green} ${blue})`;
};

const pixelsOf = (canvas: OffscreenCanvas) =>
  canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;

/** How many pixels are of a colour. */
function count(canvas: OffscreenCanvas, color: string): number {
  const data = pixelsOf(canvas);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (`rgb(${data[at]} ${data[at + 1]} ${data[at + 2]})` === color) found++;
  }
  return found;
}

const cat = { label: 'cat', score: 0.987, box: { xmin: 100, ymin: 100, xmax: 300, ymax: 250 } };

describe('drawDetections', () => {
  it('draws the edge of the box in the colour of its label, and leaves the inside alone', () => {
    const canvas = canvasOf(400, 300);
    drawDetections(canvas, [cat]);
    for (const [x, y] of [
      [100, 200],
      [300, 200],
      [200, 250],
    ] as const) {
      expect(colorAt(canvas, x, y), `${x}, ${y}`).toBe(labelColor('cat'));
    }
    expect(colorAt(canvas, 200, 200)).toBe('rgb(255 255 255)');
    expect(colorAt(canvas, 50, 50)).toBe('rgb(255 255 255)');
  });

  it('shows on a ground of its own colour too', () => {
    const canvas = canvasOf(400, 300, labelColor('cat'));
    const before = pixelsOf(canvas);
    drawDetections(canvas, [cat]);
    const changed = pixelsOf(canvas).filter((value, index) => value !== before[index]);
    expect(changed.length).toBeGreaterThan(2 * (200 + 150));
  });

  it('takes boxes of an image of another size, and of 0..1', () => {
    const [whole, parts, scaled] = [canvasOf(400, 300), canvasOf(400, 300), canvasOf(400, 300)];
    drawDetections(whole, [cat]);
    const part = { ...cat, box: { xmin: 0.25, ymin: 1 / 3, xmax: 0.75, ymax: 2.5 / 3 } };
    drawDetections(parts, [part], { imageSize: { width: 1, height: 1 } });
    const double = { ...cat, box: { xmin: 200, ymin: 200, xmax: 600, ymax: 500 } };
    drawDetections(scaled, [double], { imageSize: { width: 800, height: 600 } });
    expect(pixelsOf(parts)).toEqual(pixelsOf(whole));
    expect(pixelsOf(scaled)).toEqual(pixelsOf(whole));
  });

  it.each([
    [40, 30],
    [1600, 1200],
    [2000, 100],
  ])('keeps the chip on the canvas, where the box is in a corner: %i x %i', (width, height) => {
    const box = { xmin: width - 4, ymin: 0, xmax: width, ymax: height };
    const [bare, labelled] = [canvasOf(width, height), canvasOf(width, height)];
    drawDetections(bare, [{ box }]);
    drawDetections(labelled, [{ box, label: 'cat' }]);
    const edge = count(bare, labelColor(''));
    // At least two letters of the smallest text, or what the canvas has room for.
    expect(count(labelled, labelColor('cat')) - edge).toBeGreaterThan(Math.min(2 * 6 * 12, (width * height) / 8));
  });

  it('puts what is more certain on top', () => {
    const canvas = canvasOf(400, 300);
    const { box } = cat;
    drawDetections(canvas, [
      { label: 'cat', score: 0.9, box },
      { label: 'dog', score: 0.4, box },
    ]);
    expect(colorAt(canvas, 100, 200)).toBe(labelColor('cat'));
  });

  it('draws in pixels of the canvas, and puts the state of the context back', () => {
    const [plain, scaled] = [canvasOf(400, 300), canvasOf(400, 300)];
    const context = scaled.getContext('2d')!;
    context.setTransform(2, 0, 0, 2, 5, 5);
    context.globalAlpha = 0.3;
    context.font = '10px serif';
    drawDetections(context, [cat]);
    drawDetections(plain, [cat]);
    expect(pixelsOf(scaled)).toEqual(pixelsOf(plain));
    expect([context.getTransform().a, context.globalAlpha, context.font]).toEqual([
      2,
      expect.closeTo(0.3),
      '10px serif',
    ]);
  });

  it('draws a box that has neither label nor score, and nothing for none', () => {
    const canvas = canvasOf(400, 300);
    drawDetections(canvas, []);
    expect(count(canvas, 'rgb(255 255 255)')).toBe(400 * 300);
    drawDetections(canvas, [{ box: cat.box }]);
    expect(colorAt(canvas, 100, 200)).toBe(labelColor(''));
  });
});

describe('drawMask', () => {
  const mask = { data: Uint8Array.of(255, 0, 0, 255), width: 2, height: 2 };

  it('lays the colour over what the mask has, at the size of the canvas', () => {
    const canvas = canvasOf(400, 400, 'black');
    drawMask(canvas, mask, { color: 'rgb(200 100 50)' });
    expect(colorAt(canvas, 20, 20)).toMatch(/^rgb\((99|100|101) (49|50|51) (24|25|26)\)$/);
    expect(colorAt(canvas, 380, 20)).toBe('rgb(0 0 0)');
  });

  it('takes floats of 0..1 for the same as bytes of 0..255', () => {
    const [bytes, floats] = [canvasOf(2, 2), canvasOf(2, 2)];
    drawMask(bytes, { data: Uint8ClampedArray.of(0, 51, 102, 255), width: 2, height: 2 });
    drawMask(floats, { data: Float32Array.of(0, 0.2, 0.4, 1), width: 2, height: 2 });
    expect(pixelsOf(floats)).toEqual(pixelsOf(bytes));
    expect(count(bytes, 'rgb(255 255 255)')).toBe(1);
  });

  it('has the colour of its label where it hides everything', () => {
    const canvas = canvasOf(1, 1);
    drawMask(canvas, { data: Uint8Array.of(255), width: 1, height: 1 }, { label: 'cat', opacity: 1 });
    expect(colorAt(canvas, 0, 0)).toBe(labelColor('cat'));
  });

  it('refuses a mask of another size than it says', () => {
    expect(() => drawMask(canvasOf(2, 2), { ...mask, width: 3 })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining('4 values, not 3 x 2') }),
    );
  });
});

describe('what is no canvas to draw on', () => {
  it.each<[unknown, RegExp]>([
    [null, /null/],
    [document.createElement('img'), /HTMLImageElement/],
    [
      (() => {
        const canvas = document.createElement('canvas');
        canvas.getContext('bitmaprenderer');
        return canvas;
      })(),
      /another kind/,
    ],
  ])('is refused', (target, message) => {
    for (const draw of [
      () => drawDetections(target as HTMLCanvasElement, []),
      () => drawMask(target as HTMLCanvasElement, { data: new Uint8Array(1), width: 1, height: 1 }),
    ]) {
      expect(draw).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(message) }));
    }
  });
});
