import type { Clock } from '../../kernel/clock.js';
import type { Transaction } from '../../platform/unit-of-work.js';
import type { Actor } from './actor.js';
import { hashSecret, isSecretShaped } from './api-key-secret.js';
import { ApiKeyRepository, type KeyHolder } from './api-key.repository.js';

/** How exactly lastUsedAt is kept: writing it for each request would cost more than it tells. */
export const LAST_USED_STEP_MS = 60_000;

/** Finds out who shows a secret. */
export class ApiKeyAuthenticator {
  /** Uses that are being noted, by key: a burst of requests notes one. */
  private readonly noting = new Map<string, Promise<void>>();

  /** `onError` is told of a use that could not be noted; the request goes on. */
  constructor(
    private readonly em: Transaction['em'],
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {}

  /**
   * The key's holder; undefined for a secret that is none, unknown, revoked or expired. One statement outside any transaction, none for a
   * text that is no secret. Nothing is cached, so that a revoked key is refused at once.
   */
  async authenticate(secret: string): Promise<Actor | undefined> {
    if (!isSecretShaped(secret)) return undefined;
    const now = this.clock.now();
    const holder = await this.repository().findHolder(hashSecret(secret), now);
    if (holder) this.noteUse(holder, now);
    return holder?.actor;
  }

  /** Waits for what is still being noted. */
  async close(): Promise<void> {
    await Promise.all(this.noting.values());
  }

  /** Not awaited by the request. */
  private noteUse({ actor: { shopId, keyId }, lastUsedAt }: KeyHolder, at: Date): void {
    const unlessSince = new Date(at.getTime() - LAST_USED_STEP_MS);
    if (this.noting.has(keyId) || (lastUsedAt && lastUsedAt > unlessSince)) return;
    const noted = this.repository()
      .touch(shopId, keyId, { at, unlessSince })
      .catch(this.onError)
      .finally(() => this.noting.delete(keyId));
    this.noting.set(keyId, noted);
  }

  private repository(): ApiKeyRepository {
    return new ApiKeyRepository(this.em.fork());
  }
}
