import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkType } from '../../../src/features/files/content/detect-type.js';
import { checkedDocument } from '../../../src/features/files/content/document.js';
import { drawAnew } from '../../../src/features/files/content/image.js';
import { LineFullError, Turns } from '../../../src/features/files/content/turns.js';
import { InvalidError } from '../../../src/kernel/errors.js';
import { jpegBomb } from '../../support/jpeg-bomb.js';
import { COMMENT, HTML, hugePng, PDF, photo, png, SVG, twoColours, zipBomb } from './samples.js';

const refused = (message: RegExp): unknown =>
  expect.objectContaining({ name: 'InvalidError', message: expect.stringMatching(message) as string });

describe('an image', () => {
  test('is drawn anew: upright, bounded, without a word of what lay beside its pixels', async () => {
    const before = await photo(4000, 3000);
    expect(await sharp(before).metadata()).toMatchObject({ orientation: 6, exif: expect.any(Buffer) as Buffer });
    expect(before.includes(COMMENT)).toBe(true);
    const { image, thumbnail } = await drawAnew(before);
    const after = await sharp(image.bytes).metadata();
    expect(after).toMatchObject({ format: 'jpeg', width: 1536, height: 2048 });
    for (const part of ['exif', 'xmp', 'iptc', 'icc', 'orientation', 'comments'] as const)
      expect([part, after[part]]).toEqual([part, undefined]);
    for (const text of [COMMENT, 'GPS', 'Exif']) expect(image.bytes.includes(text)).toBe(false);
    // What was left is on top once the photo stands upright.
    const { data } = await sharp(image.bytes).resize(1, 2, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true });
    expect(data[0]).toBeGreaterThan(200);
    expect(data[5]).toBeGreaterThan(200);
    expect(await sharp(thumbnail.bytes).metadata()).toMatchObject({ width: 360, height: 480 });
  });

  test.each(['png', 'webp', 'avif', 'jpeg'] as const)('is taken as %s', async (format) => {
    const bytes = await twoColours(40, 30).toFormat(format).toBuffer();
    await checkType(bytes, `image/${format}`);
    expect((await drawAnew(bytes)).image.contentType).toBe('image/jpeg');
  });

  test('stays transparent where it is', async () => {
    const bytes = await sharp({ create: { width: 10, height: 10, channels: 4, background: '#ff000000' } })
      .png()
      .toBuffer();
    const { image, thumbnail } = await drawAnew(bytes);
    expect([image.contentType, thumbnail.contentType]).toEqual(['image/webp', 'image/webp']);
    expect(await sharp(image.bytes).metadata()).toMatchObject({ hasAlpha: true });
  });

  test('that has a page or an archive behind it comes out without', async () => {
    for (const payload of [Buffer.from(HTML), zipBomb(1000)]) {
      const { image, thumbnail } = await drawAnew(Buffer.concat([await png(), payload]));
      for (const { bytes } of [image, thumbnail]) {
        expect(bytes.includes('<script')).toBe(false);
        expect(bytes.includes('PK\x05\x06', 0, 'latin1')).toBe(false);
      }
    }
  });

  test('of 900 million pixels is refused before they are decoded', async () => {
    const bomb = hugePng(30_000);
    expect(bomb.length).toBeLessThan(200_000);
    const before = process.memoryUsage().rss;
    await expect(drawAnew(bomb)).rejects.toEqual(refused(/million pixels/));
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_048_576);
  });

  test('of few bytes in scans without end is refused before any of them is decoded', async () => {
    await expect(drawAnew(jpegBomb({ width: 256, height: 256, scans: 100 }))).rejects.toEqual(refused(/too many scans/));
  });

  test('that is damaged, or none, is refused', async () => {
    const whole = await photo();
    const gif = await twoColours(8, 8).gif().toBuffer();
    const tiff = await twoColours(8, 8).tiff().toBuffer();
    const none = [
      whole.subarray(0, whole.length / 2),
      Buffer.from(HTML),
      Buffer.from(SVG),
      Buffer.from(`<?xml version="1.0"?>${SVG}`),
      gif,
      tiff,
      PDF,
      randomBytes(1000),
      Buffer.alloc(0),
    ];
    for (const bytes of none) await expect(drawAnew(bytes)).rejects.toBeInstanceOf(InvalidError);
  });
});

describe('what a file is said to be', () => {
  let samples: Record<string, Buffer>;
  beforeAll(async () => {
    samples = {
      'image/jpeg': await photo(),
      'image/png': await png(),
      'application/pdf': PDF,
      'image/gif': await twoColours(8, 8).gif().toBuffer(),
      'application/zip': zipBomb(1000),
      'text/html': Buffer.from(HTML),
      'image/svg+xml': Buffer.from(SVG),
      'text/plain': Buffer.from('sku,name\n1,Bread\n'),
    };
  });

  test('is believed only where its bytes say so too', async () => {
    for (const declared of ['image/jpeg', 'image/png', 'application/pdf']) {
      for (const [actual, bytes] of Object.entries(samples)) {
        const checked = checkType(bytes, declared);
        if (actual === declared) await checked;
        else
          await expect(checked, `${actual} as ${declared}`).rejects.toEqual(
            refused(new RegExp(`not ${declared}.* but ${actual.replace('+', '.')}`)),
          );
      }
    }
  });
});

