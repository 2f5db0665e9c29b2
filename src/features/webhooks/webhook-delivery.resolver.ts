import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { filterId } from '../../graphql/global-id.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { refOf, requireActor } from '../access/index.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { DeliveryState } from './webhook-kind.js';
import type { WebhookContext } from './webhook.context.js';
import {
  WebhookDeliveriesReplayPayload,
  WebhookDeliveryConnection,
  WebhookDeliveryPayload,
  WebhookDeliveryStateEnum,
  WebhookDeliveryType,
  WebhookEndpointType,
} from './webhook.schema.js';

@Resolver(() => WebhookDeliveryType)
export class WebhookDeliveryResolver {
  @FieldResolver(() => WebhookEndpointType)
  endpoint(@Root() { endpoint }: WebhookDelivery, @Ctx() { webhooks }: WebhookContext): Promise<WebhookEndpoint | undefined> {
    return webhooks.reader.endpoint(endpoint.id);
  }

  @Query(() => WebhookDeliveryConnection, { description: 'The newest first. state DEAD: what was given up.' })
  webhookDeliveries(
    @Arg('state', () => WebhookDeliveryStateEnum, { nullable: true }) state: DeliveryState | null,
    @Arg('endpoint', () => ID, { nullable: true }) endpoint: string | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { webhooks }: WebhookContext,
  ): Promise<Connection<WebhookDelivery>> {
    return webhooks.reader.deliveries({ state, endpointId: filterId('WebhookEndpoint', endpoint) }, { first, after });
  }

  @Mutation(() => WebhookDeliveryPayload, { description: 'Sends it again, whatever became of it, with the same webhook-id.' })
  webhookDeliveryReplay(@Arg('id', () => ID) id: string, @Ctx() ctx: WebhookContext): Promise<WebhookDeliveryPayload> {
    return mutationPayload(async () => ({
      delivery: await ctx.webhooks.deliveries.replay(requireActor(ctx), refOf('WebhookDelivery', id)),
    }));
  }

  @Mutation(() => WebhookDeliveriesReplayPayload, { description: 'Sends all again that was given up for an endpoint until now.' })
  webhookDeliveriesReplay(
    @Arg('endpoint', () => ID) endpoint: string,
    @Ctx() ctx: WebhookContext,
  ): Promise<WebhookDeliveriesReplayPayload> {
    const ref = refOf('WebhookEndpoint', endpoint);
    const replay = async () => ({ count: await ctx.webhooks.deliveries.replayAll(requireActor(ctx), ref) });
    return mutationPayload(replay, { count: 0 }) as Promise<WebhookDeliveriesReplayPayload>;
  }
}
