import { expect, test } from 'vitest';
import { itemNameOf, suggestionOf } from '../../../src/features/barcode/product-suggestion.js';

const of = (name: string, more: object = {}) => suggestionOf({ name, ...more }, 'A source');

test.each([
  ['  Maize\tmeal\r\n 5 kg ', 'Maize meal 5 kg'],
  ['a\u202eb\u0000c\u200bd', 'a b c d'],
  ['e\u0301', 'é'],
  ['half \ud800 a pair', 'half \ufffd a pair'],
  ['x'.repeat(1_000_000), 'x'.repeat(200)],
  ['😀'.repeat(150), '😀'.repeat(100)],
  ['<b>bold</b>', '<b>bold</b>'],
])('a name is one line of a bounded length (%#)', (name, expected) => {
  expect(of(name)?.name).toBe(expected);
});

test.each(['', ' \n ', '\u200b\u202e'])('of a name of nothing nothing is suggested (%j)', (name) => {
  expect(of(name)).toBeUndefined();
});

test.each([
  ['https://images.example/a b.jpg', 'https://images.example/a%20b.jpg'],
  ['http://images.example/1.jpg', null],
  ['javascript:alert(1)', null],
  ['https://user:secret@images.example/1.jpg', null],
  ['//images.example/1.jpg', null],
  [`https://images.example/${'x'.repeat(2_000)}`, null],
  [undefined, null],
])('a picture is an address of https (%j)', (imageUrl, expected) => {
  expect(of('Maize', { imageUrl })?.imageUrl).toBe(expected);
});

test.each([
  ['Super Maize Meal', 'Ace', 'Ace Super Maize Meal'],
  ['ACE Super Maize Meal', 'Ace', 'ACE Super Maize Meal'],
  ['Maize', null, 'Maize'],
  ['x'.repeat(200), 'Ace', `Ace ${'x'.repeat(196)}`],
])('an item is named after brand and name (%#)', (name, brand, expected) => {
  expect(itemNameOf({ name, brand, imageUrl: null, source: 'A source' })).toBe(expected);
});
