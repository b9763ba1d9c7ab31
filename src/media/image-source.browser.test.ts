import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ImageSource } from '../protocol/media.ts';
import { prepareInput } from './prepare-input.ts';
import { fourPixels, pixelsOf, testBlob, testCanvas } from './test-images.conformance.ts';

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function prepare(input: unknown): Promise<ImageSource> {
  const { value, transfer } = await prepareInput(input, 'image');
  // What crosses to a worker is what a structured clone makes of it.
  return structuredClone(value, { transfer }) as ImageSource;
}

const pixelsOfSource = async (source: ImageSource): Promise<number[]> => {
  switch (source.kind) {
    case 'image-blob':
      return pixelsOf(await createImageBitmap(source.blob));
    case 'image-bitmap':
      return pixelsOf(source.bitmap);
    case 'image-frame':
      return pixelsOf(await createImageBitmap(source.frame));
    case 'image-pixels':
      return [...source.data];
  }
};

async function loaded<E extends HTMLElement>(element: E, event: string): Promise<E> {
  await new Promise((resolve, reject) => {
    element.addEventListener(event, resolve, { once: true });
    element.addEventListener('error', reject, { once: true });
  });
  return element;
}

const imageElement = (src: string) => Object.assign(new Image(), { src });

/** A video that plays what a canvas shows. */
async function testVideo(): Promise<HTMLVideoElement> {
  const canvas = testCanvas();
  const video = Object.assign(document.createElement('video'), { muted: true, srcObject: canvas.captureStream() });
  document.body.append(video, canvas);
  const playing = loaded(video, 'loadeddata');
  void video.play();
  return playing;
}

const inputs: Record<string, () => unknown> = {
  Blob: () => testBlob(),
  File: async () => new File([await testBlob()], 'picture.png'),
  'a blob: URL': async () => URL.createObjectURL(await testBlob()),
  'a data: URL': () => testCanvas().toDataURL(),
  'a URL object': () => new URL(testCanvas().toDataURL()),
  ImageData: () => new ImageData(new Uint8ClampedArray(fourPixels), 2),
  ImageBitmap: () => createImageBitmap(testCanvas()),
  VideoFrame: () => new VideoFrame(testCanvas(), { timestamp: 0 }),
  '<img>': () => imageElement(testCanvas().toDataURL()),
  '<canvas>': () => testCanvas(),
  OffscreenCanvas: () => {
    const canvas = new OffscreenCanvas(2, 2);
    canvas.getContext('2d')!.drawImage(testCanvas(), 0, 0);
    return canvas;
  },
  'bytes with four channels': () => ({ data: new Uint8Array(fourPixels), width: 2, height: 2 }),
};

describe('the pixels of an image', () => {
  it.each(Object.entries(inputs))('arrive from %s', async (_, make) => {
    const input = await make();
    expect(await pixelsOfSource(await prepare(input))).toEqual(fourPixels);
    // The second time is the proof that the first took nothing from the user.
    expect(await pixelsOfSource(await prepare(input))).toEqual(fourPixels);
  });

  it('arrive from the picture that a <video> shows, about as they were encoded', async () => {
    const video = await testVideo();
    const pixels = await pixelsOfSource(await prepare(video));
    expect(pixels).toHaveLength(fourPixels.length);
    expect(await pixelsOfSource(await prepare(video))).toHaveLength(fourPixels.length);
  });

  it('arrive from grey and RGB bytes as RGBA', async () => {
    const grey = await prepare({ data: new Uint8Array([7, 200]), width: 2, height: 1, channels: 1 });
    expect(await pixelsOfSource(grey)).toEqual([7, 7, 7, 255, 200, 200, 200, 255]);
    const colour = await prepare({ data: new Uint8ClampedArray([1, 2, 3]), width: 1, height: 1 });
    expect(await pixelsOfSource(colour)).toEqual([1, 2, 3, 255]);
  });

  it('arrive from an object of another frame', async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const canvas = frame.contentDocument!.createElement('canvas');
    Object.assign(canvas, { width: 2, height: 2 });
    canvas.getContext('2d')!.drawImage(testCanvas(), 0, 0);
    expect(canvas).not.toBeInstanceOf(HTMLCanvasElement);
    expect(await pixelsOfSource(await prepare(canvas))).toEqual(fourPixels);
  });

  it('arrive from an ImageData of other colours as the canvas would show it', async () => {
    const image = new ImageData(new Uint8ClampedArray([200, 30, 30, 255]), 1, 1, { colorSpace: 'display-p3' });
    const [red] = await pixelsOfSource(await prepare(image));
    expect(red).toBeGreaterThan(200);
  });

  it('arrive from SVG, which only a page can draw: a Blob, and an element', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><rect width="1" height="1" fill="#f00"/></svg>';
    const blob = new Blob([svg], { type: 'image/svg+xml' });
    expect(await pixelsOfSource(await prepare(blob))).toEqual([255, 0, 0, 255]);
    expect(await pixelsOfSource(await prepare(imageElement(`data:image/svg+xml,${encodeURIComponent(svg)}`)))).toEqual([
      255, 0, 0, 255,
    ]);
  });

  it('arrive from an <img> that waits to be scrolled to', async () => {
    const image = new Image();
    image.loading = 'lazy';
    image.src = URL.createObjectURL(await testBlob());
    expect(image.complete).toBe(false);
    expect(await pixelsOfSource(await prepare(image))).toEqual(fourPixels);
  });

  it('arrive from an array of different things, in its order', async () => {
    const items = await Promise.all(Object.values(inputs).map((make) => make()));
    const { value, transfer } = await prepareInput(items, 'image');
    const sources = structuredClone(value, { transfer }) as ImageSource[];
    expect(sources).toHaveLength(items.length);
    for (const source of sources) expect(await pixelsOfSource(source)).toEqual(fourPixels);
  });
});

