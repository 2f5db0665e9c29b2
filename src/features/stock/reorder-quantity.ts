import type { Quantity } from '../../kernel/quantity.js';

/** A level with a rule. */
export interface Reorderable {
  readonly onHand: Quantity;
  readonly reorderPoint: Quantity;
  readonly reorderQuantity: Quantity;
}

/** The fewest whole multiples of what is bought at once that lift the level above its point; none where it is above it. */
export function quantityToOrder({ onHand, reorderPoint, reorderQuantity }: Reorderable): Quantity {
  const missing = reorderPoint.minus(onHand);
  if (missing.isNegative() && !missing.isZero()) return reorderQuantity.times(0);
  return missing.divToInt(reorderQuantity).plus(1).times(reorderQuantity);
}
