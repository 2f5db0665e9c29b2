import type { App } from '../../src/app.js';
import { newId } from '../../src/kernel/ids.js';
import { appClient } from '../support/app.js';
import type { TestDatabase } from '../support/database.js';
import { plainFiller, type Leaf, type RootField } from '../support/schema-requests.js';

/** A shop that has one of each thing that requests name. */
export interface HostileShop {
  readonly secret: string;
  /** Global ids by what they name. */
  readonly ids: Readonly<Record<string, string>>;
}

const PLENTY = 1_000_000;

export async function openHostileShop(app: App): Promise<HostileShop> {
  const { secret } = await app.services.shops.create({ name: 'Hostile', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  const client = appClient(app, secret);
  type Made = Record<string, Record<string, { id: string }>>;
  const made = await client<Made>(`mutation {
    stockItemCreate(input: { sku: "OLD", name: "Old" }) { stockItem { id } }
    categoryCreate(input: { code: "OLD", name: "Old" }) { category { id } }
    stockReceive(input: { key: "OLD", stockItem: { sku: "OLD" }, quantity: ${String(PLENTY)} }) { movement { id } }
    locationCreate(input: { code: "OLD", name: "Old" }) { location { id } }
    notificationRecipientCreate(input: { name: "Old", email: "old@example.com" }) { recipient { id } }
    webhookEndpointCreate(input: { url: "https://example.com/", kinds: [ITEM] }) { endpoint { id } }
  }`);
  const { locations } = await client<{ locations: { id: string; code: string }[] }>('{ locations { id code } }');
  const idOf = (field: string, row: string): string => made[field]?.[row]?.id ?? '';
  return {
    secret,
    ids: {
      stockItem: idOf('stockItemCreate', 'stockItem'),
      category: idOf('categoryCreate', 'category'),
      location: locations.find(({ code }) => code === 'SHOP')?.id ?? '',
      other: locations.find(({ code }) => code === 'OLD')?.id ?? '',
      notificationRecipient: idOf('notificationRecipientCreate', 'recipient'),
      recipient: idOf('notificationRecipientCreate', 'recipient'),
      webhookEndpoint: idOf('webhookEndpointCreate', 'endpoint'),
      endpoint: idOf('webhookEndpointCreate', 'endpoint'),
      stockMovement: idOf('stockReceive', 'movement'),
    },
  };
}

/** Everything but the hostile text is as good as can be, so that it comes as far as it can. */
export function goodValues({ ids }: HostileShop, field: RootField): (leaf: Leaf) => unknown {
  return (leaf) => {
    const name = leaf.path.at(-1) ?? '';
    if (name === 'sku' && leaf.path.includes('stockItem')) return 'OLD';
    if (name === 'contentType') return 'image/png';
    if (name === 'url') return 'https://example.com/';
    if (leaf.scalar === 'String') return `G-${newId()}`;
    if (leaf.scalar !== 'ID') return plainFiller(leaf);
    const byName: Record<string, string | undefined> = { ...ids, from: ids.location, to: ids.other };
    const byField = Object.keys(ids).find((type) => field.name.startsWith(type));
    return byName[name] ?? (name === 'id' && byField !== undefined ? ids[byField] : newId());
  };
}

/** Adds what the schema does not ask for but the act does, next to a text: where it happens, and how a person is reached. */
export function complete({ ids }: HostileShop, field: RootField, variables: Record<string, unknown>): void {
  for (const holder of objectsIn(variables)) {
    const isAct = 'stockItem' in holder && 'quantity' in holder && !('from' in holder);
    if (isAct) Object.assign(holder, { location: holder.location ?? ids.location, reason: holder.reason ?? 'A reason' });
    // A count would leave nothing for the acts after it.
    if (isAct && (field.name === 'stockCount' || JSON.stringify(variables).includes('"count":'))) holder.quantity = PLENTY;
    if (field.name === 'notificationRecipientCreate' && 'name' in holder) holder.email ??= 'somebody@example.com';
  }
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const within = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? within : [value as Record<string, unknown>, ...within];
}

/** Takes away what a shop may have only so many of, so that the next text is not refused for it. */
export async function makeRoom({ orm }: Pick<TestDatabase, 'orm'>): Promise<void> {
  const em = orm.em.fork();
  await em.execute(`update api_key set revoked_at = now() where name <> 'Owner' and revoked_at is null`);
  await em.execute(`delete from notification_recipient where name <> 'Old'`);
  await em.execute(`delete from webhook_endpoint where url <> 'https://example.com/'`);
}
