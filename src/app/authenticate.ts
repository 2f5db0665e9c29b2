import type { Actor } from '../features/access/index.js';
import type { SignedIn, VerifiedIdentity } from '../features/people/index.js';
import { idOf } from '../graphql/global-id.js';
import { RequestError } from '../kernel/errors.js';
import type { CacheSession } from '../platform/cache/cache-session.js';
import type { Services } from './services.js';

/** Who sent a request. */
export interface Caller {
  /** Undefined for a person of several shops who has not said for which. */
  readonly actor: Actor | undefined;
  readonly person: SignedIn | undefined;
  readonly identity: VerifiedIdentity | undefined;
}

/** What a request says of who sent it: its headers, as they came. */
export interface Shown {
  readonly authorization: string | undefined;
  /** A session's token that a browser sent along by itself. */
  readonly session?: string | undefined;
  /** Global id of the shop that a person acts for. */
  readonly shop: string | undefined;
}

const NOBODY: Caller = { actor: undefined, person: undefined, identity: undefined };
const BEARER = /^Bearer +(\S+) *$/i;
const SESSION_PREFIX = 'srs_';
/** Three parts, the first of which is a JSON object (RFC 7519): no key and no session looks like it. */
const JWT = /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/;

/** Refuses (UNAUTHENTICATED) what is shown and is not valid, and (FORBIDDEN) a person for a shop that is not his, whether or not it is another's. */
export async function authenticate(services: Services, shown: Shown, session: CacheSession): Promise<Caller> {
  const { authorization, shop } = shown;
  if (authorization === undefined) return sessionCalling(services, shown);
  const [, secret = ''] = BEARER.exec(authorization) ?? [];
  if (secret.startsWith(SESSION_PREFIX))
    return personCalling(services, await services.people.sessions.authenticate(secret), shop);
  if (JWT.test(secret)) return identityCalling(services, await services.people.identity?.verify(secret), shop);
  const actor = await services.authenticator.authenticate(secret, session);
  if (actor) return { ...NOBODY, actor };
  throw new RequestError(
    'UNAUTHENTICATED',
    'This API key is not valid: it is unknown, revoked or expired. Send "Authorization: Bearer <key>".',
  );
}

/** One that is over says nothing: whoever had it signs in anew, and cannot leave it out himself. */
async function sessionCalling(services: Services, { session, shop }: Shown): Promise<Caller> {
  const person = session === undefined ? undefined : await services.people.sessions.authenticate(session);
  return person ? personCalling(services, person, shop) : NOBODY;
}

async function personCalling({ people }: Services, person: SignedIn | undefined, shop: string | undefined): Promise<Caller> {
  if (!person) throw new RequestError('UNAUTHENTICATED', 'This session is over, or never was: sign in again.');
  const actors = await people.sessions.actors(person);
  return { actor: chosen(actors, shop), person, identity: undefined };
}

/** Who is nobody here yet is let through as such: he may accept an invitation, and nothing else that is not for everybody. */
async function identityCalling(
  services: Services,
  identity: VerifiedIdentity | undefined,
  shop: string | undefined,
): Promise<Caller> {
  if (!identity) {
    throw new RequestError(
      'UNAUTHENTICATED',
      'This token is not valid: it is expired, not for this server, or not of its identity provider.',
    );
  }
  const person = await services.people.sessions.ofIdentity(identity);
  return person ? personCalling(services, person, shop) : { ...NOBODY, identity };
}

function chosen(actors: readonly Actor[], shop: string | undefined): Actor | undefined {
  if (shop === undefined) return actors.length === 1 ? actors[0] : undefined;
  const shopId = idOf('Shop', shop);
  const actor = actors.find((each) => each.shopId === shopId);
  if (actor) return actor;
  throw new RequestError(
    'FORBIDDEN',
    'You work in no such shop: send "Stockroom-Shop: <id>" with an id of { me { shops { id } } }.',
  );
}
