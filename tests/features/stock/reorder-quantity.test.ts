import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantityToOrder } from '../../../src/features/stock/reorder-quantity.js';
import { quantity } from '../../../src/kernel/quantity.js';

const toOrder = (onHand: string | number, reorderPoint: string | number, reorderQuantity: string | number): string =>
  quantityToOrder({
    onHand: quantity(onHand),
    reorderPoint: quantity(reorderPoint),
    reorderQuantity: quantity(reorderQuantity),
  }).toFixed();

test.each([
  ['one lot is enough', toOrder(5, 5, 10), '10'],
  ['just at the point after one lot is not above it', toOrder(0, 10, 10), '20'],
  ['far below zero takes several', toOrder(-25, 5, 12), '36'],
  ['parts of a unit', toOrder('0.5', '1', '0.25'), '0.75'],
  ['above the point nothing', toOrder('5.000001', 5, 10), '0'],
  [
    'the most that a level can lack of the least that can be bought',
    toOrder('-99999999999999.999999', '99999999999999.999999', '0.000001'),
    '199999999999999.999999',
  ],
])('%s', (_, ordered, expected) => {
  expect(ordered).toBe(expected);
});

test('whatever the rule, it is the fewest lots that lift the level above its point', () => {
  const millionths = (min: bigint) => fc.bigInt({ min, max: 10n ** 20n - 1n });
  fc.assert(
    fc.property(millionths(-(10n ** 20n)), millionths(0n), millionths(1n), (onHand, point, lot) => {
      const ordered = quantityToOrder({
        onHand: quantity(String(onHand)).div(1e6),
        reorderPoint: quantity(String(point)).div(1e6),
        reorderQuantity: quantity(String(lot)).div(1e6),
      });
      // The same with whole numbers that cannot round.
      const lots = onHand > point ? 0n : (point - onHand) / lot + 1n;
      expect(ordered.times(1e6).toFixed()).toBe(String(lots * lot));
      expect(onHand + lots * lot > point).toBe(true);
      expect(lots === 0n || onHand + (lots - 1n) * lot <= point).toBe(true);
    }),
  );
});
