export {
  type DetectionToDraw,
  type DrawDetectionsOptions,
  type DrawTarget,
  drawDetections,
} from './drawing/draw-detections.ts';
export { type DrawMaskOptions, type MaskToDraw, drawMask } from './drawing/draw-mask.ts';
export { labelColor } from './drawing/label-color.ts';
