import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { toGlobalId } from '../../graphql/global-id.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { requirePerson, type PeopleContext } from './people-context.js';
import { DonePayload, MeType, MyShopType, SessionType, SignInPayload } from './people.schema.js';
import type { NewSession } from './session.service.js';
import type { SignedIn } from './signed-in.js';

@Resolver(() => MeType)
export class SignInResolver {
  @Query(() => MeType)
  me(@Ctx() ctx: PeopleContext): SignedIn {
    return requirePerson(ctx);
  }

  @FieldResolver(() => [MyShopType], { description: 'Where the person works, the one joined first first.' })
  async shops(@Root() person: SignedIn, @Ctx() { people }: PeopleContext): Promise<object[]> {
    const actors = await people.sessions.actors(person);
    return actors.map(({ shop, role }) => ({ id: toGlobalId('Shop', shop.id), name: shop.name, role }));
  }

  @FieldResolver(() => [SessionType], { description: 'Those that last, the newest first.' })
  async sessions(@Root() person: SignedIn, @Ctx() { people }: PeopleContext): Promise<object[]> {
    const all = await people.sessions.list(person);
    return all.map((session) => ({ ...session, isCurrent: session.id === person.sessionId }));
  }

  @Mutation(() => SignInPayload, {
    description:
      'TOO_MANY_REQUESTS after too many attempts from one address or at one account; each counts, however many come in one request.',
  })
  signIn(
    @Arg('email', () => String) email: string,
    @Arg('password', () => String) password: string,
    @Ctx() { people, address, cookie }: PeopleContext,
  ): Promise<SignInPayload> {
    return mutationPayload(async () => told(await people.signIn.signIn({ email, password }, address), cookie));
  }

  @Mutation(() => DonePayload, { description: 'The session is refused from now on; everywhere: all of the person.' })
  signOut(
    @Arg('everywhere', () => Boolean, { nullable: true, defaultValue: false }) everywhere: boolean | null,
    @Ctx() ctx: PeopleContext,
  ): Promise<DonePayload> {
    return done(async () => {
      await ctx.people.sessions.end(requirePerson(ctx), everywhere ?? false);
      ctx.cookie?.drop();
    });
  }

  @Mutation(() => DonePayload, {
    description: 'Ends all other sessions of the person. 12 characters at the least, and none that others would try first.',
  })
  passwordChange(
    @Arg('current', () => String) current: string,
    @Arg('next', () => String) next: string,
    @Ctx() ctx: PeopleContext,
  ): Promise<DonePayload> {
    return done(() => ctx.people.passwords.change(requirePerson(ctx), { current, next }, ctx.address));
  }

  @Mutation(() => DonePayload, {
    description:
      'Mails a code to the address, if somebody has it here; the reply does not say. UNSUPPORTED where no mail is sent.',
  })
  passwordResetRequest(
    @Arg('email', () => String) email: string,
    @Ctx() { people, address }: PeopleContext,
  ): Promise<DonePayload> {
    return done(() => people.passwords.requestReset(email, address));
  }

  @Mutation(() => SignInPayload, {
    description: 'By the code that was mailed, once. Ends all sessions of the person, and begins one.',
  })
  passwordReset(
    @Arg('secret', () => String) secret: string,
    @Arg('password', () => String) password: string,
    @Ctx() { people, address, cookie }: PeopleContext,
  ): Promise<SignInPayload> {
    return mutationPayload(async () => told(await people.passwords.reset(secret, password, address), cookie));
  }

  @Mutation(() => SignInPayload, {
    description:
      'By the code that was mailed, once. Who is signed in joins as himself; who is new here takes a name and a password.',
  })
  invitationAccept(
    @Arg('secret', () => String) secret: string,
    @Arg('name', () => String, { nullable: true }) name: string | null,
    @Arg('password', () => String, { nullable: true }) password: string | null,
    @Ctx() { people, person, identity, address, cookie }: PeopleContext,
  ): Promise<SignInPayload> {
    const acceptance = { secret, name, password, person, identity, address };
    return mutationPayload(async () => told(await people.invitations.accept(acceptance), cookie));
  }
}

/** What the client is told of a session that has begun: not its token, where the browser keeps that. */
function told(begun: NewSession | SignedIn, cookie: PeopleContext['cookie']) {
  if (!('token' in begun)) return { me: begun };
  const { token, expiresAt, person: me } = begun;
  if (!cookie?.isWanted) return { token, expiresAt, me };
  cookie.keep(token, expiresAt);
  return { expiresAt, me };
}

function done(act: () => Promise<void>): Promise<DonePayload> {
  const run = async () => {
    await act();
    return { done: true };
  };
  return mutationPayload(run, { done: false }) as Promise<DonePayload>;
}
