import { ApiKeyResolver, LocationResolver, ShopResolver } from '../features/access/index.js';
import { StockAlertResolver, StockLevelAlertsResolver } from '../features/alerts/index.js';
import { AuditEntryResolver } from '../features/audit/index.js';
import { DecodeResolver, ParkedScanResolver, ParsedCodeResolver, ScanResolver } from '../features/barcode/index.js';
import { CategoryResolver, StockItemResolver } from '../features/catalog/index.js';
import { StockItemFilesResolver, StoredFileResolver } from '../features/files/index.js';
import {
  NotificationRecipientResolver,
  NotificationResolver,
  NotificationSubscriptionResolver,
} from '../features/notifications/index.js';
import { OutboxJobResolver } from '../features/operations/index.js';
import { PrivacyResolver } from '../features/privacy/index.js';
import { InvitationResolver, MemberResolver, SignInResolver } from '../features/people/index.js';
import { LiveResolver } from '../features/realtime/index.js';
import {
  ReorderRuleResolver,
  ReorderSuggestionResolver,
  StockItemStockResolver,
  StockLevelResolver,
  StockLevelRuleResolver,
  StockMovementResolver,
  StockPostingResolver,
} from '../features/stock/index.js';
import { WebhookDeliveryResolver, WebhookEndpointResolver } from '../features/webhooks/index.js';
import type { ResolverClass } from '../transport/build-schema.js';
import { NodeResolver } from '../transport/node.resolver.js';

/** All that the schema is made of. */
export const RESOLVERS: readonly ResolverClass[] = [
  NodeResolver,
  ShopResolver,
  LocationResolver,
  ApiKeyResolver,
  SignInResolver,
  MemberResolver,
  InvitationResolver,
  CategoryResolver,
  StockItemResolver,
  StockItemStockResolver,
  StockLevelResolver,
  StockMovementResolver,
  StockPostingResolver,
  StockLevelRuleResolver,
  ReorderRuleResolver,
  ReorderSuggestionResolver,
  StockAlertResolver,
  StockLevelAlertsResolver,
  LiveResolver,
  ScanResolver,
  ParsedCodeResolver,
  ParkedScanResolver,
  DecodeResolver,
  StoredFileResolver,
  StockItemFilesResolver,
  OutboxJobResolver,
  NotificationResolver,
  NotificationRecipientResolver,
  NotificationSubscriptionResolver,
  WebhookEndpointResolver,
  WebhookDeliveryResolver,
  AuditEntryResolver,
  PrivacyResolver,
];
