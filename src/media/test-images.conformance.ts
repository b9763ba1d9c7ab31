/** Two by two pixels: red, green, blue, and a white of half opacity. */
export const fourPixels = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 128];

/** A canvas with known pixels. */
export function testCanvas(pixels: readonly number[] = fourPixels, width = 2): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height: pixels.length / 4 / width });
  canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(pixels), width), 0, 0);
  return canvas;
}

export function testBlob(canvas = testCanvas(), type = 'image/png'): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(`No ${type}.`))), type),
  );
}

/** The pixels of whatever can be drawn. */
export function pixelsOf(drawn: CanvasImageSource & { width: number; height: number }): number[] {
  const context = new OffscreenCanvas(drawn.width, drawn.height).getContext('2d')!;
  context.drawImage(drawn, 0, 0);
  return [...context.getImageData(0, 0, drawn.width, drawn.height).data];
}
