import type { App } from '../../src/app.js';
import type { Actor } from '../../src/features/access/index.js';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { checkDigit } from '../../src/kernel/gtin.js';
import { quantity } from '../../src/kernel/quantity.js';
import { openFiles } from '../support/open-files.js';
import { openNotified } from '../support/notified.js';
import { openWebhook } from '../support/webhooked.js';
import { openPeople } from '../support/open-people.js';
import { setJobAside } from '../support/set-aside.js';
import { appClient } from '../support/app.js';
import { parkAndSuggest } from '../support/suggest.js';

const withCheckDigit = (body: string): string => body + checkDigit(body);

/** What is named by a text in every world: each is a shop of its own. */
export const EAN = withCheckDigit('600100000001');
/** Of a product that the shop does not have; what it is was looked up. */
export const UNKNOWN_EAN = withCheckDigit('600200000001');
/** What a scale prints: 12.95 of the cheese, where the shop says that such numbers are to be read so. */
export const SCALE_LABEL = withCheckDigit('200045101295');
export const SCALE_SETTING = 'ITEM5_PRICE5';

/** A shop with something of everything that is cached. */
export interface World {
  readonly shopId: string;
  /** Keys: owner and reader stand nowhere, the device in the empty room. */
  readonly owner: string;
  readonly reader: string;
  readonly device: string;
  /** Global ids. */
  readonly ids: Readonly<Record<Named, string>>;
}

type Named =
  | 'member'
  | 'invitation'
  | 'shop'
  | 'back'
  | 'empty'
  | 'food'
  | 'rye'
  | 'tools'
  | 'bread'
  | 'milk'
  | 'cheese'
  | 'received'
  | 'transferred'
  | 'alert'
  | 'webhook'
  | 'recipient'
  | 'notification'
  | 'delivery'
  | 'file'
  | 'upload'
  | 'job'
  | 'readerKey'
  | 'deviceKey';

export type Place = 'BACK' | 'EMPTY';

