import { createLocalJWKSet, errors, type JWTVerifyGetKey, type JSONWebKeySet } from 'jose';
import { RequestError } from '../../kernel/errors.js';
import { OutboundError } from '../http/outbound-error.js';
import type { OutboundPolicyChanges } from '../http/outbound-policy.js';
import type { Outbound } from '../http/outbound.js';

/** A request waits for the answer; so it is given up early. */
export const OIDC_POLICY: OutboundPolicyChanges = {
  timeouts: { lookupMs: 2_000, connectMs: 2_000, secureConnectMs: 3_000, responseMs: 4_000, attemptMs: 5_000, totalMs: 8_000 },
  retries: { maxAttempts: 2, maxRetryAfterMs: 1_000 },
  bulkhead: { concurrent: 2, queued: 4 },
  maxResponseBytes: 512 * 1_024,
};

const OK = 200;
/** A key that the provider withdrew is believed no longer than this. */
const MAX_AGE_MS = 600_000;
/** Tokens that name keys nobody has do not make us ask the provider more often than this. */
const COOLDOWN_MS = 30_000;
/** Nor does one after another while it does not answer, or answers nonsense. */
const FAILED_COOLDOWN_MS = 2_000;
const MAX_KEYS = 100;
/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2_048;

interface Known {
  readonly keys: JWTVerifyGetKey;
  readonly at: number;
}

/** When the provider was asked, in ms of a clock that only goes forward. */
export type Ticks = () => number;

/**
 * The keys that a provider signs with, as its discovery document says where they are (OpenID Connect Discovery 1.0, section 4). They are asked for when a token
 * comes and they are not known, are older than ten minutes, or do not have the one that it names (at most every 30 s), by one request at a time.
 */
export class ProviderKeys {
  private known: Known | undefined;
  private asking: Promise<Known> | undefined;
  private askedAt = -Infinity;
  private failedAt = -Infinity;

  constructor(
    private readonly outbound: Outbound,
    private readonly issuer: string,
    private readonly ticks: Ticks = () => performance.now(),
  ) {}

  /** As jose wants it: the key of a token, by its header's `kid` and `alg` alone. Rejects with a JOSEError where the provider has none, UNAVAILABLE where it cannot be asked. */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    const known = await this.current();
    try {
      return await keyFrom(known, header, token);
    } catch (error) {
      // What is being asked for already may have it.
      const mayBeNew = this.asking !== undefined || this.ticks() - this.askedAt >= COOLDOWN_MS;
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayBeNew) throw error;
      return keyFrom(await this.ask(), header, token);
    }
  };

  private current(): Promise<Known> | Known {
    if (this.known && this.ticks() - this.known.at < MAX_AGE_MS) return this.known;
    if (this.asking === undefined && this.ticks() - this.failedAt < FAILED_COOLDOWN_MS) throw unavailable();
    return this.ask();
  }

  private ask(): Promise<Known> {
    this.asking ??= this.load()
      .catch((error: unknown) => {
        this.failedAt = this.ticks();
        throw error;
      })
      .finally(() => {
        this.asking = undefined;
      });
    return this.asking;
  }

  private async load(): Promise<Known> {
    this.askedAt = this.ticks();
    const discovered = await this.json(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { issuer, jwks_uri: at } = discovered;
    // Whoever answers in another's name is not believed (section 4.3), nor one that sends us to an unprotected place.
    if (issuer !== this.issuer || typeof at !== 'string' || !isAsSafe(at, this.issuer)) throw unavailable();
    const { keys } = await this.json(at);
    if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw unavailable();
    this.known = { keys: localKeys({ keys: keys as JSONWebKeySet['keys'] }), at: this.askedAt };
    return this.known;
  }

  private async json(url: string): Promise<Record<string, unknown>> {
    try {
      const { status, body } = await this.outbound.request({ method: 'GET', url, headers: { accept: 'application/json' } });
      const read: unknown = status === OK ? JSON.parse(body.toString('utf8')) : undefined;
      if (typeof read === 'object' && read !== null) return read as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof OutboundError) && !(error instanceof SyntaxError)) throw error;
    }
    throw unavailable();
  }
}

/** A key that is broken or too short is none: whoever sends a token chooses which one is looked at. */
async function keyFrom(
  { keys }: Known,
  ...[header, token]: Parameters<JWTVerifyGetKey>
): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
  let key: Awaited<ReturnType<JWTVerifyGetKey>>;
  try {
    key = await keys(header, token);
  } catch (error) {
    if (error instanceof errors.JOSEError) throw error;
    throw new errors.JWKSNoMatchingKey();
  }
  // jose itself takes such a key for a mistake of ours.
  const { modulusLength = MIN_RSA_BITS } = key instanceof CryptoKey ? (key.algorithm as Partial<RsaKeyAlgorithm>) : {};
  if (modulusLength < MIN_RSA_BITS) throw new errors.JWKSNoMatchingKey();
  return key;
}

function localKeys(keys: JSONWebKeySet): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(keys);
  } catch (error) {
    if (error instanceof errors.JOSEError) throw unavailable();
    throw error;
  }
}

function isAsSafe(text: string, issuer: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && (url.protocol === 'https:' || url.origin === new URL(issuer).origin);
}

function unavailable(): RequestError {
  return new RequestError('UNAVAILABLE', 'The identity provider cannot be asked for its keys: try again in a moment.');
}
