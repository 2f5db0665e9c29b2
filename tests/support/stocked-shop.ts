import type { App } from '../../src/app.js';
import { parseGlobalId, toGlobalId } from '../../src/graphql/global-id.js';
import { checkDigit } from '../../src/kernel/gtin.js';
import { newId } from '../../src/kernel/ids.js';
import { quantity } from '../../src/kernel/quantity.js';
import { appClient } from './app.js';
import { openFiles } from './open-files.js';
import { openPeople } from './open-people.js';
import { openNotified } from './notified.js';
import { openWebhook } from './webhooked.js';
import { setJobAside } from './set-aside.js';
import { parkAndSuggest } from './suggest.js';

interface Page {
  nodes: { id: string }[];
  pageInfo: { endCursor: string };
}

/** A shop with a row in every table, whatever it is called. */
export interface StockedShop {
  readonly secret: string;
  readonly shopId: string;
  /** A global id of each type; Other: another location. */
  readonly ids: Readonly<Record<string, string>>;
  /** All else that something of the shop is named by. */
  readonly texts: Readonly<Record<string, string>>;
  /** Fits whatever tells of the shop. */
  readonly marks: RegExp;
  /** One of each list, in the order of LISTS. */
  readonly cursors: readonly string[];
  /** A new item of which there are five. */
  freshItem(): Promise<{ sku: string; id: string }>;
}

const STOCK = 5;
const MAKE = `mutation ($back: LocationInput!, $food: CategoryInput!, $bread: StockItemInput!, $key: ApiKeyInput!) {
  locationCreate(input: $back) { location { id } }
  categoryCreate(input: $food) { category { id } }
  stockItemCreate(input: $bread) { stockItem { id } }
  apiKeyCreate(input: $key) { apiKey { id } }
}`;
const POST = `mutation ($received: StockInput!, $sold: StockInput!) {
  stockReceive(input: $received) { movement { id } level { id } }
  stockIssue(input: $sold) { movement { id } }
}`;
const SCAN = `mutation ($sold: ID!, $key: ID!, $batch: ScanBatchInput!) {
  stockMovementReverse(id: $sold, key: $key) { replayed }
  scanBatch(input: $batch) { results { outcome } }
}`;
const LISTS = `{
  bySku: stockItems { pageInfo { endCursor } }
  byName: stockItems(sort: NAME) { pageInfo { endCursor } }
  byAge: stockItems(sort: CREATED_AT) { pageInfo { endCursor } }
  levels: stockLevels { pageInfo { endCursor } }
  movements: stockMovements { pageInfo { endCursor } }
  feed: stockMovementFeed { pageInfo { endCursor } }
  parked: parkedScans { pageInfo { endCursor } }
  alerts: stockAlerts { pageInfo { endCursor } }
  toBuy: reorderSuggestions { pageInfo { endCursor } }
  deliveries: webhookDeliveries { pageInfo { endCursor } }
  notifications { pageInfo { endCursor } }
  jobs: outboxJobs { pageInfo { endCursor } }
  entries: auditEntries { pageInfo { endCursor } }
}`;
const RULE = `mutation ($rule: ReorderRuleInput!) {
  reorderRuleSet(input: $rule) { level { alerts { id } } }
}`;
let shops = 0;

/** Of a product that no shop has, each time of another one. */
function unknownCode(): string {
  const digits = `600200000${String(shops).padStart(3, '0')}`;
  return digits + checkDigit(digits);
}