describe('a document', () => {
  const pieces = (bytes: Buffer, size: number): Readable =>
    Readable.from(
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
    );
  const check = (text: Buffer | string, declared: string, size = 10_000): Promise<Buffer> =>
    buffer(checkedDocument(pieces(Buffer.from(text), size), declared));

  test.each([
    ['application/pdf', PDF],
    ['application/pdf', Buffer.concat([PDF, Buffer.alloc(500)])],
    [
      'application/pdf',
      Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(300_000).map((byte) => byte & 0x7e), Buffer.from('\n%%EOF')]),
    ],
    ['text/plain', Buffer.from('\uFEFFbrood, žito, 面包 < 3 > 2\r\n\t"quoted"')],
    ['text/csv', Buffer.from('sku,name\n'.repeat(20_000))],
    ['text/plain', Buffer.from('žito'.repeat(20_000))],
  ])('%s is passed on as it is', async (declared, bytes) => {
    for (const size of [1 + (bytes.length >> 6), 4_100, 65_536])
      expect((await check(bytes, declared, size)).equals(bytes)).toBe(true);
  });

  test.each([
    ['a page', 'text/plain', HTML],
    ['a page behind blanks', 'text/csv', `\uFEFF \n${HTML}`],
    ['a drawing with a script', 'text/plain', SVG],
    ['a page far behind', 'text/csv', `${'sku,name\n'.repeat(20_000)}<ScRiPt>alert(1)</script>`],
    ['a script', 'text/plain', '#!/bin/sh\nrm -rf /'],
    ['an archive', 'text/plain', zipBomb(1_000_000)],
    ['a program', 'text/plain', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)])],
    ['control characters', 'text/plain', 'a\u001b[31mb'],
    ['not UTF-8', 'text/csv', Buffer.from([0x62, 0xe9, 0x0a])],
    ['UTF-16', 'text/csv', Buffer.from('\uFEFFa,b', 'utf16le')],
    ['half a character at the end', 'text/plain', Buffer.from('caf\u00e9').subarray(0, -1)],
    ['a PDF', 'text/plain', PDF],
    ['nothing that is known', 'application/pdf', randomBytes(5000)],
    ['a page', 'application/pdf', HTML],
    ['an archive', 'application/pdf', zipBomb(100_000_000)],
    ['a PDF behind a blank', 'application/pdf', Buffer.concat([Buffer.from(' '), PDF])],
    ['a PDF behind a picture', 'application/pdf', Buffer.concat([Buffer.from('GIF89a=1;'), PDF])],
    [
      'a PDF that begins like a page',
      'application/pdf',
      Buffer.concat([Buffer.from('%PDF-1.4\n%<html><script>alert(1)</script>\n'), PDF.subarray(9)]),
    ],
    ['a PDF with an archive behind it', 'application/pdf', Buffer.concat([PDF, zipBomb(1000)])],
    ['a PDF with an archive in its end', 'application/pdf', Buffer.concat([PDF, zipBomb(1000), Buffer.from('\n%%EOF\n')])],
    ['a PDF with a page behind it', 'application/pdf', Buffer.concat([PDF, Buffer.from(HTML)])],
    ['half a PDF', 'application/pdf', PDF.subarray(0, -10)],
  ])('%s as %s is refused, and never passed on whole', async (_, declared, bytes) => {
    const all = Buffer.from(bytes);
    for (const size of [100, 4_100, 65_536]) {
      let passed = 0;
      const reading = async (): Promise<void> => {
        for await (const piece of checkedDocument(pieces(all, size), declared)) passed += piece.length;
      };
      await expect(reading()).rejects.toBeInstanceOf(InvalidError);
      expect(passed).toBeLessThan(all.length);
    }
  });
});

test('so many at once, so many in line, and nobody else', async () => {
  const turns = new Turns(2, 1);
  const ends: (() => void)[] = [];
  const work = (who: string): Promise<void> => turns.take(who, () => new Promise((resolve) => ends.push(resolve)));
  const all = ['a', 'b', 'c'].map(work);
  await expect(work('d')).rejects.toBeInstanceOf(LineFullError);
  expect(ends).toHaveLength(2);
  ends[0]?.();
  await all[0];
  expect(ends).toHaveLength(3);
  for (const end of ends) end();
  await Promise.all(all);
  await expect(turns.take('a', () => Promise.reject(new Error('torn')))).rejects.toThrow('torn');
  expect(await turns.take('a', () => Promise.resolve('next'))).toBe('next');
});

test('nobody has two turns at once, or all of the line', async () => {
  const turns = new Turns(2, 8, 2);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const work = (who: string): Promise<void> => {
    const turn = (resolve: () => void) => (begun.push(who), ends.push(resolve));
    return turns.take(who, () => new Promise<void>(turn));
  };
  const greedy = [work('greedy'), work('greedy'), work('greedy')];
  await expect(work('greedy')).rejects.toBeInstanceOf(LineFullError);
  const others = [work('other'), work('third')];
  expect(begun).toEqual(['greedy', 'other']);
  ends[1]?.();
  await others[0];
  expect(begun).toEqual(['greedy', 'other', 'third']);
  for (let at = 0; at < 3; at += 1) {
    ends.splice(0).forEach((end) => {
      end();
    });
    await greedy[at];
  }
  await Promise.all(others);
  expect(begun).toEqual(['greedy', 'other', 'third', 'greedy', 'greedy']);
});
