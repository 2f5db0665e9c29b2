import 'reflect-metadata';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { refOf, requireActor } from '../access/index.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { WebhookContext } from './webhook.context.js';
import {
  WebhookDeliveryPayload,
  WebhookEndpointInput,
  WebhookEndpointPatchInput,
  WebhookEndpointPayload,
  WebhookEndpointType,
} from './webhook.schema.js';

@Resolver(() => WebhookEndpointType)
export class WebhookEndpointResolver {
  @Query(() => [WebhookEndpointType], { description: 'The oldest first.' })
  webhookEndpoints(@Ctx() { webhooks }: WebhookContext): Promise<WebhookEndpoint[]> {
    return webhooks.reader.endpoints();
  }

  @Mutation(() => WebhookEndpointPayload, { description: 'What happens from now on is sent there. At most 20 for a shop.' })
  webhookEndpointCreate(
    @Arg('input', () => WebhookEndpointInput) input: WebhookEndpointInput,
    @Ctx() ctx: WebhookContext,
  ): Promise<WebhookEndpointPayload> {
    return mutationPayload(() => ctx.webhooks.endpoints.create(requireActor(ctx), input));
  }

  @Mutation(() => WebhookEndpointPayload, {
    description: 'Of what happens while it is switched off nothing is sent, also not later.',
  })
  webhookEndpointUpdate(
    @Arg('id', () => ID) id: string,
    @Arg('patch', () => WebhookEndpointPatchInput) patch: WebhookEndpointPatchInput,
    @Ctx() ctx: WebhookContext,
  ): Promise<WebhookEndpointPayload> {
    return payload(() => ctx.webhooks.endpoints.update(requireActor(ctx), refOf('WebhookEndpoint', id), patch));
  }

  @Mutation(() => WebhookEndpointPayload, { description: 'With its deliveries; gives it as it was.' })
  webhookEndpointDelete(@Arg('id', () => ID) id: string, @Ctx() ctx: WebhookContext): Promise<WebhookEndpointPayload> {
    return payload(() => ctx.webhooks.endpoints.delete(requireActor(ctx), refOf('WebhookEndpoint', id)));
  }

  @Mutation(() => WebhookEndpointPayload, {
    description: 'A new secret. For 24 hours all is signed with the one before too, so that receivers can follow.',
  })
  webhookEndpointRotateSecret(@Arg('id', () => ID) id: string, @Ctx() ctx: WebhookContext): Promise<WebhookEndpointPayload> {
    return mutationPayload(() => ctx.webhooks.endpoints.rotateSecret(requireActor(ctx), refOf('WebhookEndpoint', id)));
  }

  @Mutation(() => WebhookDeliveryPayload, {
    description: 'Sends a webhook.ping like any other event; ask for node(id) of its delivery to see what became of it.',
  })
  webhookEndpointTest(@Arg('id', () => ID) id: string, @Ctx() ctx: WebhookContext): Promise<WebhookDeliveryPayload> {
    return mutationPayload(async () => ({
      delivery: await ctx.webhooks.deliveries.test(requireActor(ctx), refOf('WebhookEndpoint', id)),
    }));
  }
}

function payload(act: () => Promise<WebhookEndpoint>): Promise<WebhookEndpointPayload> {
  return mutationPayload(async () => ({ endpoint: await act() }));
}
