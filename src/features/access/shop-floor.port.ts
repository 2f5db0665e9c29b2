import type { Quantity } from '../../kernel/quantity.js';
import type { Transaction } from '../../platform/unit-of-work.js';

/** What this room asks of whoever keeps the levels when a shop's floor changes. */
export interface ShopFloorPort {
  /**
   * Within the transaction: from now on no level of the shop goes below `floor` (null: there is none); a level that is below it now may
   * stay there but sink no further.
   */
  applyFloor(em: Transaction['em'], shopId: string, floor: Quantity | null): Promise<void>;
}
