import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { hasTooManyScans, MAX_SCANNED_PIXELS, MAX_SCANS } from '../../src/platform/jpeg-scans.js';
import { jpegBomb } from '../support/jpeg-bomb.js';

const START = [0xff, 0xd8];
const SCAN = [0xff, 0xda, 0, 2];
const times = (count: number, bytes: readonly number[]): number[] => Array.from({ length: count }, () => bytes).flat();

describe('scans of a JPEG', () => {
  test('the bomb is a whole image', async () => {
    const image = jpegBomb({ width: 256, height: 256, scans: 20 });
    const { isProgressive, width } = await sharp(image, { failOn: 'warning' }).metadata();
    expect([isProgressive, width]).toEqual([true, 256]);
    await sharp(image, { failOn: 'warning' }).raw().toBuffer();
  });

  test('as many as are let in, and not one more', () => {
    const small = { width: 16, height: 16 };
    expect(hasTooManyScans(jpegBomb({ ...small, scans: MAX_SCANS - 1 }))).toBe(false);
    expect(hasTooManyScans(jpegBomb({ ...small, scans: MAX_SCANS }))).toBe(true);
  });

  test('fewer of a large image', () => {
    const large = { width: 7_000, height: 7_000 };
    const most = Math.floor(MAX_SCANNED_PIXELS / (large.width * large.height));
    expect(hasTooManyScans(jpegBomb({ ...large, scans: most - 1 }))).toBe(false);
    expect(hasTooManyScans(jpegBomb({ ...large, scans: most }))).toBe(true);
  });

  test.each<[string, (image: Sharp) => Sharp]>([
    ['a camera', (image) => image.jpeg()],
    ['a program', (image) => image.jpeg({ progressive: true })],
    ['a program that saves bytes', (image) => image.jpeg({ mozjpeg: true, quality: 100 })],
    ['a program, as PNG', (image) => image.png({ progressive: true })],
  ])('what %s writes has few', async (_, write) => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const image = sharp({ create: { width: 240, height: 180, channels: 3, background: 'grey', noise } });
    expect(hasTooManyScans(await write(image).toBuffer())).toBe(false);
  });

  test.each<[string, number[], boolean]>([
    ['in a comment', [0xff, 0xfe, 1, 0xfa, ...times(126, SCAN)], false],
    ['in the picture of a picture', [0xff, 0xe1, 1, 0xfa, ...times(126, SCAN)], false],
    ['in data that only looks like them', times(100, [0xff, 0x00, 0xda, 0, 2]), false],
    ['behind the end', [0xff, 0xd9, ...times(100, SCAN)], false],
    ['behind restarts', times(100, [0xff, 0xd0, ...SCAN]), true],
    ['behind data', times(100, [...SCAN, 1, 0xff, 0x00, 2]), true],
    ['behind bytes that fill', times(100, [0xff, 0xff, ...SCAN]), true],
    ['behind a marker that nobody knows', [0xff, 0x02, 0xff, 0xf0, ...times(100, SCAN)], true],
    ['behind a segment with an impossible length', [0xff, 0xfe, 0, 0, ...times(100, SCAN)], true],
  ])('%s', (_, rest, expected) => {
    expect(hasTooManyScans(Uint8Array.from([...START, ...rest]))).toBe(expected);
  });

  test.each([[[]], [[0xff]], [START], [[...START, 0xff]], [[...START, 0xff, 0xc2, 0]], [[...START, 0xff, 0xda]]])(
    'cut off: %j',
    (bytes) => {
      expect(hasTooManyScans(Uint8Array.from(bytes))).toBe(false);
    },
  );
});
