import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImageCodeReader } from '../../../src/adapters/decode/image-code-reader.js';
import { createLogger } from '../../../src/platform/log.js';
import { FakeCodeReader } from '../../support/fake-code-reader.js';
import { codeReaderContract } from './code-reader-contract.js';
import { draw, drawnAs, DRAWN, drawSheet } from './drawn.js';

const log = createLogger({ level: 'silent' });
const PATIENT_MS = 60_000;

function newReader(threads = 1, timeoutMs = PATIENT_MS): ImageCodeReader {
  return new ImageCodeReader({ threads, timeoutMs, log });
}

codeReaderContract('ImageCodeReader', () => {
  const blank = sharp({ create: { width: 300, height: 200, channels: 3, background: 'white' } });
  const picture = (codes: readonly (typeof DRAWN)[number][]) => (codes.length > 0 ? drawSheet(codes) : blank.png().toBuffer());
  return Promise.resolve({ reader: newReader(), picture });
});

codeReaderContract('FakeCodeReader', () => {
  const reader = new FakeCodeReader();
  return Promise.resolve({ reader, picture: (codes) => Promise.resolve(reader.picture(codes)) });
});

describe('what is drawn', () => {
  let reader: ImageCodeReader;
  beforeAll(() => {
    reader = newReader(2);
  });
  afterAll(() => reader.close());

  async function textsOf(image: Sharp, type: 'jpeg' | 'png' | 'webp' = 'png'): Promise<(readonly [string, string])[]> {
    const codes = await reader.read(await image.toFormat(type).toBuffer());
    return codes.map(({ symbology, text }) => [symbology, text] as const);
  }

  test.each(DRAWN.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    expect(await textsOf(await draw(one))).toEqual([[one.symbology, one.text]]);
  });

  const [ean, matrix] = [drawnAs('EAN-13'), drawnAs('GS1 DataMatrix')];
  /** Printed grey on grey, as a phone sees it in a dim shop. */
  const dim = (image: Sharp) => image.linear(0.25, 70);
  test.each<[string, (image: Sharp) => Sharp | Promise<Sharp>]>([
    ['on its side', (image) => image.rotate(90)],
    ['upside down', (image) => image.rotate(180)],
    ['askew', (image) => image.rotate(8, { background: 'white' })],
    ['far off the level', (image) => image.rotate(37, { background: 'white' })],
    ['small', async (image) => sharp(await image.resize({ width: 150 }).toBuffer())],
    ['large', async (image) => sharp(await image.resize({ width: 4000, kernel: 'nearest' }).toBuffer())],
    ['out of focus', (image) => image.blur(2)],
    ['dim', dim],
    ['dim and blurred', (image) => dim(image).blur(1.5)],
    ['white on black', (image) => image.negate({ alpha: false })],
    ['in a mirror', (image) => image.flop()],
    ['noisy', async (image) => sharp(await withNoise(image, 60))],
    ['on nothing', async (image) => sharp(await image.png().toBuffer()).unflatten()],
  ])('%s', async (_name, change) => {
    for (const one of [ean, matrix]) {
      const changed = await change(await draw(one));
      expect(await textsOf(changed)).toEqual([[one.symbology, one.text]]);
    }
  });

  test('JPEG and WebP, poor ones too', async () => {
    const poor = await (await draw(ean)).jpeg({ quality: 20 }).toBuffer();
    expect(await textsOf(sharp(poor), 'jpeg')).toEqual([[']E0', ean.text]]);
    expect(await textsOf(await draw(ean), 'webp')).toEqual([[']E0', ean.text]]);
  });

  test('a photo that its camera noted as turned is seen upright', async () => {
    const upright = await draw(matrix);
    const { width, height } = await upright.metadata();
    const lying = await sharp(await upright.clone().rotate(270).toBuffer())
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const placed = async (image: Buffer) => (await reader.read(image))[0]?.position ?? [];
    const [turned, straight] = [await placed(lying), await placed(await upright.png().toBuffer())];
    for (const [corner, { x, y }] of turned.entries()) {
      expect([x <= width, y <= height]).toEqual([true, true]);
      expect(Math.hypot(x - (straight[corner]?.x ?? 0), y - (straight[corner]?.y ?? 0))).toBeLessThan(10);
    }
  });

  test('stripes, noise and text are no codes', async () => {
    const stripes = Array.from(
      { length: 60 },
      (_, at) => `<rect x="${String(at * 4)}" width="${String(1 + ((at * 5) % 3))}" height="100"/>`,
    );
    const words = Array.from(
      { length: 5 },
      (_, at) => `<text y="${String(20 + at * 20)}" font-size="14">Mielie meel 10 kg 1234567 89</text>`,
    );
    for (const body of [stripes.join(''), words.join('')]) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="100"><rect width="240" height="100" fill="white"/>${body}</svg>`;
      expect(await textsOf(sharp(Buffer.from(svg)))).toEqual([]);
    }
    const noise = sharp({
      create: { width: 200, height: 100, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
    });
    expect(await textsOf(noise)).toEqual([]);
  });
});

/** The same noise in each run. */
async function withNoise(image: Sharp, strength: number): Promise<Buffer> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let seed = 1;
  for (let at = 0; at < data.length; at += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    data[at] = Math.min(255, Math.max(0, (data[at] ?? 0) + ((seed % (2 * strength + 1)) - strength)));
  }
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}
