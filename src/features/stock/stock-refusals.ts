import { DomainError, type RefusalCode } from '../../kernel/errors.js';
import { formatQuantity, type Quantity } from '../../kernel/quantity.js';
import type { ConstraintRefusals } from '../../platform/database-errors.js';
import type { StockLevel } from './stock-level.entity.js';

/** A refusal that carries the level as it is, so that a client can correct itself without another request. */
export class StockRefusal extends DomainError {
  override readonly name: string = 'StockRefusal';
  readonly userErrorType = 'StockError';

  constructor(
    code: RefusalCode,
    message: string,
    path: readonly string[],
    readonly level: StockLevel | undefined,
  ) {
    super(code, message, path);
  }

  get userErrorDetails(): { level: StockLevel | null } {
    return { level: this.level ?? null };
  }
}

export function insufficientStock(level: StockLevel, wanted: Quantity, path: readonly string[]): StockRefusal {
  const message = `Only ${formatQuantity(level.onHand)} on hand; ${formatQuantity(wanted)} asked for. Nothing was taken.`;
  return new StockRefusal('INSUFFICIENT_STOCK', message, path, level);
}

export function staleQuantity(level: StockLevel, expected: Quantity): StockRefusal {
  const message = `Expected ${formatQuantity(expected)} on hand but it is ${formatQuantity(level.onHand)}. Look again and send a new act.`;
  return new StockRefusal('STALE_QUANTITY', message, ['expectOnHand'], level);
}

export function keyReused(): DomainError {
  return new DomainError('KEY_REUSED', 'This key was spent on another act. Use a new key for a new act.', ['key']);
}

/** What the database says when it is asked to break the stock's rules behind the service's back. */
export const STOCK_REFUSALS: ConstraintRefusals = {
  stock_level_floor_check: () => new DomainError('INSUFFICIENT_STOCK', 'There is not enough on hand.', ['quantity']),
  stock_reversal_pkey: () => new DomainError('ALREADY_DONE', 'This movement was reversed already.', ['id']),
};
