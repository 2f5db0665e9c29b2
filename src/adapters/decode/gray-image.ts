import { fileTypeFromBuffer } from 'file-type';
import sharp, { type Sharp } from 'sharp';
import { CodeReaderError } from '../../features/barcode/code-reader.port.js';
import { hasTooManyScans } from '../../platform/jpeg-scans.js';

/** One byte a pixel, row by row, 0 being black. */
export interface GrayImage {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** More than the cameras of phones make. What says that it is larger is not opened, however few bytes it has. */
export const MAX_PIXELS = 50_000_000;
/** What is larger is made smaller before it is looked at: a code that fills a tenth of it still has three pixels a bar. */
const MAX_SIDE_PIXELS = 3_000;
const READABLE: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);
const TAKEN = 'send a JPEG, PNG or WebP';

/**
 * Opens a photo: turned as its camera was held, on white where it is transparent, at most MAX_SIDE_PIXELS on a side, with how much smaller it was made.
 * Refuses (CodeReaderError) what is no JPEG, PNG or WebP by its bytes, is cut off or damaged, or has more than MAX_PIXELS or too many scans.
 */
export async function openImage(bytes: Uint8Array): Promise<{ image: GrayImage; shrunkBy: number }> {
  const type = await fileTypeFromBuffer(bytes);
  if (type === undefined || !READABLE.has(type.mime)) {
    throw new CodeReaderError('NOT_AN_IMAGE', `This is no image that can be read: ${TAKEN}.`);
  }
  if (hasTooManyScans(bytes)) throw new CodeReaderError('TOO_LARGE', 'The image has too many scans: take the photo again.');
  const source = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'truncated', animated: false });
  const { width, height } = await sizeOf(source);
  const side = Math.max(width, height);
  try {
    const upright = source.autoOrient().resize(MAX_SIDE_PIXELS, MAX_SIDE_PIXELS, { fit: 'inside', withoutEnlargement: true });
    return { image: await grayOf(upright.flatten({ background: 'white' })), shrunkBy: Math.max(1, side / MAX_SIDE_PIXELS) };
  } catch {
    throw damaged();
  }
}

async function sizeOf(source: Sharp): Promise<{ width: number; height: number }> {
  const { width, height } = await source.metadata().catch((error: unknown) => {
    throw String(error).includes('pixel limit') ? tooLarge() : damaged();
  });
  // Each tells of the other's mistake: a library that lets a bomb pass, or a format that says nothing of its size.
  if (width * height > MAX_PIXELS) throw tooLarge();
  return { width, height };
}

function tooLarge(): CodeReaderError {
  const megapixels = String(MAX_PIXELS / 1_000_000);
  return new CodeReaderError('TOO_LARGE', `The image has more than ${megapixels} megapixels: send a smaller one.`);
}

function damaged(): CodeReaderError {
  return new CodeReaderError('DAMAGED', `The image is cut off or damaged: send it again, or ${TAKEN}.`);
}

/** An image to go on working with. */
export function edit({ pixels, width, height }: GrayImage): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 1 } });
}

export async function grayOf(image: Sharp): Promise<GrayImage> {
  const { data, info } = await image.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 1) return { pixels: data, width, height };
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = data[at * channels] ?? 0;
  return { pixels, width, height };
}
