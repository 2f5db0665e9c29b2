/** A text kept under a name for a while. */
export interface KeptText {
  readonly name: string;
  readonly text: string;
  readonly ttlMs: number;
}

/** The memory does not answer, and nobody knows whether the call was carried out. */
export class CutOffError extends Error {
  override readonly name = 'CutOffError';
}

/**
 * A memory that instances share. Every call takes a bounded time and is carried out on the link that stood when it began, or rejects with a
 * CutOffError; where it was a `set`, the link is broken then already. It may forget anything at any moment, but never remember again what it has forgotten: a memory
 * that was restored from a copy has another link.
 */
export interface SharedTier {
  /** Names the one memory that is reached now; undefined while it cannot be. Instances share a cache only where they name the same. */
  readonly link: string | undefined;
  /** Whether it is another process's memory, which values are worth being kept in beside stamps. */
  readonly isRemote: boolean;
  /** It does not answer in time, so that reading from it is not worth while; what is to be written has to be written nevertheless. */
  readonly isResting: boolean;
  /**
   * Reaches for the memory from now on; resolves after the first attempt, successful or not. `onChange` is called when the link breaks, in the
   * same turn, and when there is a new one.
   */
  open(onChange: () => void): Promise<void>;
  /** One round trip. Undefined where nothing is kept. */
  get(namespace: string, names: readonly string[]): Promise<(string | undefined)[]>;
  /** For what others rely on: where it rejects, the link is broken. One round trip. */
  set(namespace: string, texts: readonly KeptText[]): Promise<void>;
  /** For what nobody relies on. One round trip. */
  offer(namespace: string, texts: readonly KeptText[]): Promise<void>;
  /** Keeps those texts under whose names nothing is kept; gives what stands under each name then. One round trip. */
  setIfAbsent(namespace: string, texts: readonly KeptText[]): Promise<string[]>;
  close(): Promise<void>;
}
