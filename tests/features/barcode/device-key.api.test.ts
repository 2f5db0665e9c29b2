import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { graphqlReply } from '../../support/app.js';
import { ScanApp } from './scan-app.js';

let scanApp: ScanApp;
beforeAll(async () => {
  scanApp = await ScanApp.start();
});
afterAll(() => scanApp.stop());

test.each([
  ['the history of the item', 'stockMovements { nodes { id } }'],
  ['the other items of its category', 'category { stockItems { nodes { id } } }'],
  ['the categories beneath', 'category { children { id } }'],
])("a device's key sees what it has scanned, but not %s", async (_, walk) => {
  const { app, bench } = scanApp;
  const device = await scanApp.key('DEVICE', 'LOOKUP');
  const code = bench.ean();
  await bench.item({ name: 'Amasi', codes: { [code]: '1' } });
  await app.services.categories.create(bench.shop.actor, { code: newId().slice(-12), name: 'Dairy' });
  const em = bench.database.orm.em.fork();
  await em.execute('update stock_item set category_id = (select id from category limit 1)');
  const scan = (fields: string) =>
    graphqlReply(app, device, `mutation { scan(input: { id: "${newId()}", code: "${code}" }) { stockItem { ${fields} } } }`);
  expect(await scan('name category { name } levels { onHand }')).toMatchObject({
    data: { scan: { stockItem: { name: 'Amasi' } } },
  });
  expect((await scan(walk)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
