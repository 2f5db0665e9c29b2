import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Where the photo was taken, as its metadata says it. */
const PLACE = {
  IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '33/1 55/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '18/1 25/1 0/1' },
};
export const COMMENT = 'Taken by somebody at home';

/** Two colours side by side, so that one sees which way is up. */
export function twoColours(width: number, height: number) {
  const left = { create: { width: width / 2, height, channels: 3 as const, background: '#ff0000' } };
  const both = sharp({ create: { width, height, channels: 3, background: '#0000ff' } }).composite([
    { input: left, left: 0, top: 0 },
  ]);
  return both.removeAlpha();
}

/** A photo as a phone takes it: lying on its side, with the place in it. */
export function photo(width = 640, height = 480): Promise<Buffer> {
  return twoColours(width, height)
    .jpeg()
    .withExif({ IFD0: { ImageDescription: COMMENT, Orientation: '6' }, ...PLACE })
    .withMetadata({ orientation: 6 })
    .toBuffer();
}

export function png(width = 64, height = 48): Promise<Buffer> {
  return twoColours(width, height).png().toBuffer();
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** A real PNG of so many pixels a side, all of them black: some hundred kilobytes for 900 million. */
export function hugePng(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // One bit a pixel, grey.
  header.writeUInt8(1, 8);
  const pixels = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

export const HTML = '<!DOCTYPE html><html><body><script>alert(1)</script></body></html>';
export const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>';

/** One page with nothing on it. */
export const PDF = Buffer.from(
  [
    '%PDF-1.4',
    '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
    '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj',
    'xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n ',
    'trailer<</Size 4/Root 1 0 R>>\nstartxref\n160\n%%EOF\n',
  ].join('\n'),
);

/** An archive of one file of zeros: `bytes` of them, in a thousandth of the place. */
export function zipBomb(bytes: number): Buffer {
  const [name, packed] = [Buffer.from('0.txt'), deflateSync(Buffer.alloc(bytes)).subarray(2, -4)];
  const check = crc32(Buffer.alloc(bytes));
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(check, 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
