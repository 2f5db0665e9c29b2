import { newId } from '../../kernel/ids.js';
import type { Transaction } from '../../platform/unit-of-work.js';
import type { Actor, LocationWatch } from '../access/index.js';
import type { ItemWatch } from '../catalog/index.js';
import type { LevelCourse, LevelGuardRepository, LevelWatch } from '../stock/index.js';
import { edgesOf, type AlertEdge } from './alert-edges.js';
import type { AlertKind } from './alert-kind.js';
import type { AlertEvent } from './alerts.events.js';
import { StockAlertRepository, type AlertPlace, type FoundAlert, type NewAlert } from './stock-alert.repository.js';

/** An alert that was opened or resolved, in the order in which that happened. */
interface Happening {
  readonly type: AlertEvent['type'];
  readonly id: string;
  readonly kind: AlertKind;
}

/** Opens and resolves alerts in the very transaction that gave cause to. */
export class AlertWatchService implements LevelWatch, ItemWatch, LocationWatch {
  constructor(private readonly levels: Pick<LevelGuardRepository, 'lockOfItem'>) {}

  /** See LevelWatch: one statement that resolves and one that opens, each only where there is something to do. */
  async follow(transaction: Transaction, actor: Actor, courses: readonly LevelCourse[], now: Date): Promise<void> {
    const edges = courses.flatMap(edgesOf);
    if (edges.length === 0) return;
    const alerts = new StockAlertRepository(transaction.em, actor.shopId);
    const { steps, opened } = walk(edges, now);
    const ends = edges.filter(({ change }) => change === 'RESOLVES');
    // First what is over, or what opens once more would meet it.
    const resolved = ends.length > 0 ? await alerts.resolve(onceEach(ends), now) : [];
    const added = opened.size > 0 ? await alerts.open([...opened.values()]) : new Set<string>();
    for (const happening of happenings(steps, resolved)) {
      // One that was open already, as only what is older than the alerts can leave it, is not opened again.
      if (!opened.has(happening.id) || added.has(happening.id)) transaction.emit(alertEvent(actor, happening));
    }
  }

  /** An archived item calls for nobody: what is open of it is over, and nothing opens of it any more. */
  async itemArchived(transaction: Transaction, actor: Actor, itemId: string, now: Date): Promise<void> {
    const { em } = transaction;
    await this.levels.lockOfItem(em, actor.shopId, itemId);
    this.tellResolved(transaction, actor, await new StockAlertRepository(em, actor.shopId).resolveOfItem(itemId, now));
  }

  /** Nor does an archived location, where nothing can lie. */
  async locationArchived(transaction: Transaction, actor: Actor, locationId: string, now: Date): Promise<void> {
    const alerts = new StockAlertRepository(transaction.em, actor.shopId);
    this.tellResolved(transaction, actor, await alerts.resolveAtLocation(locationId, now));
  }

  private tellResolved(transaction: Transaction, actor: Actor, resolved: readonly FoundAlert[]): void {
    for (const { id, kind } of resolved) transaction.emit(alertEvent(actor, { type: 'alert.resolved', id, kind }));
  }
}

/** Whose alert it is, and who in it listens. */
export interface AlertedShop {
  readonly shopId: string;
  readonly shop: { readonly webhookKinds: readonly string[]; readonly notifies: boolean };
}

/** What an alert's opening or end is told as. */
export function alertEvent({ shopId, shop }: AlertedShop, { type, id, kind }: Happening): AlertEvent {
  return { type, shopId, alertId: id, kind, webhookKinds: shop.webhookKinds, notifies: shop.notifies };
}

/** A passed edge. alert: the one that this transaction opened; absent where the one that ends was open before. */
interface Step extends AlertPlace {
  readonly type: AlertEvent['type'];
  readonly alert: NewAlert | undefined;
}

/** Goes through the edges in their order: which alerts they open, and whether each is over again. */
function walk(edges: readonly AlertEdge[], now: Date) {
  const opened = new Map<string, NewAlert>();
  const openNow = new Map<string, NewAlert>();
  const steps = edges.map(({ levelId, kind, change }): Step => {
    const key = placeText({ levelId, kind });
    const current = openNow.get(key);
    if (change === 'RESOLVES') {
      if (current) opened.set(current.id, { ...current, resolvedAt: now });
      openNow.delete(key);
      return { type: 'alert.resolved', levelId, kind, alert: current };
    }
    const alert = { id: newId(), levelId, kind, openedAt: now, resolvedAt: null };
    opened.set(alert.id, alert);
    openNow.set(key, alert);
    return { type: 'alert.opened', levelId, kind, alert };
  });
  return { steps, opened };
}

/** What has happened, now that it is known which alerts were open before and are not any more. */
function happenings(steps: readonly Step[], resolved: readonly FoundAlert[]): Happening[] {
  const before = new Map(resolved.map((alert) => [placeText(alert), alert]));
  const told = steps.flatMap(({ type, alert, ...place }) => {
    const key = placeText(place);
    const found = alert ?? before.get(key);
    if (!alert) before.delete(key);
    return found ? [{ type, id: found.id, kind: found.kind }] : [];
  });
  return [...told, ...[...before.values()].map(({ id, kind }) => ({ type: 'alert.resolved' as const, id, kind }))];
}

function onceEach(places: readonly AlertPlace[]): AlertPlace[] {
  return [...new Map(places.map((place) => [placeText(place), place])).values()];
}

function placeText({ levelId, kind }: AlertPlace): string {
  return `${levelId}/${kind}`;
}
