export { IdempotencyKey } from './idempotency-key.entity.js';
export { StockLevel } from './stock-level.entity.js';
export { StockMovement } from './stock-movement.entity.js';
export { StockReversal } from './stock-reversal.entity.js';
