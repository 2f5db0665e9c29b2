import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { requireActor, type AccessContext } from './access-context.js';
import type { ApiKey } from './api-key.entity.js';
import { DEFAULT_OVERLAP_MINUTES } from './api-key.service.js';
import { ApiKeyInput, ApiKeyPayload, ApiKeyType } from './api-key.schema.js';
import { PermissionEnum } from './enums.schema.js';
import { optionalRefOf, refOf } from './global-ref.js';
import type { Location } from './location.entity.js';
import { LocationType } from './location.schema.js';
import { permissionsOf, type Permission } from './permissions.js';

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @Query(() => [ApiKeyType], { description: 'Those that are not revoked first, the newest first.' })
  apiKeys(@Ctx() { access }: AccessContext): Promise<ApiKey[]> {
    return access.reader.apiKeys();
  }

  @FieldResolver(() => LocationType, { nullable: true })
  async location(@Root() { location }: ApiKey, @Ctx() { access }: AccessContext): Promise<Location | null> {
    return location && ((await access.reader.location(location.id)) ?? null);
  }

  @FieldResolver(() => [PermissionEnum], { description: 'All that its role may do, or fewer.' })
  permissions(@Root() { role, permissions }: ApiKey): readonly Permission[] {
    return [...permissionsOf(role, permissions)];
  }

  @Mutation(() => ApiKeyPayload)
  apiKeyCreate(@Arg('input', () => ApiKeyInput) input: ApiKeyInput, @Ctx() ctx: AccessContext): Promise<ApiKeyPayload> {
    const { name, role, permissions, mode, expiresAt } = input;
    const draft = { name, role, permissions, mode, expiresAt, location: optionalRefOf('Location', input.location) };
    return mutationPayload(() => ctx.access.apiKeys.create(requireActor(ctx), draft));
  }

  @Mutation(() => ApiKeyPayload, {
    description:
      'Gives the key a new secret; the one before is let in for so many minutes more (0 to 10080). Rotating again meanwhile replaces the new one; 0 ends all others at once.',
  })
  apiKeyRotate(
    @Arg('id', () => ID) id: string,
    @Arg('overlapMinutes', () => Int, { nullable: true, defaultValue: DEFAULT_OVERLAP_MINUTES }) overlapMinutes: number | null,
    @Ctx() ctx: AccessContext,
  ): Promise<ApiKeyPayload> {
    return mutationPayload(() => ctx.access.apiKeys.rotate(requireActor(ctx), refOf('ApiKey', id), overlapMinutes));
  }

  @Mutation(() => ApiKeyPayload, {
    description: 'The key is refused from now on; IN_USE for the last owner key that does not expire.',
  })
  apiKeyRevoke(@Arg('id', () => ID) id: string, @Ctx() ctx: AccessContext): Promise<ApiKeyPayload> {
    return mutationPayload(async () => ({ apiKey: await ctx.access.apiKeys.revoke(requireActor(ctx), refOf('ApiKey', id)) }));
  }
}
