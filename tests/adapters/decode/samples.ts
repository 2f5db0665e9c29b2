import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageCode } from '../../../src/features/barcode/code-reader.port.js';

/** A photo of a real code and what it says. `set`: those that were taken alike. */
export interface Sample {
  readonly name: string;
  readonly set: string;
  readonly text: string;
  readonly image: Buffer;
}

const FOLDER = join(process.env.SCAN_SAMPLES ?? '', 'barcode-images');
const IMAGE = /\.(png|jpe?g|webp)$/;
const RETAIL = /^(\d{8}|\d{13})$/;

export function hasSamples(): boolean {
  return Boolean(process.env.SCAN_SAMPLES) && existsSync(FOLDER);
}

/** Every photo of the folder, or every so many-th. */
export function readSamples(step = 1): Sample[] {
  const names = readdirSync(FOLDER)
    .filter((name) => IMAGE.test(name))
    .sort();
  return names
    .filter((_, place) => place % step === 0)
    .map((name) => ({
      name,
      set: name.split('--')[0] ?? '',
      text: readFileSync(join(FOLDER, name.replace(IMAGE, '.txt')), 'utf8')
        .replace(/^\uFEFF/, '')
        .trim(),
      image: readFileSync(join(FOLDER, name)),
    }));
}

/** Whether this is what the sample says. Some samples do not tell an add-on that is there to be seen. */
export function isRight({ text }: Sample, code: Pick<ImageCode, 'text' | 'symbology'>): boolean {
  return code.text === text || (code.symbology === ']E3' && RETAIL.test(text) && code.text.startsWith(text));
}
