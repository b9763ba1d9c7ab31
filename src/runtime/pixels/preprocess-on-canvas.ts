import { ImageProcessor as BaseProcessor, type RawImage, Tensor } from '@huggingface/transformers';
import type { DrawnImage } from '../runtime.ts';
import { channelTables, channelValues } from './channel-values.ts';
import { sourceOf } from './raw-image.ts';

type Size = [width: number, height: number];

/** An image processor of transformers.js, with the settings of its `preprocessor_config.json` and its defaults for them. */
export interface ImageProcessor {
  readonly do_convert_rgb?: boolean;
  readonly do_resize?: boolean;
  readonly size?: unknown;
  readonly do_center_crop?: boolean;
  readonly crop_size?: number | { readonly width: number; readonly height: number };
  readonly do_rescale?: boolean;
  readonly rescale_factor?: number;
  readonly do_normalize?: boolean;
  readonly image_mean?: number | readonly number[];
  readonly image_std?: number | readonly number[];
  readonly do_flip_channel_order?: boolean;
  readonly do_pad?: boolean;
  readonly do_thumbnail?: boolean;
  readonly do_crop_margin?: boolean;
  readonly resize: unknown;
  readonly rescale: unknown;
  get_resize_output_image_size(image: { size: Size }, size: unknown): Size;
  preprocess(image: RawImage, overrides?: object): Promise<PreprocessedImage>;
}

/** Sizes are height and width. */
interface PreprocessedImage {
  original_size: [number, number];
  reshaped_input_size: [number, number];
  pixel_values: Tensor;
}

/**
 * Lets a processor make a model's input of an image's canvas, so that only the few pixels that the model sees are read and walked
 * over once. It draws as transformers.js draws, so the values are the same. Images that are not opaque, and processors that do more
 * than resize, crop, rescale and normalise, stay with transformers.js.
 */
export function preprocessOnCanvas(processor: ImageProcessor): void {
  if (!isPlain(processor)) return;
  const reversed = processor.do_flip_channel_order ?? false;
  const tables = channelTables({
    ...(processor.do_rescale && { rescale: processor.rescale_factor! }),
    ...(processor.do_normalize && {
      normalize: { mean: threeOf(processor.image_mean)!, deviation: threeOf(processor.image_std)! },
    }),
    reversed,
  });
  const preprocess = processor.preprocess;
  processor.preprocess = async (image, overrides) => {
    const source = overrides ? undefined : sourceOf(image);
    if (source) {
      const { canvas, width, height } = cropped(resized(onCanvas(source), processor), processor);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const values = channelValues(context.getImageData(0, 0, width, height).data, tables, reversed);
      if (values) {
        return {
          original_size: [source.height, source.width],
          reshaped_input_size: [height, width],
          pixel_values: new Tensor('float32', values, [3, height, width]),
        };
      }
    }
    return preprocess.call(processor, image, overrides);
  };
}

/** Whether a processor takes no other steps than those here. */
function isPlain(processor: ImageProcessor): boolean {
  const base = BaseProcessor.prototype as unknown as ImageProcessor;
  const { do_normalize, image_mean, image_std, do_center_crop, crop_size } = processor;
  return (
    processor.preprocess === base.preprocess &&
    processor.resize === base.resize &&
    processor.rescale === base.rescale &&
    processor.do_convert_rgb === true &&
    !processor.do_pad &&
    !processor.do_thumbnail &&
    !processor.do_crop_margin &&
    (!do_normalize || (threeOf(image_mean) !== undefined && threeOf(image_std) !== undefined)) &&
    (!do_center_crop || crop_size !== undefined)
  );
}

/** A number for each colour. */
function threeOf(value: number | readonly number[] | undefined): readonly number[] | undefined {
  if (typeof value === 'number') return [value, value, value];
  return value?.length === 3 ? value : undefined;
}

interface Drawn {
  canvas: OffscreenCanvas;
  width: number;
  height: number;
}

function onCanvas(image: DrawnImage): Drawn {
  const { canvas, width, height } = image;
  if (canvas) return { canvas, width, height };
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.putImageData(new ImageData(image.pixels, width, height), 0, 0);
  return { canvas: context.canvas, width, height };
}

function resized(image: Drawn, processor: ImageProcessor): Drawn {
  if (!processor.do_resize) return image;
  const [width, height] = processor.get_resize_output_image_size({ size: [image.width, image.height] }, processor.size);
  if (width === image.width && height === image.height) return image;
  return draw(width, height, (context) => context.drawImage(image.canvas, 0, 0, width, height));
}

/** As in transformers.js, the middle may be between two pixels; what is outside of the image stays transparent. */
function cropped(image: Drawn, { do_center_crop, crop_size }: ImageProcessor): Drawn {
  if (!do_center_crop) return image;
  const { width, height } = typeof crop_size === 'number' ? { width: crop_size, height: crop_size } : crop_size!;
  if (width === image.width && height === image.height) return image;
  const left = (image.width - width) / 2;
  const top = (image.height - height) / 2;
  return draw(width, height, (context) =>
    context.drawImage(
      image.canvas,
      Math.max(left, 0),
      Math.max(top, 0),
      width,
      height,
      Math.max(-left, 0),
      Math.max(-top, 0),
      width,
      height,
    ),
  );
}

/** Not where pixels are read best: a graphics card resizes a little differently, and transformers.js lets it. */
function draw(width: number, height: number, paint: (context: OffscreenCanvasRenderingContext2D) => void): Drawn {
  const canvas = new OffscreenCanvas(width, height);
  paint(canvas.getContext('2d')!);
  return { canvas, width, height };
}