/** Everything in it is named after `name`. */
export async function openStockedShop(app: App, name: string): Promise<StockedShop> {
  const { items, movements, shops: service } = app.services;
  const { actor, secret, location } = await service.create({
    name: `${name} shop`,
    currency: 'ZAR',
    timeZone: 'Africa/Johannesburg',
  });
  const client = appClient(app, secret);
  shops += 1;
  const digits = `600100000${String(shops).padStart(3, '0')}`;
  const barcode = digits + checkDigit(digits);
  const made = await client<Record<string, Record<string, { id: string }>>>(MAKE, {
    back: { code: `${name}-BACK`, name: `${name} back` },
    food: { code: `${name}-FOOD`, name: `${name} food` },
    bread: { sku: `${name}-1`, name: `${name} bread`, barcodes: [{ value: barcode }, { value: `${name}-code` }] },
    key: { name: `${name} reader`, role: 'READER' },
  });
  const at = toGlobalId('Location', location.id);
  const bread = { stockItem: { sku: `${name}-1` }, location: at };
  const posted = await client<Record<string, { movement: { id: string }; level: { id: string } }>>(POST, {
    received: { ...bread, key: `${name}-key`, quantity: 100 },
    sold: { ...bread, key: `${name}-sold`, quantity: 1 },
  });
  const scans = [
    { id: `${name}-beep`, code: `${name}-parked`, mode: 'SALE', location: at },
    { id: `${name}-sale`, code: `${name}-code`, mode: 'SALE', location: at },
  ];
  const batch = { device: `${name}-device`, sentAt: '2026-01-01T00:00:00Z', scans };
  const rule = { stockItem: made.stockItemCreate?.stockItem?.id, location: at, reorderPoint: 1000, reorderQuantity: 10 };
  const ruled = await client<{ reorderRuleSet: { level: { alerts: { id: string }[] } } }>(RULE, { rule });
  await client(SCAN, { sold: posted.stockIssue?.movement.id, key: `${name}-back`, batch });
  const unknown = unknownCode();
  await parkAndSuggest(app, actor, { code: unknown, locationId: location.id, name: `${name} maize` });
  const alert = ruled.reorderRuleSet.level.alerts[0]?.id ?? '';
  const { recipient, notification } = await openNotified(app, actor, name, alert);
  const { webhook, delivery } = await openWebhook(app, actor, name);
  const loaf = { id: parseGlobalId(made.stockItemCreate?.stockItem?.id ?? '')?.id ?? '', name: `${name} bread` };
  const { file, upload } = await openFiles(app, actor, loaf);
  const { job } = await setJobAside(app, actor, name);
  const { member, invitation } = await openPeople(app, actor, name);
  const cursors = Object.values(await client<Record<string, Page>>(LISTS));
  const { parkedScans, auditEntries: audited } = await client<{ parkedScans: Page; auditEntries: Page }>(
    '{ parkedScans { nodes { id } } auditEntries { nodes { id } } }',
  );
  const ids = {
    Shop: toGlobalId('Shop', actor.shopId),
    Location: at,
    Other: made.locationCreate?.location?.id ?? '',
    Category: made.categoryCreate?.category?.id ?? '',
    StockItem: made.stockItemCreate?.stockItem?.id ?? '',
    ApiKey: made.apiKeyCreate?.apiKey?.id ?? '',
    StockMovement: posted.stockReceive?.movement.id ?? '',
    StockLevel: posted.stockReceive?.level.id ?? '',
    StockAlert: alert,
    NotificationRecipient: recipient,
    Notification: notification,
    ParkedScan: parkedScans.nodes[0]?.id ?? '',
    WebhookEndpoint: webhook,
    WebhookDelivery: delivery,
    StoredFile: file,
    Upload: upload,
    OutboxJob: job,
    Membership: member,
    Invitation: invitation,
    AuditEntry: audited.nodes[0]?.id ?? '',
  };
  const words = ['BACK', 'FOOD', '1', 'code', 'key', 'device', 'beep', 'parked'].map((word) => `${name}-${word}`);
  const texts = { barcode, unknown, name: `${name} bread`, ...Object.fromEntries(words.map((word) => [word, word])) };
  return {
    secret,
    shopId: actor.shopId,
    ids,
    texts,
    cursors: cursors.map(({ pageInfo }) => pageInfo.endCursor),
    marks: new RegExp([name, barcode, ...Object.values(ids)].join('|'), 'i'),
    freshItem: async () => {
      const sku = `GOOD-${newId()}`;
      const { id } = await items.create(actor, { sku, name: sku });
      const receipt = { type: 'MOVE', kind: 'RECEIPT', key: { scope: 'STOCK', key: newId() }, item: { id } } as const;
      await movements.postOne(actor, { ...receipt, location: { id: location.id }, quantity: quantity(STOCK) });
      return { sku, id: toGlobalId('StockItem', id) };
    },
  };
}
