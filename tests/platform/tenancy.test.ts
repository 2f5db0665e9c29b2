import { expect, test } from 'vitest';
import { acrossShops, currentTenancy, EVERY_SHOP, inShop, within } from '../../src/platform/tenancy.js';

const later = () => new Promise((resolve) => setTimeout(resolve, 1));

test('what is said holds for all that is awaited, and for nobody else', async () => {
  const seen = await Promise.all(
    ['a', 'b', 'c'].map((shopId) =>
      inShop(shopId, async () => {
        await later();
        return currentTenancy();
      }),
    ),
  );
  expect(seen).toEqual([{ shopId: 'a' }, { shopId: 'b' }, { shopId: 'c' }]);
  expect(currentTenancy()).toBeUndefined();
});

test('an act of one shop cannot become one of another, but may go on as its own', () => {
  expect(() => inShop('a', () => inShop('b', () => 'seen'))).toThrow('another one');
  expect(() => inShop('a', () => within({ shopId: 'b' }, () => 'seen'))).toThrow('another one');
  expect(inShop('a', () => inShop('a', currentTenancy))).toEqual({ shopId: 'a' });
});

test('acrossShops is for its own act alone', () => {
  const seen = inShop('a', () => [acrossShops(currentTenancy), within(EVERY_SHOP, currentTenancy), currentTenancy()]);
  expect(seen).toEqual([EVERY_SHOP, EVERY_SHOP, { shopId: 'a' }]);
  expect(acrossShops(() => inShop('b', currentTenancy))).toEqual({ shopId: 'b' });
});
