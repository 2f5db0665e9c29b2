import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CodeReaderError, type CodeReader } from '../../../src/features/barcode/code-reader.port.js';
import { drawnAs, type Drawn } from './drawn.js';

/** A reader, and images for it with these codes in them, each below the one before it. */
export interface ReaderBench {
  readonly reader: CodeReader;
  picture(codes: readonly Drawn[]): Promise<Uint8Array>;
}

/** What every reader of codes keeps to. */
export function codeReaderContract(name: string, open: () => Promise<ReaderBench>): void {
  describe(`${name} as a reader of codes`, () => {
    let bench: ReaderBench;
    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench.reader.close());

    const [ean, gs1] = [drawnAs('EAN-13'), drawnAs('GS1-128')];

    test('says what a code says and where it is', async () => {
      const [code, ...others] = await bench.reader.read(await bench.picture([gs1]));
      expect(others).toEqual([]);
      expect(code).toMatchObject({ text: gs1.text, symbology: ']C1' });
      expect(code?.position).toHaveLength(4);
      for (const { x, y } of code?.position ?? []) expect([x >= 0, y >= 0]).toEqual([true, true]);
    });

    test('says all of several codes, and of one that is there twice once', async () => {
      const codes = await bench.reader.read(await bench.picture([ean, gs1, ean]));
      expect(codes.map(({ text }) => text).sort()).toEqual([gs1.text, ean.text].sort());
    });

    test('says nothing of an image without a code', async () => {
      expect(await bench.reader.read(await bench.picture([]))).toEqual([]);
    });

    test('reads on, whatever it was shown before', async () => {
      const picture = await bench.picture([ean]);
      for (const bytes of [Buffer.alloc(0), Buffer.from('<html></html>')]) {
        await expect(bench.reader.read(bytes)).rejects.toMatchObject({ refusal: 'NOT_AN_IMAGE' });
      }
      expect((await bench.reader.read(picture)).map(({ text }) => text)).toEqual([ean.text]);
    });

    test('reads several at once, each for itself', async () => {
      const [one, other] = [await bench.picture([ean]), await bench.picture([gs1])];
      const read = await Promise.all([one, other, one, other].map((image) => bench.reader.read(image)));
      expect(read.map(([code]) => code?.text)).toEqual([ean.text, gs1.text, ean.text, gs1.text]);
    });

    test('refuses once it is closed', async () => {
      const closed = await open();
      const picture = await closed.picture([ean]);
      await closed.reader.close();
      const error: unknown = await closed.reader.read(picture).catch((refusal: unknown) => refusal);
      expect(error).toBeInstanceOf(CodeReaderError);
      expect(error).toMatchObject({ refusal: 'BUSY' });
    });
  });
}
