import { DomainError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { LocationRepository, type Actor } from '../access/index.js';
import { StockItemRepository, type ItemRef } from '../catalog/index.js';
import { hashAct, type LocationRef, type MoveAct, type ReversalAct, type StockAct, type TransferAct } from './acts.js';
import { actFault } from './act-rules.js';
import type { Place } from './place.js';
import type { StockMovement } from './stock-movement.entity.js';
import { StockMovementRepository } from './stock-movement.repository.js';
import type { Transaction } from '../../platform/unit-of-work.js';

/**
 * An act with what it names looked up. `fault` says why it cannot be done; it is held back until the key was looked for, because an
 * act that was done before is answered as it was then, whatever has become of the things it names.
 */
export interface PlannedAct {
  readonly act: StockAct;
  readonly inputHash: Buffer;
  /** The levels that it changes: one, or two of a transfer, the one that gives first. */
  readonly places: readonly Place[];
  /** What a reversal reverses: one line, or both of a transfer. */
  readonly originals: readonly StockMovement[];
  readonly fault: DomainError | undefined;
}

/** Looks up everything that the acts name: a fixed number of statements, however many acts there are. */
export class ActPlanner {
  private readonly items: StockItemRepository;
  private readonly locations: LocationRepository;
  private readonly movements: StockMovementRepository;

  constructor(
    transaction: Transaction,
    private readonly actor: Actor,
  ) {
    this.items = new StockItemRepository(transaction.em);
    this.locations = new LocationRepository(transaction.em);
    this.movements = new StockMovementRepository(transaction.em);
  }

  async plan(acts: readonly StockAct[]): Promise<PlannedAct[]> {
    const itemIds = await this.findItems(acts);
    const fallback = await this.defaultLocation(acts);
    const originals = await this.findOriginals(acts);
    return acts.map((act) => {
      const inputHash = hashAct(act);
      const refuse = (fault: DomainError): PlannedAct => ({ act, inputHash, places: [], originals: [], fault });
      const fault = actFault(act);
      if (fault) return refuse(fault);
      if (act.type === 'REVERSAL') return planReversal(act, originals, { act, inputHash, fault: undefined });
      const stockItemId = itemIds.get(act.item);
      if (stockItemId === undefined)
        return refuse(
          new NotFoundError('The shop has no such item: look for it with stockItems(filter: { search: … }).', ['stockItem']),
        );
      const places = act.type === 'MOVE' ? movePlaces(act, stockItemId, fallback) : transferPlaces(act, stockItemId);
      return places instanceof DomainError ? refuse(places) : { act, inputHash, places, originals: [], fault: undefined };
    });
  }

  private async findItems(acts: readonly StockAct[]): Promise<Map<ItemRef, string>> {
    const refs = acts.flatMap((act) => (act.type === 'REVERSAL' ? [] : [act.item]));
    const items = await this.items.findByRefs(this.actor.shopId, refs);
    return new Map(refs.flatMap((ref, index) => (items[index] ? [[ref, items[index].id] as const] : [])));
  }

  /** Where an act goes that names no location; asked only when there is such an act. */
  private async defaultLocation(acts: readonly StockAct[]): Promise<string | undefined> {
    if (!acts.some((act) => act.type === 'MOVE' && act.location === undefined)) return undefined;
    if (this.actor.locationId !== undefined) return this.actor.locationId;
    return (await this.locations.findOnlyActive(this.actor.shopId))?.id;
  }

  private async findOriginals(acts: readonly StockAct[]): Promise<Map<string, StockMovement>> {
    const { shopId } = this.actor;
    const ids = acts.flatMap((act) => (act.type === 'REVERSAL' && act.movementId !== undefined ? [act.movementId] : []));
    const named = await this.movements.findByIds(shopId, ids);
    const counterpartIds = [...named.values()].flatMap(({ counterpartId }) => (counterpartId === null ? [] : [counterpartId]));
    return new Map([...named, ...(await this.movements.findByIds(shopId, counterpartIds))]);
  }
}

function movePlaces(act: MoveAct, stockItemId: string, fallback: string | undefined): Place[] | DomainError {
  if (act.location !== undefined) return placesOf(stockItemId, [[act.location, 'location']]);
  if (fallback !== undefined) return [{ stockItemId, locationId: fallback }];
  return new InvalidError('The shop has several locations: name the one that is meant.', ['location']);
}

function transferPlaces(act: TransferAct, stockItemId: string): Place[] | DomainError {
  return placesOf(stockItemId, [
    [act.from, 'from'],
    [act.to, 'to'],
  ]);
}

function placesOf(stockItemId: string, refs: readonly (readonly [LocationRef, string])[]): Place[] | DomainError {
  const unknown = refs.find(([ref]) => ref.id === undefined);
  if (unknown) return noSuchLocation(unknown[1]);
  return refs.flatMap(([{ id }]) => (id === undefined ? [] : [{ stockItemId, locationId: id }]));
}

export function noSuchLocation(field: string): DomainError {
  return new NotFoundError('The shop has no such location: take its id from locations { id code }.', [field]);
}

function planReversal(
  act: ReversalAct,
  found: ReadonlyMap<string, StockMovement>,
  planned: Pick<PlannedAct, 'act' | 'inputHash' | 'fault'>,
): PlannedAct {
  const named = act.movementId === undefined ? undefined : found.get(act.movementId);
  const originals = named ? [named, named.counterpartId === null ? undefined : found.get(named.counterpartId)] : [];
  const lines = originals.filter((line) => line !== undefined);
  const places = lines.map((line) => ({ stockItemId: line.stockItem.id, locationId: line.location.id }));
  return { ...planned, originals: lines, places, fault: reversalFault(named) };
}

function reversalFault(movement: StockMovement | undefined): DomainError | undefined {
  if (!movement) return new NotFoundError('The shop has no such movement.', ['id']);
  if (movement.kind === 'COUNT')
    return new DomainError('UNSUPPORTED', 'A count cannot be reversed: count again instead.', ['id']);
  if (movement.kind === 'REVERSAL') {
    return new DomainError('UNSUPPORTED', 'A reversal cannot be reversed: post the act again instead.', ['id']);
  }
  return undefined;
}
