/** A person who has shown who he is, whether or not he has chosen a shop. */
export interface SignedIn {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Row id of the session; undefined for who comes by a token of an identity provider. */
  readonly sessionId: string | undefined;
}

/** A token that an identity provider gave to somebody, verified; he may be nobody here yet. */
export interface VerifiedIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  /** Whether the provider says that the address is his. */
  readonly isEmailVerified: boolean;
  readonly name: string | undefined;
}

/** How long people stay signed in. */
export interface SessionTimes {
  /** How long a session lasts that nobody uses. */
  readonly idleMs: number;
  /** How long it lasts at most. */
  readonly maxMs: number;
}
