export { IdempotencyKey } from './idempotency-key.entity.js';
export { StockLevel } from './stock-level.entity.js';
export { StockMovement } from './stock-movement.entity.js';
export { StockReversal } from './stock-reversal.entity.js';
export type { MoveAct, ReversalAct, StockAct, TransferAct } from './acts.js';
export { STOCK_REFUSALS } from './stock-refusals.js';
export { MAX_ACTS, MovementService, type Verdict } from './movement.service.js';