const tainted = async () => {
  // Chromium counts what an SVG of a blob: URL embeds as of another origin.
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><foreignObject width="2" height="2"><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject></svg>';
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  return loaded(imageElement(url), 'load');
};

const refusals: Record<string, [() => unknown, RegExp, RegExp]> = {
  'an <img> with pixels of another origin': [tainted, /HTMLImageElement/, /crossOrigin/],
  'a <canvas> with pixels of another origin': [
    async () => {
      const canvas = testCanvas();
      canvas.getContext('2d')!.drawImage(await tainted(), 0, 0);
      return canvas;
    },
    /HTMLCanvasElement/,
    /crossOrigin/,
  ],
  'an <img> that is none': [() => imageElement('data:image/png;base64,AAAA'), /HTMLImageElement/, /did not load/],
  'an <img> without a source': [() => new Image(), /HTMLImageElement/, /did not load/],
  'an SVG image without a size': [
    () => imageElement('data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"/>'),
    /HTMLImageElement/,
    /width and a height/,
  ],
  'a <canvas> without a width': [
    () => Object.assign(document.createElement('canvas'), { width: 0 }),
    /HTMLCanvasElement/,
    /at least 1/,
  ],
  'a <video> without a picture': [() => document.createElement('video'), /HTMLVideoElement/, /loadeddata/],
  'a closed ImageBitmap': [
    async () => {
      const bitmap = await createImageBitmap(testCanvas());
      bitmap.close();
      return bitmap;
    },
    /ImageBitmap/,
    /closed/,
  ],
  'a closed VideoFrame': [
    () => {
      const frame = new VideoFrame(testCanvas(), { timestamp: 0 });
      frame.close();
      return frame;
    },
    /VideoFrame/,
    /closed/,
  ],
  'a number': [() => 42, /the number 42, not an image/, /ImageBitmap.*<canvas>/],
  'another element': [() => document.createElement('div'), /HTMLDivElement, not an image/, /<video>/],
  'a revoked blob: URL': [
    async () => {
      const url = URL.createObjectURL(await testBlob());
      URL.revokeObjectURL(url);
      return url;
    },
    /blob:/,
    /revoked/,
  ],
};

describe('an image that cannot be read', () => {
  it.each(Object.entries(refusals))('is refused with a hint: %s', async (_, [make, message, hint]) => {
    const input = await make();
    const failure = expect.objectContaining({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    await expect(prepareInput(input, 'image')).rejects.toEqual(failure);
    await expect(prepareInput([testCanvas(), input], 'image')).rejects.toMatchObject({
      message: expect.stringContaining("The input's item 1"),
    });
  });
});

describe('prepareInput', () => {
  it('closes what was ready when another item fails', async () => {
    const clones: VideoFrame[] = [];
    const frame = new VideoFrame(testCanvas(), { timestamp: 0 });
    const clone = vi.spyOn(frame, 'clone').mockImplementation(() => {
      const made = VideoFrame.prototype.clone.call(frame);
      clones.push(made);
      return made;
    });
    await prepareInput([frame, frame], 'image');
    expect(clones.map(({ format }) => format !== null)).toEqual([true, true]);
    await expect(prepareInput([frame, 42, frame], 'image')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await vi.waitFor(() => expect(clones.slice(2).map(({ format }) => format)).toEqual([null, null]));
    expect(clone).toHaveBeenCalledTimes(4);
    expect(frame.format).not.toBeNull();
    for (const open of [frame, ...clones]) open.close();
  });

  it('rejects with the reason of its signal: before, and while an image loads', async () => {
    await expect(prepareInput(testCanvas(), 'image', AbortSignal.abort('before'))).rejects.toBe('before');
    const controller = new AbortController();
    let fetchSignal: AbortSignal | undefined;
    vi.stubGlobal('fetch', (_: URL, { signal }: RequestInit) => {
      fetchSignal = signal!;
      return new Promise(() => {});
    });
    const pending = prepareInput(['/slow.png'], 'image', controller.signal);
    await vi.waitFor(() => expect(fetchSignal).toBeDefined());
    controller.abort('enough');
    await expect(pending).rejects.toBe('enough');
    expect(fetchSignal!.aborted).toBe(true);
  });
});
