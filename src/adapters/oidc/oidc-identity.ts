import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { IdentityPort, VerifiedIdentity } from '../../features/people/identity.port.js';
import type { Outbound } from '../http/outbound.js';
import { ProviderKeys, type Ticks } from './provider-keys.js';

export interface OidcSettings {
  /** As tokens name it, to the letter. */
  readonly issuer: string;
  /** What tokens for this server are for. */
  readonly audience: string;
  /** By which keys may sign: never one that both sides know (HS…), nor `none`. */
  readonly algorithms: readonly string[];
}

/** Beyond it a token is not even read. */
const MAX_TOKEN_LENGTH = 8_192;
/** By how much the provider's clock and ours may differ. */
const CLOCK_TOLERANCE_S = 30;
/** OpenID Connect Core 1.0, section 2. */
const MAX_SUBJECT_LENGTH = 255;
/** Of an access token (RFC 9068, section 2.1), or of a provider that names none. Others, such as logout+jwt, are for something else. */
const TYPES = ['at+jwt', 'application/at+jwt', 'jwt'];

const NOT_OF_ACCESS = ['nonce', 'at_hash', 'c_hash', 'events'];

/**
 * Access tokens of one OpenID Connect provider. Nothing that a token says of its own key is used (jku, jwk, x5u, x5c): its `kid` is only looked up among the keys
 * that the provider publishes. A token that is bound to a key of the client's (`cnf`, RFC 9700 section 2.2.1) is refused, since here it would be worth as much without that key.
 */
export class OidcIdentity implements IdentityPort {
  private readonly keys: ProviderKeys;

  constructor(
    private readonly outbound: Outbound,
    private readonly settings: OidcSettings,
    ticks?: Ticks,
  ) {
    this.keys = new ProviderKeys(outbound, settings.issuer, ticks);
  }

  async verify(token: string): Promise<VerifiedIdentity | undefined> {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    const { issuer, audience, algorithms } = this.settings;
    const options = { issuer, audience, algorithms: [...algorithms], clockTolerance: CLOCK_TOLERANCE_S };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys.keyOf, {
        ...options,
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      const isOfType = protectedHeader.typ === undefined || TYPES.includes(protectedHeader.typ.toLowerCase());
      return isOfType && isAccessToken(payload) && payload.cnf === undefined ? identityOf(issuer, payload) : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  close(): void {
    this.outbound.close();
  }
}

/** Not a token that says who signed in where (OpenID Connect Core 1.0, section 2), nor one of an event: these travel in URLs. */
function isAccessToken(payload: JWTPayload): boolean {
  return NOT_OF_ACCESS.every((claim) => payload[claim] === undefined) && payload.typ !== 'ID';
}

function identityOf(
  issuer: string,
  { sub: subject, email, email_verified: verified, name }: JWTPayload,
): VerifiedIdentity | undefined {
  if (subject === undefined || subject === '' || subject.length > MAX_SUBJECT_LENGTH || !isKept(subject)) return undefined;
  return {
    ...{ issuer, subject },
    email: typeof email === 'string' ? email : undefined,
    // The standard says a boolean; whatever else some provider sends is no word of honour.
    isEmailVerified: verified === true,
    name: typeof name === 'string' ? name : undefined,
  };
}

/** Whether the database keeps the text as it is: two people must not become one. */
function isKept(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
