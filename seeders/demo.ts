import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Services } from '../src/app/services.js';
import type { Actor } from '../src/features/access/index.js';
import type { RulePlace, StockAct } from '../src/features/stock/index.js';
import { toGlobalId } from '../src/graphql/global-id.js';
import { quantity } from '../src/kernel/quantity.js';
import { demoCategories, demoItems, demoLocations, demoShop, type DemoItem } from './demo-shop/index.js';

/** What a person needs to try the demo shop. */
export interface DemoAccess {
  readonly adminKey: string;
  readonly deviceKey: string;
  /** A person who owns the shop. Undefined for a shop that was seeded before there were people. */
  readonly owner: DemoOwner | undefined;
  /** A code that the demo shop knows. */
  readonly exampleCode: string;
  /** Global id of the location where the device stands. Undefined where its key was revoked before this was written down. */
  readonly locationId: string | undefined;
  /** What of it still lets somebody in: the rest was revoked or changed since. */
  readonly opens: { readonly adminKey: boolean; readonly deviceKey: boolean; readonly password: boolean };
}

export interface DemoOwner {
  readonly email: string;
  readonly password: string;
}

export interface DemoOptions {
  readonly services: Services;
  /** Where the keys are kept readable; only its owner may read it. */
  readonly keysFile: string;
}

const OWNER_ONLY = 0o600;
const OWNER_BYTES = 3;
const PASSWORD_BYTES = 15;
const ACTS_AT_A_TIME = 500;
/** One sale above its point, so that a first sale shows what an alert is. */
const RULE = { sku: 'MAIZE-10KG', location: 'SHOP', reorderPoint: 10, reorderQuantity: 20, leadTimeDays: 2 } as const;
const EXAMPLE_CODE = demoItems.flatMap(({ barcodes }) => barcodes)[0]?.value ?? '';

/**
 * Seeds the demo shop once, through the same services as everything else, and keeps its keys in a file that only its owner may read. The
 * file is written last: a start that was cut short leaves none, and the next one makes a whole shop anew; so does one that finds nothing
 * in it which the database knows. A shop whose keys were revoked is still there, and is not made twice.
 */
export async function prepareDemoShop({ services, keysFile }: DemoOptions): Promise<DemoAccess> {
  const kept = readKeys(keysFile);
  return (kept && (await standing(services, kept))) ?? seedDemoShop(services, keysFile);
}

async function seedDemoShop(services: Services, keysFile: string): Promise<DemoAccess> {
  const { actor, secret: adminKey, location } = await services.shops.create(demoShop);
  const locations = await seedLocations(services, actor, location.id);
  const categories = await seedCategories(services, actor);
  const items = await seedItems(services, actor, categories);
  await openStock(services, actor, openingActs(items, locations));
  const [, ruled] = items.find(([{ sku }]) => sku === RULE.sku) ?? [];
  await setRule(services, actor, { stockItem: { id: ruled }, location: { id: locations.get(RULE.location) } });
  const device = { name: 'Demo scanner', role: 'DEVICE', location: { id: location.id }, mode: 'SALE' } as const;
  const { secret: deviceKey } = await services.apiKeys.create(actor, device);
  const locationId = toGlobalId('Location', location.id);
  const keys = { adminKey, deviceKey, owner: await addOwner(services, actor), locationId };
  writeKeys(keysFile, keys);
  return { ...keys, exampleCode: EXAMPLE_CODE, opens: { adminKey: true, deviceKey: true, password: true } };
}

/** What was written down, as far as it still lets somebody in. Undefined where the database knows nothing of it: then it is another database's. */
async function standing({ authenticator, people }: Services, kept: DemoKeys): Promise<DemoAccess | undefined> {
  const [admin, device] = [await authenticator.authenticate(kept.adminKey), await authenticator.authenticate(kept.deviceKey)];
  const credentials = kept.owner ? await people.owners.judge(kept.owner) : 'UNKNOWN';
  if (!admin && !device && credentials === 'UNKNOWN') return undefined;
  const locationId = device?.locationId ? toGlobalId('Location', device.locationId) : kept.locationId;
  const opens = { adminKey: Boolean(admin), deviceKey: Boolean(device), password: credentials === 'RIGHT' };
  return { ...kept, exampleCode: EXAMPLE_CODE, locationId, opens };
}