/** Made through one instance. `places`: the rooms beside the shop's first one. */
export async function makeWorld(app: App, places: readonly Place[] = ['BACK', 'EMPTY']): Promise<World> {
  const { shops, locations } = app.services;
  const {
    actor,
    secret,
    location: shop,
  } = await shops.create({ name: 'World', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  const room = async (code: Place) =>
    places.includes(code) ? locations.create(actor, { code, name: `The ${code.toLowerCase()} room` }) : undefined;
  const rooms = { shop, back: await room('BACK'), empty: await room('EMPTY') };
  const catalog = await makeCatalog(app, actor);
  const moved = await makeStock(app, actor, { bread: catalog.bread, ...rooms });
  const alertId = await makeAlert(app, actor, { bread: catalog.bread, shop, secret });
  const keys = await makeKeys(app, actor, (rooms.empty ?? shop).id);
  // The last owner stays, so that there has to be another one.
  await openPeople(app, actor, 'Second');
  const global = (type: Parameters<typeof toGlobalId>[0], row: { id: string } | undefined) =>
    row ? toGlobalId(type, row.id) : '';
  return {
    shopId: actor.shopId,
    owner: secret,
    reader: keys.reader.secret,
    device: keys.device.secret,
    ids: {
      shop: global('Location', shop),
      back: global('Location', rooms.back),
      empty: global('Location', rooms.empty),
      food: global('Category', catalog.food),
      rye: global('Category', catalog.rye),
      tools: global('Category', catalog.tools),
      bread: global('StockItem', catalog.bread),
      milk: global('StockItem', catalog.milk),
      cheese: global('StockItem', catalog.cheese),
      received: global('StockMovement', moved.received),
      transferred: global('StockMovement', moved.transferred),
      alert: alertId,
      ...(await openWebhook(app, actor, 'world')),
      ...(await openPeople(app, actor, 'World')),
      ...(await openNotified(app, actor, 'world', alertId)),
      ...(await openFiles(app, actor, catalog.bread)),
      ...(await setJobAside(app, actor, 'world')),
      readerKey: global('ApiKey', keys.reader.apiKey),
      deviceKey: global('ApiKey', keys.device.apiKey),
    },
  };
}

interface Row {
  readonly id: string;
}

/** FOOD > BREAD > RYE with an item in it, and TOOLS with nothing. */
async function makeCatalog({ services: { categories, items } }: App, actor: Actor) {
  const food = await categories.create(actor, { code: 'FOOD', name: 'Food' });
  const breads = await categories.create(actor, { code: 'BREADS', name: 'Breads', parent: food });
  const rye = await categories.create(actor, { code: 'RYE', name: 'Rye breads', parent: breads });
  const tools = await categories.create(actor, { code: 'TOOLS', name: 'Tools' });
  const bread = await items.create(actor, {
    ...{ sku: 'BREAD', name: 'Rye bread', description: 'Of three days', category: rye },
    salePrice: quantity(10),
    barcodes: [{ value: EAN }, { value: 'BREAD-CASE', quantity: quantity(12) }],
  });
  const milk = await items.create(actor, { sku: 'MILK', name: 'Milk', barcodes: [{ value: 'MILK-CODE' }] });
  const cheese = await items.create(actor, { sku: 'CHEESE', name: 'Cheese', category: food, barcodes: [{ value: '2000451' }] });
  return { food, rye, tools, bread, milk, cheese };
}

/** Bread in the shop and in the back room, and a scan of a code that nobody knows yet. */
async function makeStock(app: App, actor: Actor, at: { bread: Row; shop: Row; back: Row | undefined }) {
  await parkAndSuggest({ services: app.services }, actor, { code: UNKNOWN_EAN, locationId: at.shop.id, name: 'Maize meal 5 kg' });
  const key = (text: string) => ({ scope: 'STOCK', key: text }) as const;
  const receipt = {
    type: 'MOVE',
    kind: 'RECEIPT',
    item: at.bread,
    location: at.shop,
    key: key('receipt'),
    quantity: quantity(15),
  } as const;
  const { movements } = app.services;
  const [received] = (await movements.postOne(actor, receipt)).movements;
  const parked = {
    id: 'beep',
    code: 'PARKED-CODE',
    mode: 'RECEIVE',
    quantity: quantity(3),
    location: { sent: at.shop.id, id: at.shop.id },
  } as const;
  await app.services.scans.submit(actor, { device: 'till', scans: [parked] });
  if (!at.back) return { received, transferred: undefined };
  const transfer = {
    type: 'TRANSFER',
    item: at.bread,
    from: at.shop,
    to: at.back,
    key: key('transfer'),
    quantity: quantity(5),
  } as const;
  const [transferred] = (await movements.postOne(actor, transfer)).movements;
  return { received, transferred };
}

/** There is too little bread in the shop. Gives the global id of the alert that says so. */
async function makeAlert(
  app: App,
  actor: Actor,
  { bread, shop, secret }: { bread: Row; shop: Row; secret: string },
): Promise<string> {
  const rule = { reorderPoint: quantity(20), reorderQuantity: quantity(12), leadTimeDays: 3 };
  await app.services.rules.set(actor, { stockItem: bread, location: shop }, rule);
  const { stockAlerts } = await appClient(app, secret)<{ stockAlerts: { nodes: Row[] } }>('{ stockAlerts { nodes { id } } }');
  return stockAlerts.nodes[0]?.id ?? '';
}

async function makeKeys({ services: { apiKeys } }: App, actor: Actor, stand: string) {
  const reader = await apiKeys.create(actor, { name: 'Reader', role: 'READER' });
  const device = await apiKeys.create(actor, { name: 'Device', role: 'DEVICE', mode: 'LOOKUP', location: { id: stand } });
  return { reader, device };
}
