import type { ImagePoint } from '../../features/barcode/code-reader.port.js';
import { edit, grayOf, type GrayImage } from './gray-image.js';

/** A photo as it is looked at once. */
export interface View {
  readonly image: GrayImage;
  /** Nothing was done to it that can make bars out of none. */
  readonly isPlain: boolean;
  /** Where a point of the view is in the photo. */
  readonly toPhoto: (point: ImagePoint) => ImagePoint;
}

export type MakeView = (photo: GrayImage) => Promise<View | undefined>;

/** Most codes are read at this size, and much faster than at the size of the photo. */
const NEAR_SIDE_PIXELS = 1_000;
const ENLARGED = 3;
const MAX_ENLARGED_PIXELS = 2_000_000;
/** Less than this brings nothing that the photo itself did not show. */
const MIN_ENLARGED = 1.3;
/** Contrast is evened out over an eighth of the image, by at most so much. */
const CONTRAST_WINDOWS = 8;
const CONTRAST_SLOPE = 6;
/** Bars that lean are straightened by one of these, then drawn together along their length, which evens out dirt and glare. */
const LEANS_DEGREES = [3, -3, 9, -9, 15, -15] as const;
/** Low codes that lie askew: no line goes through all bars. */
const TURNS_DEGREES = [30, -30] as const;
const DRAWN_TOGETHER = 8;
const WHITE = 255;

/**
 * What is tried, in this order, until there is nothing to doubt or the time is over. Each of them reads photos that none before it does: of the real photos
 * that it was tried with, the first reads five in six, and all together nineteen in twenty.
 */
export const VIEWS: readonly MakeView[] = [
  near,
  asItIs,
  enlarged,
  evened,
  ...TURNS_DEGREES.map(turned),
  negative,
  sharpened(3),
  sharpened(2),
  ...LEANS_DEGREES.slice(0, 4).map(straightened),
  enlargedEvened,
  ...LEANS_DEGREES.slice(4).map(straightened),
];

/** Of the size at which most codes are read; a photo that is smaller already, as it is. */
async function near(photo: GrayImage): Promise<View> {
  return scaledView(photo, await nearOf(photo), true);
}

/** Not tried where it is what was tried first. */
function asItIs(photo: GrayImage): Promise<View | undefined> {
  return Promise.resolve(longSide(photo) > NEAR_SIDE_PIXELS ? scaledView(photo, photo, true) : undefined);
}

async function enlarged(photo: GrayImage): Promise<View | undefined> {
  const large = await enlargedOf(photo);
  return large && scaledView(photo, large, true);
}

async function evened(photo: GrayImage): Promise<View | undefined> {
  const even = await evenedOf(await nearOf(photo));
  return even && scaledView(photo, even, false);
}

async function enlargedEvened(photo: GrayImage): Promise<View | undefined> {
  const even = await evenedOf(await nearOf(photo));
  const large = even && (await enlargedOf(even));
  return large && scaledView(photo, large, false);
}

/** Light bars on dark: the decoder turns other kinds round by itself, but not EAN and UPC. */
async function negative(photo: GrayImage): Promise<View> {
  const near = await nearOf(photo);
  return scaledView(photo, { ...near, pixels: near.pixels.map((level) => WHITE - level) }, false);
}

function sharpened(sigma: number): MakeView {
  return async (photo) => {
    const large = (await enlargedOf(photo)) ?? (await nearOf(photo));
    return scaledView(photo, await grayOf(edit(large).sharpen({ sigma, m1: 3, m2: 8 })), false);
  };
}

function straightened(degrees: number): MakeView {
  return async (photo) => {
    const { image, toPhoto } = await turnedOf(photo, (await enlargedOf(photo)) ?? (await nearOf(photo)), degrees);
    const height = Math.max(DRAWN_TOGETHER, Math.round(image.height / DRAWN_TOGETHER));
    const drawn = edit(image).resize(image.width, height, { fit: 'fill', kernel: 'cubic' });
    const view = await grayOf(drawn.sharpen({ sigma: 3, m1: 3, m2: 8 }));
    const back = image.height / height;
    return { image: view, isPlain: false, toPhoto: ({ x, y }) => toPhoto({ x, y: y * back }) };
  };
}

function turned(degrees: number): MakeView {
  return async (photo) => ({ ...(await turnedOf(photo, await nearOf(photo), degrees)), isPlain: true });
}

/** Turned about its middle, on white. */
async function turnedOf(photo: GrayImage, from: GrayImage, degrees: number): Promise<Pick<View, 'image' | 'toPhoto'>> {
  const image = await grayOf(edit(from).rotate(degrees, { background: 'white' }));
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const scale = photo.width / from.width;
  const toPhoto = (point: ImagePoint): ImagePoint => {
    const [x, y] = [point.x - image.width / 2, point.y - image.height / 2];
    return { x: (x * cos + y * sin + from.width / 2) * scale, y: (y * cos - x * sin + from.height / 2) * scale };
  };
  return { image, toPhoto };
}

function scaledView(photo: GrayImage, image: GrayImage, isPlain: boolean): View {
  const [across, down] = [photo.width / image.width, photo.height / image.height];
  return { image, isPlain, toPhoto: ({ x, y }) => ({ x: x * across, y: y * down }) };
}

async function nearOf(photo: GrayImage): Promise<GrayImage> {
  if (longSide(photo) <= NEAR_SIDE_PIXELS) return photo;
  return grayOf(edit(photo).resize(NEAR_SIDE_PIXELS, NEAR_SIDE_PIXELS, { fit: 'inside' }));
}

/** Undefined where it is large already. */
async function enlargedOf({ pixels, width, height }: GrayImage): Promise<GrayImage | undefined> {
  const factor = Math.min(ENLARGED, Math.sqrt(MAX_ENLARGED_PIXELS / (width * height)));
  if (factor < MIN_ENLARGED) return undefined;
  const [across, down] = [Math.round(width * factor), Math.round(height * factor)];
  return grayOf(edit({ pixels, width, height }).resize(across, down, { fit: 'fill', kernel: 'cubic' }));
}

/** Undefined where it is too small to have parts that are lit otherwise than others. */
async function evenedOf(image: GrayImage): Promise<GrayImage | undefined> {
  if (Math.min(image.width, image.height) < CONTRAST_WINDOWS) return undefined;
  const window = (side: number): number => Math.max(3, Math.floor(side / CONTRAST_WINDOWS));
  const windows = { width: window(image.width), height: window(image.height), maxSlope: CONTRAST_SLOPE };
  return grayOf(edit(image).clahe(windows));
}

function longSide({ width, height }: GrayImage): number {
  return Math.max(width, height);
}
