import { ApiKeyResolver, LocationResolver, ShopResolver } from '../features/access/index.js';
import { ParkedScanResolver, ParsedCodeResolver, ScanResolver } from '../features/barcode/index.js';
import { CategoryResolver, StockItemResolver } from '../features/catalog/index.js';
import {
  StockItemStockResolver,
  StockLevelResolver,
  StockMovementResolver,
  StockPostingResolver,
} from '../features/stock/index.js';
import type { ResolverClass } from '../transport/build-schema.js';
import { NodeResolver } from '../transport/node.resolver.js';

/** All that the schema is made of. */
export const RESOLVERS: readonly ResolverClass[] = [
  NodeResolver,
  ShopResolver,
  LocationResolver,
  ApiKeyResolver,
  CategoryResolver,
  StockItemResolver,
  StockItemStockResolver,
  StockLevelResolver,
  StockMovementResolver,
  StockPostingResolver,
  ScanResolver,
  ParsedCodeResolver,
  ParkedScanResolver,
];
