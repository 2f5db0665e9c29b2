import { describe, expect, it } from 'vitest';
import { demoCategories, demoItems, demoLocations, demoShop } from '../../seeders/demo-shop/index.js';
import { parseQuantity } from '../../src/kernel/quantity.js';

const MIN_ITEMS = 150;
const GTIN_LENGTHS = [8, 12, 13, 14];
const CODE = /^[A-Z0-9]+(-[A-Z0-9]+)*$/;
const PRICE = /^\d+\.\d{2}$/;
/** 20, five digits of item, five digits of weight left at zero, a check digit. */
const VARIABLE_WEIGHT_BASE = /^20\d{5}00000\d$/;

const barcodes = demoItems.flatMap((item) => item.barcodes.map((barcode) => ({ ...barcode, sku: item.sku, unit: item.unit })));

/** GS1 General Specifications, section 7.9: weights 3 and 1 from the right, the sum with the check digit a multiple of ten. */
function hasValidCheckDigit(gtin: string): boolean {
  const sum = Array.from(gtin.padStart(14, '0'), Number).reduce(
    (total, digit, index) => total + digit * (index % 2 === 0 ? 3 : 1),
    0,
  );
  return sum % 10 === 0;
}

function isGtin(value: string): boolean {
  return /^\d+$/.test(value) && GTIN_LENGTHS.includes(value.length);
}

/** What a scanner would confuse: one number at all its lengths is one code. */
function comparable(value: string): string {
  return isGtin(value) ? value.padStart(14, '0') : value;
}

function duplicates(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function depthOf(code: string, tree: readonly { code: string; parent?: string }[]): number {
  const parent = tree.find((node) => node.code === code)?.parent;
  return parent === undefined ? 1 : 1 + depthOf(parent, tree);
}

describe('demo shop items', () => {
  it('are many enough, the maize meal first', () => {
    expect(demoItems.length).toBeGreaterThanOrEqual(MIN_ITEMS);
    expect(demoItems[0]).toMatchObject({ sku: 'MAIZE-10KG', name: 'Maize meal 10 kg', unit: 'each' });
  });

  it('have well-formed, unique SKUs and unique names', () => {
    expect(demoItems.map((item) => item.sku).filter((sku) => !CODE.test(sku))).toEqual([]);
    expect(duplicates(demoItems.map((item) => item.sku))).toEqual([]);
    expect(duplicates(demoItems.map((item) => item.name))).toEqual([]);
  });

  it('cost a positive number of rand and cents', () => {
    expect(demoItems.filter((item) => !PRICE.test(item.salePrice) || Number(item.salePrice) <= 0)).toEqual([]);
  });

  it('open with quantities that their unit and the ledger can hold, once per location', () => {
    const known = demoLocations.map((location) => location.code);
    for (const item of demoItems) {
      expect(duplicates(item.opening.map((line) => line.location))).toEqual([]);
      for (const line of item.opening) {
        const amount = parseQuantity(line.quantity);
        expect(known).toContain(line.location);
        expect(amount?.isNegative(), `${item.sku} at ${line.location}`).toBe(false);
        expect(item.unit === 'kg' || amount?.isInteger(), `${item.sku} at ${line.location}`).toBe(true);
      }
    }
  });
});

describe('demo shop barcodes', () => {
  it('are unique in the shop, a GTIN at any length being one code', () => {
    expect(duplicates(barcodes.map((barcode) => comparable(barcode.value)))).toEqual([]);
  });

  it('are valid GTINs or plain codes of the shop', () => {
    const bad = barcodes.filter(({ value }) =>
      isGtin(value) ? !hasValidCheckDigit(value) : !CODE.test(value) || /^\d+$/.test(value),
    );
    expect(bad).toEqual([]);
  });

  it('name one default per item that has any', () => {
    const bad = demoItems.filter(
      (item) => item.barcodes.length > 0 && item.barcodes.filter((code) => code.isDefault).length !== 1,
    );
    expect(bad).toEqual([]);
  });

  it('give cases a GTIN-14 of the item inside and a whole quantity above one', () => {
    const cases = barcodes.filter((barcode) => barcode.quantity !== undefined);
    expect(cases.length).toBeGreaterThan(0);
    for (const { sku, value, quantity } of cases) {
      const inner = demoItems.find((item) => item.sku === sku)?.barcodes.find((code) => code.isDefault)?.value ?? '';
      expect(value.slice(0, -1)).toBe(`1${inner.padStart(13, '0').slice(0, -1)}`);
      expect(Number.isInteger(Number(quantity)) && Number(quantity) > 1, value).toBe(true);
    }
  });

  it('show every kind of code: GTIN-8, -13, -14, in-store weight bases on kg items, plain text, none', () => {
    const weighed = barcodes.filter((barcode) => /^2\d{12}$/.test(barcode.value));
    expect(new Set(barcodes.filter(({ value }) => isGtin(value)).map(({ value }) => value.length))).toEqual(new Set([8, 13, 14]));
    expect(weighed.length).toBeGreaterThan(0);
    expect(weighed.filter(({ value, unit }) => unit !== 'kg' || !VARIABLE_WEIGHT_BASE.test(value))).toEqual([]);
    expect(barcodes.some(({ value }) => value === 'BAKE-VETKOEK')).toBe(true);
    expect(demoItems.some((item) => item.barcodes.length === 0)).toBe(true);
  });
});

describe('demo shop trees', () => {
  it('name three locations and three levels of categories with well-formed, unique codes', () => {
    expect(demoLocations.map((location) => location.code)).toEqual(['SHOP', 'STORE', 'BAKERY']);
    expect(Math.max(...demoCategories.map((category) => depthOf(category.code, demoCategories)))).toBe(3);
    expect(demoCategories.filter((category) => !CODE.test(category.code))).toEqual([]);
    expect(duplicates(demoCategories.map((category) => category.code))).toEqual([]);
  });

  it.each([
    ['categories', demoCategories],
    ['locations', demoLocations],
  ])('list %s parents first', (_name, tree) => {
    const orphans = tree.filter(
      (node, index) => node.parent !== undefined && !tree.slice(0, index).some((other) => other.code === node.parent),
    );
    expect(orphans).toEqual([]);
  });

  it('leave no category empty and no item without a category', () => {
    const codes = demoCategories.map((category) => category.code);
    const used = new Set([...demoItems.map((item) => item.category), ...demoCategories.map((category) => category.parent)]);
    expect(codes.filter((code) => !used.has(code))).toEqual([]);
    expect(demoItems.filter((item) => !codes.includes(item.category))).toEqual([]);
  });
});

it('is a South African shop', () => {
  expect(demoShop).toMatchObject({ currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  expect(new Intl.DateTimeFormat('en', { timeZone: demoShop.timeZone }).resolvedOptions().timeZone).toBe('Africa/Johannesburg');
});
