import type { GraphQLError } from 'graphql';
import type { Permission, Role } from '../features/access/index.js';
import type { Logger } from '../platform/log.js';
import type { ValueBudget } from './admission/value-budget.js';

/** Who acts. */
export interface RequestActor {
  /** Row id of the principal. */
  readonly actorId: string;
  /** Row id of the shop that the actor acts for. */
  readonly shopId: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
}

/** What the transport itself needs of a request's context; each room names its own part. */
export interface TransportContext {
  readonly requestId: string;
  readonly log: Logger;
  readonly actor?: RequestActor | undefined;
  /** The person who is signed in, whether or not he has chosen a shop. */
  readonly person?: { readonly id: string } | undefined;
  /** Why the operation is not run, where it was found out before it was looked at as a whole. */
  refusal?: GraphQLError | undefined;
  /** What the reply may still hold. */
  values?: ValueBudget | undefined;
}

/** The cookie in which a browser's session is kept; see session-cookie.ts. */
export interface RequestCookie {
  readonly isWanted: boolean;
  keep(token: string, expiresAt: Date): void;
  drop(): void;
}

/** What a context is made from. `authorization` is the header as it came. */
export interface ContextRequest {
  readonly authorization?: string | undefined;
  /** A session's token that a page of this server has sent along, where there is no `authorization`. */
  readonly session?: string | undefined;
  /** Left out: nothing can be kept for the client. */
  readonly cookie?: RequestCookie | undefined;
  /** The header Stockroom-Shop: for which shop a person acts. */
  readonly shop?: string | undefined;
  /** The client's. */
  readonly address?: string | undefined;
  readonly requestId: string;
  readonly log: Logger;
}

/** Refuses (RequestError UNAUTHENTICATED) a key that is wrong, revoked or expired; without a key, and by a `session` that is over, there is a context without actor. */
export type ContextFactory<C extends TransportContext = TransportContext> = (request: ContextRequest) => Promise<C>;
