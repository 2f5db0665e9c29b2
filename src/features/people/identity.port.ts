import type { VerifiedIdentity } from './signed-in.js';

export type { VerifiedIdentity } from './signed-in.js';

/** What this room asks of whoever knows the identity provider. */
export interface IdentityPort {
  /** Whose token it is. Undefined for one that is forged, expired, or meant for somebody else. Rejects (UNAVAILABLE) where the provider cannot be asked for its keys. */
  verify(token: string): Promise<VerifiedIdentity | undefined>;
}
