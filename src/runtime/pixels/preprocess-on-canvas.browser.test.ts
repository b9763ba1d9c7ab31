import {
  CLIPImageProcessor,
  ConvNextImageProcessor,
  DPTImageProcessor,
  DetrImageProcessor,
  MobileNetV2ImageProcessor,
  MobileViTImageProcessor,
  RawImage,
  Swin2SRImageProcessor,
  type Tensor,
  ViTImageProcessor,
} from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../pipeline/decoding/decode-image.ts';
import { type ImageProcessor, preprocessOnCanvas } from './preprocess-on-canvas.ts';
import { sourceOf, toRawImage } from './raw-image.ts';

type Processor = ((image: RawImage) => Promise<Record<string, unknown> & { pixel_values: Tensor }>) & ImageProcessor;

const { signal } = new AbortController();
const normal = {
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};
const crop = { do_center_crop: true, crop_size: { height: 224, width: 224 } };
const fixed = { ...normal, do_resize: true, size: { width: 48, height: 32 } };

/** No pixel is like its neighbours. */
async function picture(
  width: number,
  height: number,
  { type = 'image/png', opacity = (): number => 255 } = {},
): Promise<Blob> {
  const image = new ImageData(width, height);
  for (let index = 0; index < image.data.length; index++) image.data[index] = (index * 7919 + (index >> 3) * 31) % 256;
  for (let index = 3; index < image.data.length; index += 4) image.data[index] = opacity();
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type });
}

const create = (Class: new (config: never) => unknown, config: object) => new Class(config as never) as Processor;

async function process(Class: new (config: never) => unknown, config: object, blob: Blob) {
  const reference = await create(Class, config)(await RawImage.fromBlob(blob));
  const processor = create(Class, config);
  preprocessOnCanvas(processor);
  const raw = toRawImage(await decodeImage({ kind: 'image-blob', blob }, signal));
  const own = await processor(raw);
  return { own, reference, onCanvas: sourceOf(raw) !== undefined };
}

/** Everything that a processor gives, with numbers as they are. */
const plain = (result: object) =>
  Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && 'dims' in value
        ? { dims: value.dims, data: [...((value as Tensor).data as Float32Array)].map(Number) }
        : value,
    ]),
  );

describe('preprocessOnCanvas', () => {
  it.each<[string, new (config: never) => unknown, object]>([
    ['a fixed size', ViTImageProcessor, fixed],
    ['a size of one number', ViTImageProcessor, { ...fixed, size: 40 }],
    [
      'the shortest edge, then the middle',
      MobileNetV2ImageProcessor,
      { ...normal, ...crop, size: { shortest_edge: 256 } },
    ],
    [
      'a middle between two pixels',
      CLIPImageProcessor,
      { ...normal, size: { shortest_edge: 36 }, do_center_crop: true, crop_size: 31 },
    ],
    ['the middle alone', CLIPImageProcessor, { ...normal, do_resize: false, do_center_crop: true, crop_size: 20 }],
    ['a longest edge, and a mask', DetrImageProcessor, { ...normal, size: { shortest_edge: 64, longest_edge: 80 } }],
    ['multiples, as high as wide', DPTImageProcessor, { ...fixed, keep_aspect_ratio: true, ensure_multiple_of: 8 }],
    ['blue first', MobileViTImageProcessor, { ...fixed, do_flip_channel_order: true }],
    ['one mean for all colours', ViTImageProcessor, { ...fixed, image_mean: 0.5, image_std: 0.25 }],
    ['no normalisation', ViTImageProcessor, { ...fixed, do_normalize: false }],
    ['values from 0 to 255', ViTImageProcessor, { ...fixed, do_rescale: false, do_normalize: false }],
    ['no resizing', ViTImageProcessor, { ...normal, do_resize: false }],
  ])('gives the very values of transformers.js: %s', async (_, Class, config) => {
    for (const [width, height, type] of [
      [451, 300, 'image/png'],
      [30, 41, 'image/png'],
      [300, 500, 'image/jpeg'],
    ] as const) {
      const { own, reference, onCanvas } = await process(Class, config, await picture(width, height, { type }));
      expect(plain(own)).toEqual(plain(reference));
      expect(onCanvas).toBe(true);
    }
  });

  it.each<[string, new (config: never) => unknown, object]>([
    ['padding', Swin2SRImageProcessor, { ...normal, do_normalize: false, do_pad: true, pad_size: 8 }],
    ['a resizing of its own', ConvNextImageProcessor, { ...normal, size: { shortest_edge: 32 }, crop_pct: 0.875 }],
    ['a crop beyond the edges', CLIPImageProcessor, { ...normal, ...crop, do_resize: false }],
  ])('leaves to transformers.js: %s', async (_, Class, config) => {
    const { own, reference, onCanvas } = await process(Class, config, await picture(40, 30));
    expect(plain(own)).toEqual(plain(reference));
    expect(onCanvas).toBe(false);
  });

  it('leaves pictures that are not opaque to transformers.js, which forgets their opacity', async () => {
    let pixel = 0;
    const blob = await picture(60, 40, { opacity: () => (pixel++ * 37) % 256 });
    const { own, reference, onCanvas } = await process(ViTImageProcessor, fixed, blob);
    expect(plain(own)).toEqual(plain(reference));
    expect(onCanvas).toBe(false);
  });

  it('takes pixels that were given as such', async () => {
    const data = new Uint8ClampedArray(64 * 64 * 4).map((_, index) => (index % 4 === 3 ? 255 : (index * 7919) % 256));
    const reference = await create(ViTImageProcessor, fixed)(new RawImage(data.slice(), 64, 64, 4));
    const processor = create(ViTImageProcessor, fixed);
    preprocessOnCanvas(processor);
    const raw = toRawImage(await decodeImage({ kind: 'image-pixels', data, width: 64, height: 64 }, signal));
    expect(plain(await processor(raw))).toEqual(plain(reference));
    expect(sourceOf(raw)).toBeDefined();
  });

  it('forgets the canvas of an image whose pixels were asked for', async () => {
    const raw = toRawImage(await decodeImage({ kind: 'image-blob', blob: await picture(8, 8) }, signal));
    raw.putAlpha(new RawImage(new Uint8ClampedArray(64), 8, 8, 1));
    expect(sourceOf(raw)).toBeUndefined();
    expect(raw.data[3]).toBe(0);
    expect([...raw.clone().data]).toEqual([...raw.data]);
  });
});
