import { describe, expect, test } from 'vitest';
import type { ImageCode } from '../../../src/features/barcode/code-reader.port.js';
import { parseCode } from '../../../src/features/barcode/codes/parse-code.js';
import { codesToScan, scannedText, wholeText, type PhotoCode } from '../../../src/features/barcode/photo-codes.js';
import { photoScanId } from '../../../src/features/barcode/photo.service.js';
import { MAX_SCAN_ID_LENGTH } from '../../../src/features/barcode/scan.js';

const OPTIONS = { variableMeasure: [], currentYear: 2026 };

/** A code of a photo, so far from its top. */
function code(whole: string, top = 0): PhotoCode {
  const found: ImageCode = { symbology: whole.slice(0, 3), text: whole.slice(3), position: [{ x: 0, y: top }] };
  return { code: found, reading: parseCode(wholeText(found), OPTIONS) };
}

function scanned(...codes: PhotoCode[]): string[] {
  return codesToScan(codes).map(({ code: one }) => scannedText(one));
}

const EAN = ']E06001087340007';
const LABEL = ']C1010600108734000710LOT42';
const OTHER = ']E04006381333931';
const ADDRESS = ']Q1https://example.com/win';
const LINK = ']Q1https://id.gs1.org/01/06001087340007/10/LOT42';

describe('which codes of a photo are scanned', () => {
  test('each, from the top down, as scanners send them', () => {
    expect(scanned(code(OTHER, 90), code(EAN, 10), code(']C0SHELF A', 50))).toEqual([
      '6001087340007',
      'SHELF A',
      '4006381333931',
    ]);
  });

  test('of one trade item the code that says most, wherever it is', () => {
    expect(scanned(code(EAN, 10), code(LABEL, 50))).toEqual([LABEL]);
    expect(scanned(code(LABEL, 10), code(EAN, 50))).toEqual([LABEL]);
    expect(scanned(code(EAN), code(LINK), code(OTHER, 50))).toEqual([LINK.slice(3), '4006381333931']);
  });

  test('a web address only where there is nothing else', () => {
    expect(scanned(code(ADDRESS), code(EAN))).toEqual(['6001087340007']);
    expect(scanned(code(ADDRESS))).toEqual([ADDRESS.slice(3)]);
    expect(scanned(code(LINK))).toEqual([LINK.slice(3)]);
  });

  test.each([
    [']E06001087340007', '6001087340007'],
    [']I116001087340004', '16001087340004'],
    [']C0]C1 IS A SHELF', ']C0]C1 IS A SHELF'],
    [']E3978073520044951299', ']E3978073520044951299'],
    [']E412345670', ']E412345670'],
    [']d20106001087340007', ']d20106001087340007'],
  ])('%s goes on as %s', (whole, text) => {
    expect(scanned(code(whole))).toEqual([text]);
  });
});

describe('the id of a scan in a photo', () => {
  test('is the same for the same photo and code, and another for any other', () => {
    const ids = [photoScanId('a', '1'), photoScanId('a', '2'), photoScanId('b', '1'), photoScanId('a', '1')];
    expect(new Set(ids).size).toBe(3);
    expect(ids[3]).toBe(ids[0]);
  });

  test.each([MAX_SCAN_ID_LENGTH, MAX_SCAN_ID_LENGTH - 17, MAX_SCAN_ID_LENGTH - 16])('fits, of one of %i characters', (length) => {
    const [one, other] = [photoScanId('x'.repeat(length), '1'), photoScanId(`${'x'.repeat(length - 1)}y`, '1')];
    expect([one.length <= MAX_SCAN_ID_LENGTH, other === one]).toEqual([true, false]);
  });

  test('is what was sent, where that is no id: it is refused as that', () => {
    for (const id of ['', ' ', 'x'.repeat(MAX_SCAN_ID_LENGTH + 1)]) expect(photoScanId(id, '1')).toBe(id);
  });
});
