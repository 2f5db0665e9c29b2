import { expect, test } from 'vitest';
import { Ballot } from '../../../src/adapters/decode/ballot.js';
import type { Sighting } from '../../../src/adapters/decode/engine.js';
import type { View } from '../../../src/adapters/decode/views.js';

const [RIGHT, WRONG, THIRD] = ['0023942431015', '8574731738478', '0142141778476'];

/** What a look gives of an EAN-13, at the left or elsewhere. */
function seen(text: string, lineCount: number, { left = 0, addOnHint = '', symbology = 'EANUPC' } = {}): Sighting {
  const [right, top, bottom] = [left + 200, 0, 100];
  const sighting: Partial<Sighting> = {
    text,
    lineCount,
    isValid: true,
    format: 'EAN13',
    symbology: symbology as Sighting['symbology'],
    symbologyIdentifier: ']E0',
    extra: addOnHint && `{"EanAddOn":"${addOnHint}"}`,
    position: {
      topLeft: { x: left, y: top },
      topRight: { x: right, y: top },
      bottomRight: { x: right, y: bottom },
      bottomLeft: { x: left, y: bottom },
    },
  };
  return sighting as Sighting;
}

type Look = readonly [kind: 'plain' | 'changed', ...sightings: Sighting[]];

function count(...looks: readonly Look[]): Ballot {
  const ballot = new Ballot();
  for (const [kind, ...sightings] of looks) {
    const view = { isPlain: kind === 'plain', toPhoto: (point) => point } as View;
    ballot.add(sightings, view);
  }
  return ballot;
}

test.each<[string, string[], boolean, ...Look[]]>([
  ['many lines of an unchanged image', [RIGHT], true, ['plain', seen(RIGHT, 8)]],
  ['few lines', [], false, ['plain', seen(RIGHT, 3)]],
  ['few lines, twice', [RIGHT], true, ['plain', seen(RIGHT, 3)], ['plain', seen(RIGHT, 2)]],
  ['two that disagree', [], false, ['plain', seen(RIGHT, 9), seen(WRONG, 9)]],
  [
    'two that disagree, until one is seen more',
    [RIGHT],
    true,
    ['plain', seen(RIGHT, 9), seen(WRONG, 3)],
    ['plain', seen(RIGHT, 2)],
  ],
  [
    'what only changed images show, however often, against an unchanged one',
    [RIGHT],
    true,
    ['plain', seen(RIGHT, 5)],
    ['changed', seen(WRONG, 39), seen(RIGHT, 2)],
    ['changed', seen(WRONG, 39), seen(THIRD, 3)],
    ['changed', seen(WRONG, 39)],
    ['changed', seen(WRONG, 39)],
  ],
  [
    'what is made of the digits beside a code',
    [RIGHT],
    false,
    ['plain', seen(RIGHT, 9)],
    ['changed', seen(THIRD, 9, { left: 500 })],
  ],
  ['two codes beside each other', [RIGHT, THIRD], true, ['plain', seen(RIGHT, 9), seen(THIRD, 9, { left: 500 })]],
  ['what checks itself all over', ['any'], true, ['changed', seen('any', 0, { symbology: 'QRCode' })]],
  ['what checks itself not at all', [], false, ['plain', seen('3681', 9, { symbology: 'ITF' })]],
])('%s', (_, texts, isClear, ...looks) => {
  const ballot = count(...looks);
  expect([ballot.codes().map(({ text }) => text), ballot.isClear]).toEqual([texts, isClear]);
});

test('an add-on is believed where the lines agree on it, and is in doubt where one is to be seen but not read', () => {
  const doubtful = count(['plain', seen(RIGHT, 42, { addOnHint: '52395' })]);
  expect([doubtful.isClear, doubtful.codes()[0]?.text]).toEqual([false, RIGHT]);
  const clear = count(['plain', seen(RIGHT, 42, { addOnHint: '52395' })], ['plain', seen(`${RIGHT}52595`, 171)]);
  expect([clear.isClear, clear.codes()]).toMatchObject([true, [{ text: `${RIGHT}52595`, symbology: ']E3' }]]);
});
