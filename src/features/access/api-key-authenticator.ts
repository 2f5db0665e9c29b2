import type { Clock } from '../../kernel/clock.js';
import type { CacheSession } from '../../platform/cache/cache-session.js';
import { NO_CACHE, type ReadCache } from '../../platform/cache/cache.js';
import { acrossShops } from '../../platform/tenancy.js';
import type { Transaction } from '../../platform/unit-of-work.js';
import { KEYS } from './access.region.js';
import type { Actor } from './actor.js';
import { hashSecret, isSecretShaped } from './api-key-secret.js';
import { ApiKeyRepository } from './api-key.repository.js';
import type { KeyHolder } from './key-holder.js';

/** How exactly lastUsedAt is kept: writing it for each request would cost more than it tells. */
export const LAST_USED_STEP_MS = 60_000;

const MAX_NOTED = 10_000;

/** Finds out who shows a secret. */
export class ApiKeyAuthenticator {
  /** Uses that are being noted, by key: a burst of requests notes one. */
  private readonly noting = new Map<string, Promise<void>>();
  /** When a use was last noted from here, by key: a cached holder does not tell. Emptied now and then, so that it does not grow for ever. */
  private readonly noted = new Map<string, Date>();

  /** `onError` is told of a use that could not be noted; the request goes on. */
  constructor(
    private readonly em: Transaction['em'],
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
    private readonly cache: ReadCache = NO_CACHE,
  ) {}

  /**
   * The key's holder; undefined for a secret that is none, unknown, revoked or expired. One statement outside any transaction where the holder
   * is not cached, none for a text that is no secret. A key is refused from the acknowledgement of its revocation on, by every instance.
   */
  async authenticate(secret: string, session: CacheSession = this.cache.session()): Promise<Actor | undefined> {
    if (!isSecretShaped(secret)) return undefined;
    const hash = hashSecret(secret);
    const [holder] = await session.getMany(KEYS, [hash.toString('hex')], async () => [
      await acrossShops(() => this.repository().findHolder(hash)),
    ]);
    const now = this.clock.now();
    if (!holder || (holder.expiresAt && holder.expiresAt <= now)) return undefined;
    this.noteUse(holder, now);
    return holder.actor;
  }

  /** Waits for what is still being noted. */
  async close(): Promise<void> {
    await Promise.all(this.noting.values());
  }

  /** Not awaited by the request. */
  private noteUse({ actor: { shopId, actorId }, lastUsedAt }: KeyHolder, at: Date): void {
    const unlessSince = new Date(at.getTime() - LAST_USED_STEP_MS);
    const known = this.noted.get(actorId) ?? lastUsedAt;
    if (this.noting.has(actorId) || (known && known > unlessSince)) return;
    if (this.noted.size >= MAX_NOTED) this.noted.clear();
    this.noted.set(actorId, at);
    const noted = acrossShops(() => this.repository().touch(shopId, actorId, { at, unlessSince }))
      .catch(this.onError)
      .finally(() => this.noting.delete(actorId));
    this.noting.set(actorId, noted);
  }

  private repository(): ApiKeyRepository {
    return new ApiKeyRepository(this.em.fork());
  }
}
