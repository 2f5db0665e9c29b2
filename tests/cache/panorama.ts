import { RefusedError, type Ask } from './ask.js';
import { EAN, SCALE_LABEL, type World } from './world.js';

/** All that can be read of a world, by what it is called there. */
export type Panorama = Readonly<Record<string, unknown>>;

const LOOK = `
fragment Level on StockLevel { id onHand available version updatedAt reorderRule { reorderPoint reorderQuantity leadTimeDays location { code name } } alerts { kind acknowledgedBy } location { id code name archivedAt parent { code name } } stockItem { name } }
fragment Item on StockItem {
  id sku name description unit salePrice currency archivedAt createdAt updatedAt onHand available
  category { id code name parent { code name } path { code name } }
  barcodes { value quantity unit isDefault } levels { ...Level }
  inShop: level(location: $shop) { onHand version } inBack: level(location: $back) { onHand version } inEmpty: level(location: $empty) { onHand }
}
fragment Brief on StockItem { sku name salePrice archivedAt updatedAt onHand category { code name path { code } } levels { onHand version location { code name parent { code } } } }
fragment Branch on Category { id code name parent { code } path { code name } children { code name children { code name } } stockItems { totalCount nodes { sku name } } }
query ($bread: ID!, $milk: ID!, $cheese: ID!, $shop: ID!, $back: ID!, $empty: ID!, $food: ID!, $rye: ID!, $tools: ID!) {
  breadById: stockItem(by: { id: $bread }) { ...Item }
  breadBySku: stockItem(by: { sku: "bread" }) { ...Brief }
  breadByEan: stockItem(by: { barcode: "${EAN}" }) { ...Item }
  breadByCase: stockItem(by: { barcode: "BREAD-CASE" }) { ...Brief }
  milkById: stockItem(by: { id: $milk }) { ...Brief }
  milkBySku: stockItem(by: { sku: "MILK" }) { ...Brief }
  milkByCode: stockItem(by: { barcode: "MILK-CODE" }) { ...Brief }
  cheeseById: stockItem(by: { id: $cheese }) { ...Brief }
  newBySku: stockItem(by: { sku: "NEW" }) { ...Brief }
  newByCode: stockItem(by: { barcode: "NEW-CODE" }) { ...Brief }
  parkedByCode: stockItem(by: { barcode: "PARKED-CODE" }) { ...Brief }
  nodes(ids: [$bread, $rye, $shop]) { id ... on StockItem { name onHand } ... on Category { name } ... on Location { code name archivedAt } }
  rye: category(by: { id: $rye }) { ...Branch }
  ryeByCode: category(by: { code: "rye" }) { ...Branch }
  tools: category(by: { id: $tools }) { ...Branch }
  newCategory: category(by: { code: "NEW" }) { ...Branch }
  roots: categories { ...Branch }
  beneathFood: categories(parent: $food) { code name path { code } }
  emptyRoom: node(id: $empty) { ... on Location { code name archivedAt parent { code name } } }
  locations { id code name archivedAt parent { code } }
  shop { name currency stockFloor variableMeasure }
  items: stockItems { nodes { ...Brief } }
  parked: parkedScans { nodes { code suggestion { name source } } }
  alerts: stockAlerts(open: null) { nodes { kind acknowledgedBy resolvedAt level { onHand location { code } } } }
  toBuy: reorderSuggestions { nodes { available quantity leadTimeDays level { version } } }
  low: stockLevels(filter: { low: true }) { totalCount nodes { ...Level } }
  lowItems: stockItems(filter: { low: true }) { nodes { sku } }
  setAside: outboxJobs { totalCount nodes { task subject attempts reason } }
  webhooks: webhookEndpoints { url description kinds enabled previousSecretEndsAt updatedAt }
  breadFiles: stockItem(by: { id: $bread }) { photoUrl files { id kind name contentType sizeBytes createdAt } }
  recipients: notificationRecipients { name language email phone quietFrom quietTo dailyCap enabled subscriptions { kind channel location { code name } } }
  notifications { totalCount nodes { channel state alertCount recipient { name } } }
  deliveries: webhookDeliveries { totalCount nodes { eventType sequence state nextTryAt endpoint { enabled } } }
  keys: apiKeys { name role revokedAt location { code name } }
}`;

const SCAN = `mutation ($scans: [ScanInput!]!) {
  scanBatch(input: { device: "panorama", dryRun: true, sentAt: "2026-01-01T00:00:00Z", scans: $scans }) {
    results { id outcome say parsed { gtin price weightKg } stockItem { sku name onHand } level { onHand location { code name } } userErrors { code message } }
  }
}`;

const CODES = [EAN, 'BREAD-CASE', 'MILK-CODE', 'NEW-CODE', 'PARKED-CODE', SCALE_LABEL];

/** Looks at everything, with each key of the world. */
export async function panorama(ask: Ask, world: World): Promise<Panorama> {
  const { shop } = world.ids;
  const [anywhere, inShop] = [CODES.map((code) => lookUp(code)), CODES.map((code) => lookUp(code, shop))];
  return {
    ...(await ask(world.owner, LOOK, world.ids)),
    scans: await answer(ask(world.owner, SCAN, { scans: anywhere })),
    scansInShop: await answer(ask(world.owner, SCAN, { scans: inShop })),
    deviceScans: await answer(ask(world.device, SCAN, { scans: anywhere })),
    reader: await answer(ask(world.reader, '{ shop { name } }')),
  };
}

/** What the two show differently. */
export function differences(one: Panorama, other: Panorama): string[] {
  return Object.keys(one).filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

function lookUp(code: string, location?: string) {
  return { id: `${code} ${location ?? ''}`, code, mode: 'LOOKUP', location };
}

/** A key that is not valid shows that. */
async function answer(asking: Promise<unknown>): Promise<unknown> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof RefusedError) return error.code;
    throw error;
  }
}
