import { Worker } from 'node:worker_threads';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DecodeWorker } from '../../../src/adapters/decode/decode-worker.js';
import { MAX_PIXELS } from '../../../src/adapters/decode/gray-image.js';
import { ImageCodeReader, WAITING_PER_THREAD } from '../../../src/adapters/decode/image-code-reader.js';
import { createLogger } from '../../../src/platform/log.js';
import { jpegBomb } from '../../support/jpeg-bomb.js';
import { draw, drawnAs } from './drawn.js';

const PATIENT_MS = 60_000;
const log = createLogger({ level: 'silent' });
const EAN = drawnAs('EAN-13');
const PNG_MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let good: Buffer;
beforeAll(async () => {
  good = await (await draw(EAN)).png().toBuffer();
});

/** A PNG of so many pixels a side, all of them black, in the fewest bytes there can be. */
function bomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = side <= 20_000 ? Buffer.alloc(side * (Math.ceil(side / 8) + 1)) : Buffer.alloc(1);
  return Buffer.concat([
    PNG_MAGIC,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function crc32(bytes: Buffer): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}

describe('an image that is none, or means harm', () => {
  let reader: ImageCodeReader;
  beforeAll(() => {
    reader = new ImageCodeReader({ threads: 1, timeoutMs: PATIENT_MS, log });
  });
  afterAll(() => reader.close());

  const half = (image: Buffer) => image.subarray(0, image.length / 2);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><image href="file:///etc/passwd"/></svg>';
  test.each<[string, string, () => Promise<Buffer> | Buffer]>([
    ['nothing', 'NOT_AN_IMAGE', () => Buffer.alloc(0)],
    ['zeros', 'NOT_AN_IMAGE', () => Buffer.alloc(1000)],
    ['a web page', 'NOT_AN_IMAGE', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a drawing in SVG', 'NOT_AN_IMAGE', () => Buffer.from(svg)],
    ['a drawing in SVG that says it is XML', 'NOT_AN_IMAGE', () => Buffer.from(`<?xml version="1.0"?>${svg}`)],
    ['a GIF', 'NOT_AN_IMAGE', async () => (await draw(EAN)).gif().toBuffer()],
    ['a TIFF', 'NOT_AN_IMAGE', async () => (await draw(EAN)).tiff().toBuffer()],
    ['a PDF', 'NOT_AN_IMAGE', () => Buffer.from('%PDF-1.7\n1 0 obj\n')],
    ['half a PNG', 'DAMAGED', () => half(good)],
    ['half a JPEG', 'DAMAGED', async () => half(await sharp(good).jpeg().toBuffer())],
    ['half a WebP', 'DAMAGED', async () => half(await sharp(good).webp({ lossless: true }).toBuffer())],
    ['the beginning of a PNG', 'NOT_AN_IMAGE', () => Buffer.concat([PNG_MAGIC, Buffer.from('IHDR')])],
    ['a PNG, then noise', 'NOT_AN_IMAGE', () => Buffer.concat([good.subarray(0, 60), Buffer.alloc(5_000, 0xa5)])],
    ['50 MB that begin like a PNG', 'NOT_AN_IMAGE', () => Buffer.concat([PNG_MAGIC, Buffer.alloc(50_000_000, 0x5a)])],
    ['a PNG that says it is 4 gigapixels', 'TOO_LARGE', () => bomb(65_000)],
    ['a PNG of a few kilobytes and 100 megapixels', 'TOO_LARGE', () => bomb(10_000)],
    ['a JPEG of a few kilobytes and 100 scans', 'TOO_LARGE', () => jpegBomb({ width: 256, height: 256, scans: 100 })],
  ])('%s is %s', async (_, refusal, make) => {
    await expect(reader.read(await make())).rejects.toMatchObject({ name: 'CodeReaderError', refusal });
    expect((await reader.read(good)).map(({ text }) => text)).toEqual([EAN.text]);
  });

  test('the largest bomb that is let in is looked at', async () => {
    const image = bomb(Math.floor(Math.sqrt(MAX_PIXELS)));
    expect(image.length).toBeLessThan(20_000);
    expect(await new ImageCodeReader({ threads: 1, timeoutMs: 2_000, log }).read(image).catch(refusalOf)).toSatisfy(
      (read: unknown) => Array.isArray(read) || read === 'TOO_SLOW',
    );
  });

  test.each([
    [1, 1],
    [1, 3_000],
    [3_000, 1],
    [2, 2],
  ])('%i by %i pixels have no code', async (width, height) => {
    expect(
      await reader.read(
        await sharp({ create: { width, height, channels: 3, background: 'black' } })
          .png()
          .toBuffer(),
      ),
    ).toEqual([]);
  });

  test('what breaks the thread is a damaged image, and the next one is read', async () => {
    await expect(reader.read({} as Uint8Array)).rejects.toMatchObject({ refusal: 'DAMAGED' });
    expect((await reader.read(good)).map(({ text }) => text)).toEqual([EAN.text]);
  });
});

function refusalOf(error: unknown): unknown {
  return (error as { refusal?: unknown }).refusal;
}

describe('more than it can do', () => {
  test('what does not end in time is stopped, and the next image is read', async () => {
    const options = { threads: 1, timeoutMs: 1, log };
    const reader = new ImageCodeReader(options);
    await expect(reader.read(good)).rejects.toMatchObject({ refusal: 'TOO_SLOW' });
    options.timeoutMs = PATIENT_MS;
    expect((await reader.read(good)).map(({ text }) => text)).toEqual([EAN.text]);
    await reader.close();
  });

  test('no thread takes the place of one that is late before that is gone; who waits for it too long is refused', async () => {
    const terminate = Object.getOwnPropertyDescriptor(Worker.prototype, 'terminate')?.value as (this: Worker) => Promise<number>;
    const begun = vi.spyOn(DecodeWorker.prototype, 'decode');
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const late = vi.spyOn(Worker.prototype, 'terminate').mockImplementation(async function (this: Worker) {
      await held;
      return terminate.call(this);
    });
    const options = { threads: 1, timeoutMs: 1, log };
    const reader = new ImageCodeReader(options);
    try {
      await expect(reader.read(good)).rejects.toMatchObject({ refusal: 'TOO_SLOW' });
      await expect(reader.read(good)).rejects.toMatchObject({ refusal: 'BUSY' });
      expect(begun).toHaveBeenCalledOnce();
      options.timeoutMs = PATIENT_MS;
      const next = reader.read(good);
      letGo();
      expect((await next).map(({ text }) => text)).toEqual([EAN.text]);
      expect(begun).toHaveBeenCalledTimes(2);
    } finally {
      letGo();
      begun.mockRestore();
      late.mockRestore();
      await reader.close();
    }
  });

  test('those that find no place are refused at once, the others are read', async () => {
    const reader = new ImageCodeReader({ threads: 1, timeoutMs: PATIENT_MS, log });
    const places = 1 + WAITING_PER_THREAD;
    const read = await Promise.all(Array.from({ length: places + 3 }, () => reader.read(good).catch(refusalOf)));
    expect(read.slice(0, places).map((codes) => (codes as { text: string }[])[0]?.text)).toEqual(Array(places).fill(EAN.text));
    expect(read.slice(places)).toEqual(['BUSY', 'BUSY', 'BUSY']);
    expect(await reader.read(good)).toHaveLength(1);
    await reader.close();
  });

  test('to close gives up what is looked at and what waits', async () => {
    const reader = new ImageCodeReader({ threads: 1, timeoutMs: PATIENT_MS, log });
    const reads = Array.from({ length: 3 }, () => reader.read(good).catch(refusalOf));
    await reader.close();
    expect(await Promise.all(reads)).toEqual(['BUSY', 'BUSY', 'BUSY']);
  });
});
