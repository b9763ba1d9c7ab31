import { InsituError } from '../../errors/insitu-error.ts';
import type { ImageSize } from './image-size.ts';

/** What a file is that browsers do not decode as an image, and what to do about it. */
const otherKinds: { is: RegExp; kind: string; hint: string }[] = [
  {
    is: /^\s*(<!doctype html|<html)/i,
    kind: 'an HTML page',
    hint: 'Servers answer unknown paths with a page: check its address.',
  },
  {
    is: /^\s*(<\?xml|<svg)/i,
    kind: 'an SVG image',
    hint: 'Give the Blob the type image/svg+xml, or pass an <img> that shows it.',
  },
  {
    is: /^....ftyp(hei|hev|mif)/s,
    kind: 'a HEIC image',
    hint: 'This browser does not decode HEIC: convert it to JPEG.',
  },
  { is: /^(II\*\0|MM\0\*)/, kind: 'a TIFF image', hint: 'Browsers do not decode TIFF: convert it to PNG or JPEG.' },
  { is: /^%PDF/, kind: 'a PDF document', hint: 'Render a page of it on a canvas, and pass the canvas.' },
];

/** Says why a file could not be decoded: the browser's own exception does not. */
export async function undecodable(blob: Blob, size: ImageSize | undefined, cause: unknown): Promise<InsituError> {
  const name = blob instanceof File && blob.name ? `The image ${blob.name}` : 'The image';
  let start: string;
  try {
    start = new TextDecoder('latin1').decode(await blob.slice(0, 64).arrayBuffer());
  } catch {
    return new InsituError('INPUT_INVALID', `${name} cannot be read.`, {
      hint: 'Its file was changed, moved or deleted since it was chosen.',
      cause,
    });
  }
  const message = (reason: string) => `${name} cannot be decoded: ${reason}.`;
  if (blob.size === 0) {
    return new InsituError('INPUT_INVALID', message('it is empty'), { hint: 'Check where it comes from.', cause });
  }
  const other = otherKinds.find(({ is }) => is.test(start));
  if (other) return new InsituError('INPUT_INVALID', message(`it is ${other.kind}`), { hint: other.hint, cause });
  const reason = size
    ? `its head tells of ${size.width} x ${size.height} pixels, but it is damaged or cut off`
    : `${blob.size} bytes of type "${blob.type}" are no image that this browser knows`;
  return new InsituError('INPUT_INVALID', message(reason), {
    hint: 'Open it in a tab of the browser: what that cannot show cannot be used.',
    cause,
  });
}
