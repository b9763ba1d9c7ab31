/** Pixels across and down, before any rotation that the file asks for. */
export interface ImageSize {
  width: number;
  height: number;
}

/** How much is read at a time: in a JPEG the size stands after small pictures, colour profiles and the like. */
const chunkBytes = 65_536;

/**
 * The size that an image file claims, so that one too large is refused before memory is taken for it. `undefined` for kinds of
 * files other than PNG, JPEG, GIF, WebP and BMP, and where the head is broken.
 */
export async function imageSizeOf(file: Blob): Promise<ImageSize | undefined> {
  const head = await read(file, 0);
  try {
    if (ascii(head, 1, 3) === 'PNG') return { width: head.getUint32(16), height: head.getUint32(20) };
    if (ascii(head, 0, 4) === 'GIF8') return { width: head.getUint16(6, true), height: head.getUint16(8, true) };
    if (ascii(head, 0, 2) === 'BM') return bitmapSize(head);
    if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return webpSize(head);
    if (head.getUint16(0) === 0xffd8) return await jpegSize(file, head);
  } catch (error) {
    // The head ends too early; whoever decodes it says what that means.
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

const read = async (file: Blob, from: number) => new DataView(await file.slice(from, from + chunkBytes).arrayBuffer());

function ascii(view: DataView, from: number, length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, index) => view.getUint8(from + index)));
}

/** The older head has sizes of two bytes; a negative height is for rows from the top. */
function bitmapSize(head: DataView): ImageSize {
  if (head.getUint32(14, true) === 12) return { width: head.getUint16(18, true), height: head.getUint16(20, true) };
  return { width: head.getInt32(18, true), height: Math.abs(head.getInt32(22, true)) };
}

/** RFC 9649, 2.5 to 2.7. */
function webpSize(head: DataView): ImageSize | undefined {
  const uint24 = (at: number) => head.getUint16(at, true) | (head.getUint8(at + 2) << 16);
  switch (ascii(head, 12, 4)) {
    case 'VP8X':
      return { width: uint24(24) + 1, height: uint24(27) + 1 };
    case 'VP8L': {
      const bits = head.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: head.getUint16(26, true) & 0x3fff, height: head.getUint16(28, true) & 0x3fff };
    default:
      return undefined;
  }
}

/** ITU T.81, B.1 and B.2.2: segments with their length, up to the start of a frame. */
async function jpegSize(file: Blob, head: DataView): Promise<ImageSize | undefined> {
  let chunk = head;
  let start = 0;
  for (let at = 2; at + 9 <= file.size;) {
    if (at < start || at + 9 > start + chunk.byteLength) {
      start = at;
      chunk = await read(file, start);
    }
    const within = at - start;
    const marker = chunk.getUint8(within + 1);
    if (chunk.getUint8(within) !== 0xff) return undefined;
    // A marker may have any number of these before it.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (startsFrame) return { width: chunk.getUint16(within + 7), height: chunk.getUint16(within + 5) };
    at += 2 + chunk.getUint16(within + 2);
  }
  return undefined;
}
