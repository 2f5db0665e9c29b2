import type { ImageCode } from './code-reader.port.js';
import type { ParsedCode } from './codes/gs1-message.js';
import type { CodeReading } from './codes/parse-code.js';
import { needsSymbology } from './codes/symbology.js';

/** A code of a photo and what it means in the shop. */
export interface PhotoCode {
  readonly code: ImageCode;
  readonly reading: CodeReading;
}

const WEB_ADDRESS = /^https?:\/\//i;

/** All that the code is, as a scanner sends it that names the symbology. */
export function wholeText({ symbology, text }: ImageCode): string {
  return symbology + text;
}

/** As most scanners send it: with the symbology only where the code means something else without. It is what a person is shown. */
export function scannedText({ symbology, text }: ImageCode): string {
  return needsSymbology(symbology, text) ? symbology + text : text;
}

export function parsedOf({ reading }: PhotoCode): ParsedCode | undefined {
  return reading.ok ? reading.parsed : undefined;
}

/**
 * What of a photo is to be scanned, from the top down: of codes that name one trade item the one that says most (a label often has its number as an EAN and
 * within a GS1 message), and no web addresses where there is anything else, since packs carry those as advertising.
 */
export function codesToScan(codes: readonly PhotoCode[]): PhotoCode[] {
  const byItem = new Map<string, PhotoCode>();
  for (const code of codes) {
    const key = parsedOf(code)?.gtin ?? wholeText(code.code);
    const other = byItem.get(key);
    if (other === undefined || saysMore(code, other)) byItem.set(key, code);
  }
  const items = [...byItem.values()].sort((one, other) => heightOf(one) - heightOf(other));
  const withoutAddresses = items.filter((code) => parsedOf(code)?.gtin !== undefined || !WEB_ADDRESS.test(code.code.text));
  return withoutAddresses.length > 0 ? withoutAddresses : items;
}

/** The shorter text where both say as much, so that it is the same one each time. */
function saysMore(one: PhotoCode, other: PhotoCode): boolean {
  const [said, saidByOther] = [one, other].map((code) => Object.keys(parsedOf(code) ?? {}).length);
  if (said !== saidByOther) return (said ?? 0) > (saidByOther ?? 0);
  return one.code.text.length < other.code.text.length;
}

function heightOf({ code }: PhotoCode): number {
  return Math.min(...code.position.map(({ y }) => y));
}
