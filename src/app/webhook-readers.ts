import type { EntityManager } from '@mikro-orm/postgresql';
import { StockAlertReader } from '../features/alerts/index.js';
import type { WebhookReaders } from '../features/webhooks/index.js';
import { UNCACHED } from '../platform/cache/cache-session.js';
import { roomReaders } from './room-readers.js';

/** Readers of what is committed, for one job each. */
export function webhookReaders(root: EntityManager): (shopId: string) => WebhookReaders {
  return (shopId) => {
    const em = root.fork();
    return { ...roomReaders(em, shopId, UNCACHED), alerts: new StockAlertReader(em, shopId) };
  };
}
