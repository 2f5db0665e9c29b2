import { RequestError } from '../../kernel/errors.js';
import type { Actor } from '../access/index.js';
import type { InvitationService } from './invitation.service.js';
import type { MemberService } from './member.service.js';
import type { PasswordService } from './password.service.js';
import type { PeopleReader } from './people.reader.js';
import type { SessionService } from './session.service.js';
import type { SignInService } from './sign-in.service.js';
import type { SignedIn, VerifiedIdentity } from './signed-in.js';

/** The cookie in which a browser keeps the session of a page of ours. */
export interface SessionCookie {
  /** Whether a session that begins is to be kept there, and told to no script. */
  readonly isWanted: boolean;
  keep(token: string, expiresAt: Date): void;
  /** The session of the request has ended. Does nothing where it did not come by the cookie. */
  drop(): void;
}

/** What this room's resolvers need of a request's context. */
export interface PeopleContext {
  readonly actor: Actor | undefined;
  readonly person: SignedIn | undefined;
  /** Whose token of an identity provider came, where he is nobody here yet. */
  readonly identity: VerifiedIdentity | undefined;
  /** Undefined: nothing can be kept for the client. */
  readonly cookie: SessionCookie | undefined;
  /** The client's. */
  readonly address: string | undefined;
  readonly people: {
    readonly reader: PeopleReader;
    readonly sessions: SessionService;
    readonly signIn: SignInService;
    readonly passwords: PasswordService;
    readonly members: MemberService;
    readonly invitations: InvitationService;
  };
}

/** Who is signed in. Refuses (UNAUTHENTICATED) whoever is not. */
export function requirePerson({ person }: Pick<PeopleContext, 'person'>): SignedIn {
  if (person) return person;
  throw new RequestError('UNAUTHENTICATED', 'This is for people: sign in first.');
}
