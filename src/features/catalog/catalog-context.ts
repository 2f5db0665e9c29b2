import type { AccessContext } from '../access/index.js';
import type { CatalogReader } from './catalog.reader.js';
import type { CategoryService } from './category.service.js';
import type { StockItemService } from './stock-item.service.js';

/** What this room's resolvers need of a request's context. */
export interface CatalogContext extends AccessContext {
  readonly catalog: {
    /** Of this request: it remembers what it has read. */
    readonly reader: CatalogReader;
    readonly items: StockItemService;
    readonly categories: CategoryService;
  };
}
