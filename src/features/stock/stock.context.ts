import type { CatalogContext } from '../catalog/index.js';
import type { MovementService } from './movement.service.js';
import type { ReorderRuleService } from './reorder-rule.service.js';
import type { StockReader } from './stock.reader.js';

/** What the stock room's resolvers need of a request. */
export interface StockContext extends CatalogContext {
  readonly stock: { readonly reader: StockReader; readonly movements: MovementService; readonly rules: ReorderRuleService };
}
