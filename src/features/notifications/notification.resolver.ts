import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import type { NotificationContext } from './notification.context.js';
import type { NotificationRecipient } from './notification-recipient.entity.js';
import { NotificationRecipientType } from './notification-recipient.schema.js';
import type { Notification } from './notification.entity.js';
import { NotificationConnection, NotificationType } from './notification.schema.js';

@Resolver(() => NotificationType)
export class NotificationResolver {
  @Query(() => NotificationConnection, { description: 'What was sent or waits to be, the newest first.' })
  notifications(
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { notifications }: NotificationContext,
  ): Promise<Connection<Notification>> {
    return notifications.reader.notifications({ first, after });
  }

  @FieldResolver(() => NotificationRecipientType, { nullable: true, description: 'Null where the person was removed meanwhile.' })
  async recipient(@Root() { recipient }: Notification, @Ctx() ctx: NotificationContext): Promise<NotificationRecipient | null> {
    return (await ctx.notifications.reader.recipient(recipient.id)) ?? null;
  }

  @FieldResolver(() => Int, { description: 'How many alerts it tells of.' })
  alertCount(@Root() { id }: Notification, @Ctx() { notifications }: NotificationContext): Promise<number> {
    return notifications.reader.alertCount(id);
  }
}
