/** How often something may be done by one who is named by a key. */
export interface Limiter {
  /** Takes so many points (1, if not given) of the key's, or says when there will be some again. It never rejects. */
  take(key: string, points?: number): Promise<Taken>;
}

export type Taken =
  | { readonly ok: true; /** Points that are left. */ readonly left: number }
  | { readonly ok: false; readonly retryAfterMs: number };

/** `points` in each `perMs` by each key. With `burst` so many more, within ten times that. */
export interface LimitRule {
  /** Names the limit among those that share one memory. */
  readonly name: string;
  readonly points: number;
  readonly perMs: number;
  readonly burst?: number;
}
