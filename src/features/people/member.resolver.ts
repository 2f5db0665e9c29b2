import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { toGlobalId } from '../../graphql/global-id.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { refOf, requireActor, RoleEnum, type Role } from '../access/index.js';
import type { Invitation } from './invitation.entity.js';
import type { Membership } from './membership.entity.js';
import type { PeopleContext } from './people-context.js';
import { InvitationInput, InvitationPayload, InvitationType, MemberPayload, MemberType } from './people.schema.js';

@Resolver(() => MemberType)
export class MemberResolver {
  @Query(() => [MemberType], { description: 'Those who work in the shop first, the one who joined first first.' })
  members(@Ctx() { people }: PeopleContext): Promise<Membership[]> {
    return people.reader.members();
  }

  @FieldResolver(() => ID)
  id(@Root() { id }: Membership): string {
    return toGlobalId('Membership', id);
  }

  @FieldResolver(() => String)
  name(@Root() { person }: Membership): string {
    return person.name;
  }

  @FieldResolver(() => String)
  email(@Root() { person }: Membership): string {
    return person.email;
  }

  @Mutation(() => MemberPayload, { description: 'Holds from the next request on; IN_USE for the last owner.' })
  memberUpdate(
    @Arg('id', () => ID) id: string,
    @Arg('role', () => RoleEnum) role: Role,
    @Ctx() ctx: PeopleContext,
  ): Promise<MemberPayload> {
    const act = () => ctx.people.members.setRole(requireActor(ctx), refOf('Membership', id), role);
    return mutationPayload(async () => ({ member: await act() }));
  }

  @Mutation(() => MemberPayload, { description: 'The person is refused in this shop from now on; IN_USE for the last owner.' })
  memberEnd(@Arg('id', () => ID) id: string, @Ctx() ctx: PeopleContext): Promise<MemberPayload> {
    const act = () => ctx.people.members.end(requireActor(ctx), refOf('Membership', id));
    return mutationPayload(async () => ({ member: await act() }));
  }
}

@Resolver(() => InvitationType)
export class InvitationResolver {
  @Query(() => [InvitationType], { description: 'Those that wait for an answer, the newest first.' })
  invitations(@Ctx() { people }: PeopleContext): Promise<Invitation[]> {
    return people.reader.invitations();
  }

  @FieldResolver(() => ID)
  id(@Root() { id }: Invitation): string {
    return toGlobalId('Invitation', id);
  }

  @Mutation(() => InvitationPayload, {
    description: 'Mails a code that is good for 7 days and can be used once. Who was invited already is invited anew.',
  })
  memberInvite(
    @Arg('input', () => InvitationInput) input: InvitationInput,
    @Ctx() ctx: PeopleContext,
  ): Promise<InvitationPayload> {
    return mutationPayload(async () => ctx.people.invitations.invite(requireActor(ctx), input));
  }

  @Mutation(() => InvitationPayload, { description: 'Nobody can accept it from now on.' })
  invitationRevoke(@Arg('id', () => ID) id: string, @Ctx() ctx: PeopleContext): Promise<InvitationPayload> {
    const act = () => ctx.people.invitations.revoke(requireActor(ctx), refOf('Invitation', id));
    return mutationPayload(async () => ({ invitation: await act() }));
  }
}
