import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { toGlobalId } from '../../graphql/global-id.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { LocationType, optionalRefOf, refOf, requireActor, type Location } from '../access/index.js';
import { clockText } from './contact-rules.js';
import { ChannelEnum } from './notification-enums.schema.js';
import type { Channel } from './notification-kinds.js';
import type { NotificationContext } from './notification.context.js';
import type { NotificationRecipient } from './notification-recipient.entity.js';
import {
  NotificationRecipientDeletePayload,
  NotificationRecipientInput,
  NotificationRecipientPatchInput,
  NotificationRecipientPayload,
  NotificationRecipientType,
  NotificationSubscriptionInput,
  NotificationSubscriptionType,
} from './notification-recipient.schema.js';
import type { NotificationSubscription } from './notification-subscription.entity.js';

@Resolver(() => NotificationRecipientType)
export class NotificationRecipientResolver {
  @Query(() => [NotificationRecipientType], { description: 'Who is told of alerts, by name.' })
  notificationRecipients(@Ctx() { notifications }: NotificationContext): Promise<NotificationRecipient[]> {
    return notifications.reader.recipients();
  }

  @FieldResolver(() => String, { nullable: true, description: "A time of the shop's clock, such as 21:30." })
  quietFrom(@Root() { quietFrom }: NotificationRecipient): string | null {
    return quietFrom === null ? null : clockText(quietFrom);
  }

  @FieldResolver(() => String, { nullable: true })
  quietTo(@Root() { quietTo }: NotificationRecipient): string | null {
    return quietTo === null ? null : clockText(quietTo);
  }

  @FieldResolver(() => [NotificationSubscriptionType])
  subscriptions(
    @Root() { id }: NotificationRecipient,
    @Ctx() { notifications }: NotificationContext,
  ): Promise<NotificationSubscription[]> {
    return notifications.reader.subscriptionsOf(id);
  }

  @Mutation(() => NotificationRecipientPayload)
  notificationRecipientCreate(
    @Arg('input', () => NotificationRecipientInput) input: NotificationRecipientInput,
    @Ctx() ctx: NotificationContext,
  ): Promise<NotificationRecipientPayload> {
    return payload(() => ctx.notifications.recipients.create(requireActor(ctx), input));
  }

  @Mutation(() => NotificationRecipientPayload)
  notificationRecipientUpdate(
    @Arg('id', () => ID) id: string,
    @Arg('patch', () => NotificationRecipientPatchInput) patch: NotificationRecipientPatchInput,
    @Ctx() ctx: NotificationContext,
  ): Promise<NotificationRecipientPayload> {
    return payload(() => ctx.notifications.recipients.update(requireActor(ctx), refOf('NotificationRecipient', id), patch));
  }

  @Mutation(() => NotificationRecipientDeletePayload, { description: 'Forgets the person with all that was sent to him.' })
  notificationRecipientDelete(
    @Arg('id', () => ID) id: string,
    @Ctx() ctx: NotificationContext,
  ): Promise<NotificationRecipientDeletePayload> {
    return mutationPayload(async () => {
      const removed = await ctx.notifications.recipients.remove(requireActor(ctx), refOf('NotificationRecipient', id));
      return { deletedId: toGlobalId('NotificationRecipient', removed) };
    });
  }

  @Mutation(() => NotificationRecipientPayload, { description: 'What the person is told of from now on: these, and no others.' })
  notificationSubscriptionsSet(
    @Arg('recipient', () => ID) recipient: string,
    @Arg('subscriptions', () => [NotificationSubscriptionInput]) subscriptions: NotificationSubscriptionInput[],
    @Ctx() ctx: NotificationContext,
  ): Promise<NotificationRecipientPayload> {
    const drafts = subscriptions.map(({ kind, channel, location }) => ({
      ...{ kind, channel },
      location: optionalRefOf('Location', location),
    }));
    const ref = refOf('NotificationRecipient', recipient);
    return payload(() => ctx.notifications.recipients.subscribe(requireActor(ctx), ref, drafts));
  }

  @Mutation(() => NotificationRecipientPayload, { description: 'Sends to an address again that was paused.' })
  notificationAddressResume(
    @Arg('recipient', () => ID) recipient: string,
    @Arg('channel', () => ChannelEnum) channel: Channel,
    @Ctx() ctx: NotificationContext,
  ): Promise<NotificationRecipientPayload> {
    const ref = refOf('NotificationRecipient', recipient);
    return payload(() => ctx.notifications.recipients.resume(requireActor(ctx), ref, channel));
  }
}

@Resolver(() => NotificationSubscriptionType)
export class NotificationSubscriptionResolver {
  @FieldResolver(() => LocationType, { nullable: true, description: 'With all that stands beneath it; null: anywhere.' })
  async location(
    @Root() { location }: NotificationSubscription,
    @Ctx() { access }: NotificationContext,
  ): Promise<Location | null> {
    return location && ((await access.reader.location(location.id)) ?? null);
  }
}

function payload(act: () => Promise<NotificationRecipient>): Promise<NotificationRecipientPayload> {
  return mutationPayload(async () => ({ recipient: await act() }));
}
