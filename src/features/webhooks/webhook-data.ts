import { toGlobalId } from '../../graphql/global-id.js';
import { formatQuantity } from '../../kernel/quantity.js';
import type { AccessReader, Location } from '../access/index.js';
import type { StockAlertReader } from '../alerts/index.js';
import type { CatalogReader, StockItem } from '../catalog/index.js';
import type { StockReader } from '../stock/index.js';
import type { FanOutPayload } from './webhook-jobs.js';

/** What is committed of one shop, read anew. */
export interface WebhookReaders {
  readonly access: AccessReader;
  readonly catalog: CatalogReader;
  readonly stock: StockReader;
  readonly alerts: StockAlertReader;
}

/** What is told of an event: `at` is when it happened, null where only its job knows. */
export interface Told {
  readonly at: Date | null;
  readonly data: object;
  /** Row id of the principal whose name `data.actor` is. */
  readonly actorId?: string;
}

/**
 * What receivers are told of a row: the fields that GraphQL shows too, with global ids, decimals as strings and instants as RFC 3339 has them.
 * A movement is what it was for ever; items, locations, levels and alerts are as they stand when the event is written to the endpoints.
 * Undefined where there is no such row.
 */
export async function dataOf(readers: WebhookReaders, payload: FanOutPayload, id: string): Promise<Told | undefined> {
  switch (payload.kind) {
    case 'movement':
      return movementData(readers, id);
    case 'item':
      return itemData(readers, id);
    case 'alert':
      return alertData(readers, id, payload.type === 'stock.alert.opened');
  }
}

async function movementData({ stock, catalog, access }: WebhookReaders, id: string): Promise<Told | undefined> {
  const movement = await stock.movement(id);
  if (!movement) return undefined;
  const [item, location, actor] = await Promise.all([
    catalog.item(movement.stockItem.id),
    access.location(movement.location.id),
    access.principal(movement.actor.id),
  ]);
  const { kind, quantity, balanceAfter, counted, reason, reference, reverses } = movement;
  const data = {
    id: toGlobalId('StockMovement', id),
    kind,
    quantity: formatQuantity(quantity),
    balanceAfter: formatQuantity(balanceAfter),
    counted: counted && formatQuantity(counted),
    reason,
    reference,
    actor: actor?.name ?? null,
    reverses: reverses && toGlobalId('StockMovement', reverses.id),
    level: { id: toGlobalId('StockLevel', movement.level.id), version: movement.levelVersion },
    stockItem: item && briefItem(item),
    location: location && briefLocation(location),
    occurredAt: movement.occurredAt.toISOString(),
    recordedAt: movement.recordedAt.toISOString(),
  };
  return { at: movement.recordedAt, data, actorId: movement.actor.id };
}

async function itemData({ catalog, access }: WebhookReaders, id: string): Promise<Told | undefined> {
  const item = await catalog.item(id);
  if (!item) return undefined;
  const [category, barcodes, shop] = await Promise.all([
    item.category && catalog.category(item.category.id),
    catalog.barcodesOf(item),
    access.shop(),
  ]);
  const data = {
    ...briefItem(item),
    description: item.description ?? null,
    salePrice: item.salePrice && formatQuantity(item.salePrice),
    currency: shop.currency,
    category: category ? { id: toGlobalId('Category', category.id), code: category.code, name: category.name } : null,
    barcodes: barcodes.map(({ value, quantity, isDefault }) => ({ value, quantity: formatQuantity(quantity), isDefault })),
    archivedAt: item.archivedAt?.toISOString() ?? null,
    createdAt: item.createdAt.toISOString(),
    updatedAt: item.updatedAt.toISOString(),
  };
  return { at: null, data };
}

/** Of one that was opened: as it was then, whatever has become of it since. */
async function alertData(readers: WebhookReaders, id: string, isOpening: boolean): Promise<Told | undefined> {
  const { alerts, stock, catalog, access } = readers;
  const alert = await alerts.byId(id);
  const level = alert && (await stock.level(alert.level.id));
  if (!alert || !level) return undefined;
  const [item, location] = await Promise.all([catalog.item(level.stockItem.id), access.location(level.location.id)]);
  const { kind, openedAt, resolvedAt } = alert;
  const data = {
    id: toGlobalId('StockAlert', id),
    kind,
    level: { id: toGlobalId('StockLevel', level.id), onHand: formatQuantity(level.onHand), version: level.version },
    stockItem: item && briefItem(item),
    location: location && briefLocation(location),
    openedAt: openedAt.toISOString(),
    resolvedAt: isOpening ? null : (resolvedAt?.toISOString() ?? null),
  };
  return { at: isOpening ? openedAt : (resolvedAt ?? null), data };
}

function briefItem({ id, sku, name, unit }: StockItem): object {
  return { id: toGlobalId('StockItem', id), sku, name, unit };
}

function briefLocation({ id, code, name }: Location): object {
  return { id: toGlobalId('Location', id), code, name };
}
