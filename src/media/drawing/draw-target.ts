import { describe } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import { typeTag } from '../type-tag.ts';

/** A canvas, or its 2D context. */
export type DrawTarget =
  | HTMLCanvasElement
  | OffscreenCanvas
  | CanvasRenderingContext2D
  | OffscreenCanvasRenderingContext2D;

/**
 * Draws with a fresh state, in pixels of the canvas, and puts the state of the context back.
 *
 * @throws InsituError `INPUT_INVALID`
 */
export function drawOn(
  target: DrawTarget,
  draw: (context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D) => void,
): void {
  const context = contextOf(target);
  context.save();
  context.resetTransform();
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
  try {
    draw(context);
  } finally {
    context.restore();
  }
}

function contextOf(target: DrawTarget): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D {
  if (typeTag(target).endsWith('RenderingContext2D')) return target as CanvasRenderingContext2D;
  const context =
    typeof target === 'object' && target !== null && 'getContext' in target ? target.getContext('2d') : undefined;
  if (context) return context as CanvasRenderingContext2D;
  const message =
    context === null ? 'The canvas has a context of another kind.' : `There is no drawing on ${describe(target)}.`;
  throw new InsituError('INPUT_INVALID', message, {
    hint: 'Pass a <canvas>, an OffscreenCanvas, or the 2D context of one.',
  });
}
