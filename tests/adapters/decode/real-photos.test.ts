import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageCode } from '../../../src/features/barcode/code-reader.port.js';
import { ImageCodeReader } from '../../../src/adapters/decode/image-code-reader.js';
import { createLogger } from '../../../src/platform/log.js';
import { leftOutName } from '../../support/left-out.js';
import { hasSamples, isRight, readSamples, type Sample } from './samples.js';

const EVERY = 8;
const LEAST_SHARE = 0.85;
const NAME = 'real photos';

// The samples are not ours to publish, so a run without them is a whole run. `npm run check:images` reads all of them.
describe.skipIf(!hasSamples())(
  hasSamples() ? NAME : leftOutName(NAME, 'SCAN_SAMPLES names no folder with barcode-images'),
  () => {
    let reader: ImageCodeReader;
    beforeAll(() => {
      reader = new ImageCodeReader({ threads: 1, timeoutMs: 60_000, log: createLogger({ level: 'silent' }) });
    });
    afterAll(() => reader.close());

    test('a slice of them is read, and none as something else', async () => {
      const samples = readSamples(EVERY);
      expect(samples.length).toBeGreaterThan(20);
      const read: { sample: Sample; codes: ImageCode[] }[] = [];
      for (const sample of samples) read.push({ sample, codes: await reader.read(sample.image) });
      const misread = read.flatMap(({ sample, codes }) =>
        codes.filter((code) => !isRight(sample, code)).map(({ text }) => [sample.name, text]),
      );
      expect(misread).toEqual([]);
      const right = read.filter(({ sample, codes }) => codes.some((code) => isRight(sample, code)));
      expect(right.length).toBeGreaterThanOrEqual(LEAST_SHARE * samples.length);
    });
  },
);
