import sharp, { type Sharp } from 'sharp';
import { hasTooManyScans } from '../../../platform/jpeg-scans.js';
import { IMAGE_TYPES } from '../file-types.js';
import { contentError } from './content-error.js';
import { Turns } from './turns.js';

/** More than any phone takes; all of them decoded are some 200 MB. What has more is refused before a pixel is decoded. */
export const MAX_PIXELS = 52_000_000;
const MAX_SIDE_PIXELS = 2_048;
const THUMBNAIL_SIDE_PIXELS = 480;
const QUALITY = 82;
const TIMEOUT_SECONDS = 30;
/** One image at a time: it takes a processor and its memory. Who brings them has his turn before, so each image is somebody here. */
const IMAGES_AT_ONCE = 1;
const IMAGES_IN_LINE = 64;

/** As libvips calls what reads the formats that are taken; it is kept from everything else that it could read. */
const READERS = ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadHeif'];

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: READERS });
// Nothing is asked for twice.
sharp.cache(false);

export interface DrawnImage {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface DrawnImages {
  readonly image: DrawnImage;
  readonly thumbnail: DrawnImage;
}

const turns = new Turns(IMAGES_AT_ONCE, IMAGES_IN_LINE);

/**
 * Draws an image anew from its pixels: upright, of at most 2,048 pixels a side, without metadata (no place, no camera, no comment) and without whatever else
 * lay in the file. Also small, for lists. JPEG, or WebP where it is transparent. Refuses (INVALID) what is no such image, is damaged or has too
 * many pixels or scans.
 */
export function drawAnew(bytes: Buffer): Promise<DrawnImages> {
  return turns.take(bytes, async () => {
    try {
      // Asked before: while it reads scans, the decoder looks at no time limit.
      if (hasTooManyScans(bytes)) throw contentError('This image has too many scans.');
      const source = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 });
      const { format, hasAlpha, width, height } = await source.metadata();
      if (!isTaken(format)) throw contentError(`Images are taken as ${IMAGE_TYPES.join(', ')}, and this is ${format}.`);
      if (width * height > MAX_PIXELS) throw tooManyPixels();
      const upright = source.autoOrient().timeout({ seconds: TIMEOUT_SECONDS });
      const image = await drawn(upright, MAX_SIDE_PIXELS, hasAlpha);
      // Of what was drawn: the file is decoded once.
      const thumbnail = await drawn(sharp(image.bytes).timeout({ seconds: TIMEOUT_SECONDS }), THUMBNAIL_SIDE_PIXELS, hasAlpha);
      return { image, thumbnail };
    } catch (error) {
      throw refusalOf(error);
    }
  });
}

async function drawn(source: Sharp, side: number, isTransparent: boolean): Promise<DrawnImage> {
  const sized = source.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true }).toColourspace('srgb');
  const written = isTransparent ? sized.webp({ quality: QUALITY }) : sized.jpeg({ quality: QUALITY, progressive: true });
  return { contentType: isTransparent ? 'image/webp' : 'image/jpeg', bytes: await written.toBuffer() };
}

/** libvips calls AVIF by its family, and says by which codec. */
function isTaken(format: string | undefined): boolean {
  return ['jpeg', 'png', 'webp', 'heif', 'avif'].includes(format ?? '');
}

function tooManyPixels() {
  return contentError(`This image has more than ${String(MAX_PIXELS / 1_000_000)} million pixels.`);
}

/** libvips says what is wrong with an image in a text. What is not about the image is passed on. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'InvalidError') return error;
  if (/pixel limit/i.test(error.message)) return tooManyPixels();
  if (/timeout/i.test(error.message)) return contentError('This image takes too long to be drawn.');
  return contentError('This image is damaged, or is none.');
}
