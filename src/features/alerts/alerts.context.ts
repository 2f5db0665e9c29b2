import type { StockContext } from '../stock/index.js';
import type { StockAlertReader } from './stock-alert.reader.js';
import type { StockAlertService } from './stock-alert.service.js';

/** What the alerts room's resolvers need of a request. */
export interface AlertsContext extends StockContext {
  readonly alerts: { readonly reader: StockAlertReader; readonly service: StockAlertService };
}
