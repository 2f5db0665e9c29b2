import type { FoundProduct } from './product-suggestion.js';

/**
 * FOUND, UNKNOWN: it has answered. LATER: it asks to be left alone for so long, or is left alone because it fails. FAILED: it did not
 * answer, or not with anything that can be read; `reason` is a sentence for an operator, without addresses and secrets.
 */
export type ProductAnswer =
  | { readonly outcome: 'FOUND'; readonly product: FoundProduct; readonly pauseMs?: number | undefined }
  | { readonly outcome: 'UNKNOWN'; readonly pauseMs?: number | undefined }
  | { readonly outcome: 'LATER'; readonly reason: string; readonly retryAfterMs: number; readonly isOwnLimit: boolean }
  | { readonly outcome: 'FAILED'; readonly reason: string };

/** So many questions in so much time, all instances together. */
export interface SourceLimit {
  readonly questions: number;
  readonly periodMs: number;
}

/**
 * Somebody outside who knows products by their GTINs. `pauseMs` of an answer: for so long it wants no further question.
 * `isOwnLimit`: it is the source that asks (its limit is reached), rather than this process that leaves it alone.
 */
export interface ProductSourcePort {
  /** As it is named beside what it said; at most 100 characters. */
  readonly name: string;
  readonly limits: readonly SourceLimit[];
  /** `gtin`: 14 digits whose check digit holds. Resolves in bounded time whatever the far side does; rejects only with the signal's reason. */
  find(gtin: string, signal: AbortSignal): Promise<ProductAnswer>;
}
