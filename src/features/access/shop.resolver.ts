import 'reflect-metadata';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { requireActor, type AccessContext } from './access-context.js';
import type { Shop } from './shop.entity.js';
import { ShopPatchInput, ShopPayload, ShopType } from './shop.schema.js';

@Resolver(() => ShopType)
export class ShopResolver {
  @Query(() => ShopType)
  shop(@Ctx() ctx: AccessContext): Promise<Shop> {
    return ctx.access.reader.shop();
  }

  @Mutation(() => ShopPayload)
  shopUpdate(@Arg('patch', () => ShopPatchInput) patch: ShopPatchInput, @Ctx() ctx: AccessContext): Promise<ShopPayload> {
    return mutationPayload(async () => ({ shop: await ctx.access.shops.update(requireActor(ctx), patch) }));
  }
}
