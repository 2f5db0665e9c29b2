export { AlertUpkeep } from './alert-upkeep.service.js';
export { AlertWatchService } from './alert-watch.service.js';
export { ALERT_KINDS, type AlertKind } from './alert-kind.js';
export type { AlertsContext } from './alerts.context.js';
export type { AlertEvent } from './alerts.events.js';
export { StockAlert } from './stock-alert.entity.js';
export { StockAlertReader } from './stock-alert.reader.js';
export { StockAlertResolver, StockLevelAlertsResolver } from './stock-alert.resolver.js';
export { StockAlertService } from './stock-alert.service.js';