/** Of an address of his own each time: a start that was cut short leaves one whose password nobody knows. */
async function addOwner({ people }: Services, { shopId }: Actor): Promise<DemoOwner> {
  const email = `owner-${randomBytes(OWNER_BYTES).toString('hex')}@demo.example`;
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  await people.owners.add(shopId, { email, name: 'Demo owner', password });
  return { email, password };
}

async function setRule({ rules }: Services, actor: Actor, place: RulePlace): Promise<void> {
  const { reorderPoint, reorderQuantity, leadTimeDays } = RULE;
  await rules.set(actor, place, {
    leadTimeDays,
    reorderPoint: quantity(reorderPoint),
    reorderQuantity: quantity(reorderQuantity),
  });
}

type DemoKeys = Pick<DemoAccess, 'adminKey' | 'deviceKey' | 'owner' | 'locationId'>;

function readKeys(file: string): DemoKeys | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoKeys) : undefined;
}

function writeKeys(file: string, keys: DemoKeys): void {
  const unfinished = `${file}.unfinished`;
  writeFileSync(unfinished, `${JSON.stringify(keys, null, 2)}\n`, { mode: OWNER_ONLY });
  chmodSync(unfinished, OWNER_ONLY);
  renameSync(unfinished, file);
}

/** Row ids by code. A new shop has its first location already. */
async function seedLocations({ locations }: Services, actor: Actor, firstId: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { code, name, parent } of demoLocations) {
    const parentRef = parent === undefined ? undefined : { id: ids.get(parent) };
    const draft = { code, name, parent: parentRef };
    const isFirst = ids.size === 0;
    const location = isFirst ? await locations.update(actor, { id: firstId }, draft) : await locations.create(actor, draft);
    ids.set(code, location.id);
  }
  return ids;
}

async function seedCategories({ categories }: Services, actor: Actor): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { code, name, parent } of demoCategories) {
    const parentRef = parent === undefined ? undefined : { id: ids.get(parent) };
    ids.set(code, (await categories.create(actor, { code, name, parent: parentRef })).id);
  }
  return ids;
}

type SeededItem = readonly [item: DemoItem, id: string];

async function seedItems({ items }: Services, actor: Actor, categories: ReadonlyMap<string, string>): Promise<SeededItem[]> {
  const seeded: SeededItem[] = [];
  for (const item of demoItems) {
    const { sku, name, description, unit, barcodes } = item;
    const { id } = await items.create(actor, {
      sku,
      name,
      description,
      unit,
      category: { id: categories.get(item.category) },
      salePrice: quantity(item.salePrice),
      barcodes: barcodes.map((barcode) => ({ ...barcode, quantity: quantity(barcode.quantity ?? '1') })),
    });
    seeded.push([item, id]);
  }
  return seeded;
}

function openingActs(items: readonly SeededItem[], locations: ReadonlyMap<string, string>): StockAct[] {
  return items.flatMap(([item, id]) =>
    item.opening.map(({ location, quantity: amount }) => ({
      type: 'MOVE' as const,
      kind: 'RECEIPT' as const,
      key: { scope: 'STOCK' as const, key: `opening/${item.sku}/${location}` },
      item: { id },
      location: { id: locations.get(location) },
      quantity: quantity(amount),
      reason: 'Opening stock',
    })),
  );
}

async function openStock({ movements }: Services, actor: Actor, acts: readonly StockAct[]): Promise<void> {
  for (let start = 0; start < acts.length; start += ACTS_AT_A_TIME) {
    const verdicts = await movements.post(actor, acts.slice(start, start + ACTS_AT_A_TIME), { atomic: true });
    const refused = verdicts.find(({ refusal }) => refusal);
    if (refused?.refusal) throw refused.refusal;
  }
}
