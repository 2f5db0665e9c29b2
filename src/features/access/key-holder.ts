import type { Actor } from './actor.js';

/** Who acts by a key that is not revoked. */
export interface KeyHolder {
  readonly actor: Actor;
  /** When the key was last seen, as far as that is known here. */
  readonly lastUsedAt: Date | undefined;
  /** Of the secret that was shown: undefined where it does not expire. */
  readonly expiresAt: Date | undefined;
}
