import { type DrawTarget, drawOn } from './draw-target.ts';
import { type Rgb, css, labelRgb, readableOn } from './label-color.ts';

export type { DrawTarget } from './draw-target.ts';

/** An object that was found, as `object-detection` and its relatives give it. */
export interface DetectionToDraw {
  /** What it is. */
  label?: string;
  /** How certain that is, 0..1. */
  score?: number;
  /** In pixels of the image. */
  box: { xmin: number; ymin: number; xmax: number; ymax: number };
}

/** How {@link drawDetections} draws. */
export interface DrawDetectionsOptions {
  /** The size of the image that the boxes are of. @default the size of the canvas; `{ width: 1, height: 1 }` for boxes of 0..1 */
  imageSize?: { width: number; height: number };
}

/** Against the shorter side of the canvas. */
const [linePart, textPart] = [1 / 250, 1 / 32];
const [thinnestLine, smallestText] = [2, 12];

/**
 * Draws boxes with labels on a canvas that shows the whole image. Lines and text grow with the canvas, each label has a colour of its
 * own ({@link labelColor}), and what is more certain lies on top.
 *
 * @throws InsituError `INPUT_INVALID` for what is no canvas.
 *
 * @example
 * context.drawImage(image, 0, 0);
 * drawDetections(context, await detect(image));
 */
export function drawDetections(
  target: DrawTarget,
  detections: readonly DetectionToDraw[],
  options: DrawDetectionsOptions = {},
): void {
  drawOn(target, (context) => {
    const { width, height } = context.canvas;
    const { imageSize = { width, height } } = options;
    const side = Math.min(width, height);
    const line = Math.max(thinnestLine, Math.round(side * linePart));
    const fontSize = Math.max(smallestText, Math.round(side * textPart));
    context.font = `600 ${fontSize}px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (const { label = '', score, box } of [...detections].sort((a, b) => (a.score ?? 0) - (b.score ?? 0))) {
      const left = (box.xmin / imageSize.width) * width;
      const top = (box.ymin / imageSize.height) * height;
      const right = (box.xmax / imageSize.width) * width;
      const bottom = (box.ymax / imageSize.height) * height;
      const color = labelRgb(label);
      // The edge in the other brightness shows the line on a ground of its own colour.
      for (const [stroke, lineWidth] of [
        [readableOn(color), line * 2],
        [color, line],
      ] as const) {
        context.strokeStyle = css(stroke);
        context.lineWidth = lineWidth;
        context.strokeRect(left, top, right - left, bottom - top);
      }
      const percent = score === undefined ? '' : `${Math.round(score * 100)}%`;
      drawChip(context, [label, percent].filter(Boolean).join(' '), { left, top, color, line, fontSize });
    }
  });
}

interface Chip {
  left: number;
  top: number;
  color: Rgb;
  line: number;
  fontSize: number;
}

/** On top of the box, or within it where the canvas ends above. */
function drawChip(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  text: string,
  { left, top, color, line, fontSize }: Chip,
): void {
  if (text === '') return;
  const { canvas } = context;
  const padding = fontSize / 3;
  const width = Math.min(context.measureText(text).width + 2 * padding, canvas.width);
  const height = fontSize + padding;
  const x = Math.max(0, Math.min(left - line, canvas.width - width));
  const y = Math.max(0, Math.min(top - line >= height ? top - line - height : top, canvas.height - height));
  context.fillStyle = css(color);
  context.fillRect(x, y, width, height);
  context.fillStyle = css(readableOn(color));
  context.fillText(text, x + padding, y + height / 2, width - 2 * padding);
}
