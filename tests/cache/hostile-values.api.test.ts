import { beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { quantity } from '../../src/kernel/quantity.js';
import { MAX_ACTS } from '../../src/features/stock/movement.service.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';
import { askApp, type Ask } from './ask.js';
import { inBothSettings } from './cached-apps.js';

/** What a name may hold: one line, in any script. */
const NAMES = [
  '🥖 Brötchen, 日本のパン, خبز, e\u0301, \u{1F469}\u{1F3FD} 🧀',
  `"quotes" 'and' \`backquotes\` \\ \\" \\u0041 \\n %s \${x} {{y}} </script><!--`,
  '{"stamp":"1","value":null} [1,2] null',
  '\uFFFD \uFFFE \uFFFF \uE000',
  '__proto__',
  '🧀'.repeat(100),
];
/** What else a description may hold. */
const LONG_TEXT = `Line\r\nbreaks\tand \u0001\u001f\u007f\u0085\u2028\u2029\ufeff\u200d\u202e controls, ${NAMES.join('\n')}`;
/** Codes, which are parts of the names that values are kept under. */
const CODES = [
  'only',
  'code/only',
  'a b::c {stockroom}* ?[x]',
  '../..//%2F\\',
  '__proto__',
  'constructor',
  '🥖 日本 "quoted"',
  'Ω'.repeat(600),
];
/** What half a character is written as in UTF-8, and so in a key of Redis. */
const TWIN = '\uFFFD';
/** Texts that no row can hold. */
const IMPOSSIBLE = ['\uD800', '\uDFFF', '\uD83E', 'NUL \0', '\0'];

const ITEM = `fragment Item on StockItem { sku name description unit salePrice barcodes { value }
  category { code name } levels { onHand location { code name } } }`;
const CREATE = 'mutation ($input: StockItemInput!) { stockItemCreate(input: $input) { userErrors { code message } } }';
const LOOK = `${ITEM} query ($sku: String!, $code: String!, $category: String!) {
  bySku: stockItem(by: { sku: $sku }) { ...Item } byCode: stockItem(by: { barcode: $code }) { ...Item } category(by: { code: $category }) { name } }`;
const DONE = { userErrors: [] };

describe('values of every kind come back from the cache as they are in the database', () => {
  inBothSettings((opened) => {
    let shop: ShopFixture;
    beforeAll(async () => {
      shop = await createShop(opened().database.orm.em);
      const { owner, ask } = asking();
      const input = { sku: TWIN, name: 'Twin', barcodes: [{ value: TWIN }] };
      expect(await ask(owner, CREATE, { input })).toEqual({ stockItemCreate: DONE });
    });

    /** The same through each instance, cold and warm, and from the database. */
    async function showsTruly<T>(look: (ask: Ask) => Promise<T>): Promise<T> {
      const cached = opened();
      const truth = await look(cached.truth);
      for (const app of cached.apps) expect(await look(askApp(app))).toEqual(truth);
      for (const seen of await cached.warm((app) => look(askApp(app)))) expect(seen).toEqual(truth);
      return truth;
    }

    test.each(NAMES.map((name, index) => [JSON.stringify(name).slice(0, 60), name, index] as const))(
      'a name: %s',
      async (_, name, index) => {
        const { owner, ask } = asking();
        const [sku, code, category] = [`SKU ${String(index)}`, `CODE ${String(index)}`, `CATEGORY ${String(index)}`];
        const made = await ask<{ categoryCreate: { category: { id: string } } }>(
          owner,
          'mutation ($input: CategoryInput!) { categoryCreate(input: $input) { category { id } } }',
          { input: { code: category, name } },
        );
        const { id } = made.categoryCreate.category;
        const input = {
          sku,
          name,
          description: LONG_TEXT,
          unit: 'kg 🧀',
          salePrice: '0.000001',
          category: id,
          barcodes: [{ value: code }],
        };
        expect(await ask(owner, CREATE, { input })).toEqual({ stockItemCreate: DONE });
        const shown = await showsTruly((by) => by<{ bySku: object; byCode: object }>(owner, LOOK, { sku, code, category }));
        expect(shown.byCode).toMatchObject({ name, description: LONG_TEXT, salePrice: '0.000001', category: { name } });
        expect(shown.bySku).toEqual(shown.byCode);
      },
    );

    test.each(CODES.map((code, index) => [JSON.stringify(code).slice(0, 60), code, index] as const))(
      'a code: %s',
      async (_, code, index) => {
        const { owner, ask } = asking();
        const [sku, name] = [code.slice(0, 60), `Item ${String(index)}`];
        const look = (by: Ask) => by<{ bySku: object | null; byCode: object | null }>(owner, LOOK, { sku, code, category: sku });
        expect(await showsTruly(look)).toEqual({ bySku: null, byCode: null, category: null });
        expect(await ask(owner, CREATE, { input: { sku, name, barcodes: [{ value: code }] } })).toEqual({
          stockItemCreate: DONE,
        });
        expect(await showsTruly(look)).toMatchObject({ bySku: { name }, byCode: { name } });
      },
    );

    test.each(IMPOSSIBLE.map((text) => [JSON.stringify(text), text] as const))(
      'a text that no row can hold finds nothing, not what looks like it in UTF-8: %s',
      async (_, text) => {
        const { owner, ask } = asking();
        for (const app of opened().apps) {
          const twin = { sku: TWIN, code: TWIN, category: TWIN };
          const named = { name: 'Twin' };
          expect(await askApp(app)(owner, LOOK, twin)).toMatchObject({ bySku: named, byCode: named, category: null });
          const impossible = { sku: text, code: text, category: text };
          expect(await askApp(app)(owner, LOOK, impossible)).toEqual({ bySku: null, byCode: null, category: null });
          const headers = { authorization: `Bearer ${owner}` };
          for (const payload of [{ code: TWIN, loc: text }, { code: text }]) {
            const { statusCode } = await app.inject({
              method: 'POST',
              url: '/scan',
              headers,
              payload: { ...payload, mode: 'LOOKUP' },
            });
            expect([payload, statusCode]).toEqual([payload, 422]);
          }
        }
        const { stockItemCreate } = await ask<{ stockItemCreate: { userErrors: object[] } }>(owner, CREATE, {
          input: { sku: 'IMPOSSIBLE', name: `${text} name`, barcodes: [{ value: text }] },
        });
        expect(stockItemCreate.userErrors).toHaveLength(1);
      },
    );

    test('an item with levels at 500 locations', async () => {
      const { em } = opened().database.orm;
      const big = await createShop(em, { locations: MAX_ACTS });
      const [item] = big.items;
      const id = toGlobalId('StockItem', item?.id ?? '');
      const receive = async (from: number, amount: string): Promise<void> => {
        const acts = big.locations.map((location, index) => ({
          ...({ type: 'MOVE', kind: 'RECEIPT', item: { id: item?.id }, location } as const),
          key: { scope: 'STOCK', key: `${amount} ${String(index)}` } as const,
          quantity: quantity(amount).plus(from + index),
        }));
        await opened().app.services.movements.post(big.actor, acts);
      };
      const look = (ask: Ask) =>
        ask<{ stockItem: { onHand: string; levels: object[] } }>(
          big.secret,
          'query ($id: ID!) { stockItem(by: { id: $id }) { onHand levels { onHand version location { code name } } } }',
          { id },
        );
      await receive(0, '0.000001');
      expect((await showsTruly(look)).stockItem).toMatchObject({ onHand: '124750.0005', levels: { length: MAX_ACTS } });
      await receive(1, '1');
      expect((await showsTruly(look)).stockItem.onHand).toBe('250500.0005');
    });

    function asking() {
      return { owner: shop.secret, ask: askApp(opened().app) };
    }
  });
});
