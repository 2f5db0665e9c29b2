import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import type { Quantity } from '../../kernel/quantity.js';
import { Principal } from '../access/index.js';
import type { MovementKind } from './movement-kind.js';
import type { StockLevel } from './stock-level.entity.js';
import { StockMovement } from './stock-movement.entity.js';
import { StockReversal } from './stock-reversal.entity.js';

/** A line to be written: the level as it is after it was applied. */
export interface LedgerLine {
  readonly id?: string;
  readonly kind: MovementKind;
  readonly level: StockLevel;
  readonly quantity: Quantity;
  readonly counted?: Quantity | null;
  readonly reason?: string | undefined;
  readonly reference?: string | undefined;
  readonly actorId: string;
  readonly counterpartId?: string | null;
  readonly reverses?: StockMovement | null;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
}

export class StockMovementRepository {
  constructor(private readonly em: EntityManager) {}

  /** Adds a line for a level that has just taken it in. */
  add(line: LedgerLine): StockMovement {
    const { level, actorId, id, ...rest } = line;
    const { shopId } = level;
    const movement = this.em.create(StockMovement, {
      ...rest,
      shopId,
      id: id ?? newId(),
      level,
      stockItem: level.stockItem,
      location: level.location,
      balanceBefore: level.onHand.minus(line.quantity),
      balanceAfter: level.onHand,
      levelVersion: level.version,
      counted: line.counted ?? null,
      reason: line.reason ?? null,
      reference: line.reference ?? null,
      counterpartId: line.counterpartId ?? null,
      reverses: line.reverses ?? null,
      actor: this.em.getReference(Principal, [shopId, actorId]),
    });
    this.em.persist(movement);
    return movement;
  }

  /** Says that the movement was reversed; a second time breaks the table's primary key. */
  markReversed(movement: StockMovement, reversal: StockMovement): void {
    this.em.persist(this.em.create(StockReversal, { shopId: movement.shopId, movementId: movement.id, reversal }));
  }

  async findByIds(shopId: string, ids: readonly string[]): Promise<Map<string, StockMovement>> {
    if (ids.length === 0) return new Map();
    const movements = await this.em.find(StockMovement, { shopId, id: { $in: [...ids] } });
    return new Map(movements.map((movement) => [movement.id, movement]));
  }

  /** Ids of those that were reversed. */
  async findReversed(shopId: string, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const reversals = await this.em.find(StockReversal, { shopId, movementId: { $in: [...ids] } });
    return new Set(reversals.map(({ movementId }) => movementId));
  }
}
