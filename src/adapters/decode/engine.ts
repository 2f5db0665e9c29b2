import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, purgeZXingModule, readBarcodes, type ReaderOptions, type ReadResult } from 'zxing-wasm/reader';
import type { GrayImage } from './gray-image.js';

export type Sighting = ReadResult;

/** What shops and warehouses print. The package reads more kinds, but each that nobody uses is one more way to read a pattern wrong. */
const FORMATS = [
  ...(['EANUPC', 'Code128', 'Code39', 'Code93', 'ITF', 'Codabar', 'DataBar', 'DataBarLtd', 'DataBarExp'] as const),
  ...(['DataMatrix', 'QRCode', 'Aztec', 'PDF417'] as const),
];

/**
 * The package's own options for reading as much as it can. `tryDenoise` stays off: it reads beyond its memory with some photos. `Plain` gives FNC1 as the
 * group separator and UPC as 13 digits.
 */
export const BEST_OPTIONS: ReaderOptions = {
  formats: FORMATS,
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  eanAddOnSymbol: 'Read',
  textMode: 'Plain',
};

/** Compiled once a thread, from the package's own file; left to itself the package fetches it from the internet. */
let compiled: WebAssembly.Module | undefined;

/** Starts anew, with an empty memory: after a fault nothing that is in it can be trusted. */
async function restart(): Promise<void> {
  compiled ??= new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))));
  const program = compiled;
  purgeZXingModule();
  const instantiateWasm = (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
    const instance = new WebAssembly.Instance(program, imports);
    done(instance);
    return instance.exports;
  };
  await prepareZXingModule({ overrides: { instantiateWasm }, fireImmediately: true });
}

let ready: Promise<void> | undefined;

/** All that is read in one look at an image. A fault of the decoder's memory is nothing found. */
export async function lookAt(image: GrayImage, options: ReaderOptions = BEST_OPTIONS): Promise<Sighting[]> {
  await (ready ??= restart());
  try {
    return await readBarcodes(asPgm(image), options);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    ready = restart();
    return [];
  }
}

/** A portable graymap: a quarter of what the same pixels take as colours. */
function asPgm({ pixels, width, height }: GrayImage): Uint8Array {
  const header = new TextEncoder().encode(`P5 ${String(width)} ${String(height)} 255\n`);
  const file = new Uint8Array(header.length + pixels.length);
  file.set(header);
  file.set(pixels, header.length);
  return file;
}
