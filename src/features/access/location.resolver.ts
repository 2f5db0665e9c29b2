import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { requireActor, type AccessContext } from './access-context.js';
import { optionalRefOf, refOf } from './global-ref.js';
import type { Location } from './location.entity.js';
import { LocationInput, LocationPatchInput, LocationPayload, LocationType } from './location.schema.js';

@Resolver(() => LocationType)
export class LocationResolver {
  @Query(() => [LocationType], { description: 'All of the shop, archived ones too, by code.' })
  locations(@Ctx() { access }: AccessContext): Promise<Location[]> {
    return access.reader.locations();
  }

  @FieldResolver(() => LocationType, { nullable: true })
  async parent(@Root() { parent }: Location, @Ctx() { access }: AccessContext): Promise<Location | null> {
    return parent && ((await access.reader.location(parent.id)) ?? null);
  }

  @Mutation(() => LocationPayload)
  locationCreate(@Arg('input', () => LocationInput) input: LocationInput, @Ctx() ctx: AccessContext): Promise<LocationPayload> {
    const draft = { code: input.code, name: input.name, parent: optionalRefOf('Location', input.parent) };
    return payload(() => ctx.access.locations.create(requireActor(ctx), draft));
  }

  @Mutation(() => LocationPayload)
  locationUpdate(
    @Arg('id', () => ID) id: string,
    @Arg('patch', () => LocationPatchInput) patch: LocationPatchInput,
    @Ctx() ctx: AccessContext,
  ): Promise<LocationPayload> {
    const changes = { code: patch.code, name: patch.name, parent: optionalRefOf('Location', patch.parent) };
    return payload(() => ctx.access.locations.update(requireActor(ctx), refOf('Location', id), changes));
  }

  @Mutation(() => LocationPayload, {
    description: 'Takes an empty location out of use; IN_USE where it holds stock, has locations beneath it, or is the last one.',
  })
  locationArchive(@Arg('id', () => ID) id: string, @Ctx() ctx: AccessContext): Promise<LocationPayload> {
    return payload(() => ctx.access.locations.archive(requireActor(ctx), refOf('Location', id)));
  }
}

function payload(act: () => Promise<Location>): Promise<LocationPayload> {
  return mutationPayload(async () => ({ location: await act() }));
}
