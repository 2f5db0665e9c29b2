import { createHash } from 'node:crypto';
import { CodeReaderError, type CodeReader, type ImageCode } from '../../src/features/barcode/code-reader.port.js';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** Reads what it was told of an image; no image but a PNG, and in one it was told nothing of there is nothing. */
export class FakeCodeReader implements CodeReader {
  private readonly known = new Map<string, ImageCode[]>();
  private isClosed = false;
  /** Every image from now on is refused as this. */
  refuses: CodeReaderError | undefined;
  reads = 0;

  /** An image that says this, each text once. */
  picture(codes: readonly Pick<ImageCode, 'text' | 'symbology'>[]): Buffer {
    const image = Buffer.concat([PNG, Buffer.from(JSON.stringify(codes))]);
    const texts = new Map(codes.map((code, place) => [code.text, { ...code, position: square(place) }]));
    this.known.set(keyOf(image), [...texts.values()]);
    return image;
  }

  read(image: Uint8Array): Promise<ImageCode[]> {
    this.reads += 1;
    if (this.isClosed) return Promise.reject(new CodeReaderError('BUSY', 'It is closed: try again later.'));
    if (this.refuses) return Promise.reject(this.refuses);
    if (!PNG.equals(image.subarray(0, PNG.length))) {
      return Promise.reject(new CodeReaderError('NOT_AN_IMAGE', 'This is no image: send a PNG.'));
    }
    return Promise.resolve([...(this.known.get(keyOf(image)) ?? [])]);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** One below the other. */
function square(place: number): ImageCode['position'] {
  const [top, bottom] = [place * 100, place * 100 + 50];
  return [
    { x: 0, y: top },
    { x: 50, y: top },
    { x: 50, y: bottom },
    { x: 0, y: bottom },
  ];
}

function keyOf(image: Uint8Array): string {
  return createHash('sha256').update(image).digest('hex');
}
