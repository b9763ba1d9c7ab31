import { InsituError } from '../../errors/insitu-error.ts';
import { type DrawTarget, drawOn } from './draw-target.ts';
import { labelColor } from './label-color.ts';

/** What belongs to an object, a value for each pixel, row by row: bytes of 0..255, or floats of 0..1. */
export interface MaskToDraw {
  data: Uint8Array | Uint8ClampedArray | Float32Array;
  width: number;
  height: number;
}

/** How {@link drawMask} draws. */
export interface DrawMaskOptions {
  /** Gives the mask the colour that boxes of this label have. @default '' */
  label?: string;
  /** A CSS colour in place of that of the label. */
  color?: string;
  /** How much of the image it hides where the mask is full, 0..1. @default 0.5 */
  opacity?: number;
}

/**
 * Lays a mask over a canvas that shows the whole image, whatever the size of either.
 *
 * @throws InsituError `INPUT_INVALID` for what is no canvas, or a mask with more or fewer values than its size says.
 *
 * @example
 * for (const { label, mask } of await segment(image)) drawMask(context, mask, { label });
 */
export function drawMask(target: DrawTarget, mask: MaskToDraw, options: DrawMaskOptions = {}): void {
  const { label = '', color = labelColor(label), opacity = 0.5 } = options;
  drawOn(target, (context) => {
    context.globalAlpha = opacity;
    context.drawImage(colored(mask, color), 0, 0, context.canvas.width, context.canvas.height);
  });
}

/** The colour, as opaque as the mask is full. */
function colored({ data, width, height }: MaskToDraw, color: string): OffscreenCanvas {
  if (data.length !== width * height) {
    throw new InsituError('INPUT_INVALID', `The mask has ${data.length} values, not ${width} x ${height}.`, {
      hint: 'Pass one value for each pixel; of an RGBA image, take one channel.',
    });
  }
  const pixels = new ImageData(width, height);
  const scale = data instanceof Float32Array ? 255 : 1;
  for (let index = 0; index < data.length; index++) pixels.data[index * 4 + 3] = data[index]! * scale;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.putImageData(pixels, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = color;
  context.fillRect(0, 0, width, height);
  return canvas;
}
