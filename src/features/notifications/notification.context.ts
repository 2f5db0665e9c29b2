import type { AccessContext } from '../access/index.js';
import type { NotificationRecipientService } from './notification-recipient.service.js';
import type { NotificationReader } from './notification.reader.js';

/** What this room's resolvers need of a request's context. */
export interface NotificationContext extends AccessContext {
  readonly notifications: {
    readonly reader: NotificationReader;
    readonly recipients: NotificationRecipientService;
  };
}
