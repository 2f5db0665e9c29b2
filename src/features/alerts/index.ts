export { AlertWatchService } from './alert-watch.service.js';
export { ALERT_KINDS, type AlertKind } from './alert-kind.js';
export type { AlertEvent } from './alerts.events.js';
export { StockAlert } from './stock-alert.entity.js';
