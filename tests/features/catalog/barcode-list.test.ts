import { describe, expect, test } from 'vitest';
import { checkBarcodes, MAX_BARCODES, type BarcodeDraft } from '../../../src/features/catalog/barcode-list.js';
import { DomainError } from '../../../src/kernel/errors.js';
import { quantity } from '../../../src/kernel/quantity.js';

const EAN13 = '6001234567899';

function refusal(drafts: readonly BarcodeDraft[]): string {
  try {
    checkBarcodes(drafts);
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.path.join('.')}`;
    throw error;
  }
  return 'accepted';
}

describe('a list of barcodes', () => {
  test('the first is the default where none is marked', () => {
    const checked = checkBarcodes([{ value: ` ${EAN13} ` }, { value: 'OWN-1', quantity: quantity(12), isDefault: null }]);
    expect(checked).toEqual([
      { value: EAN13, normalized: `0${EAN13}`, quantity: quantity(1), isDefault: true },
      { value: 'OWN-1', normalized: 'OWN-1', quantity: quantity(12), isDefault: false },
    ]);
  });

  test('the one that is marked is the default, and no other', () => {
    const checked = checkBarcodes([{ value: 'A' }, { value: 'B', isDefault: true }, { value: 'C', isDefault: false }]);
    expect(checked.map(({ isDefault }) => isDefault)).toEqual([false, true, false]);
  });

  test('may be empty', () => {
    expect(checkBarcodes([])).toEqual([]);
  });

  const many = Array.from({ length: MAX_BARCODES + 1 }, (_, index) => ({ value: `C${String(index)}` }));
  test.each<[string, BarcodeDraft[]]>([
    ['INVALID barcodes.1.value', [{ value: 'A' }, { value: '6001234567890' }]],
    ['INVALID barcodes.0.value', [{ value: ' ' }]],
    ['INVALID barcodes.0.value', [{ value: 'a\0' }]],
    ['INVALID barcodes.0.value', [{ value: 'a\ud800' }]],
    ['INVALID barcodes.0.quantity', [{ value: 'A', quantity: quantity(0) }]],
    ['INVALID barcodes.0.quantity', [{ value: 'A', quantity: quantity(-1) }]],
    ['INVALID barcodes.2.isDefault', [{ value: 'A', isDefault: true }, { value: 'B' }, { value: 'C', isDefault: true }]],
    ['DUPLICATE barcodes.1.value', [{ value: '012345678905' }, { value: '0012345678905' }]],
    ['INVALID barcodes', many],
    ['accepted', many.slice(1)],
  ])('%s', (expected, drafts) => {
    expect(refusal(drafts)).toBe(expected);
  });
});
