import type { z } from 'zod';
import { wholeNumber } from './setting-rules.js';

const MIN_BYTES = 1_024;
const MAX_BYTES = 64 * 1_024 * 1_024;
const DEFAULT_BYTES = 8 * 1_024 * 1_024;
const MAX_THREADS = 64;
/** Of Node's own pool, which files and look-ups of names need too: one draws item photos, and one is left to everything else. */
const THREADS_KEPT = 2;
const DEFAULT_POOL = 4;
const MAX_POOL = 1_024;
const MIN_TIMEOUT_MS = 100;
const MAX_TIMEOUT_MS = 120_000;

/** Photos of codes. */
export const imageSettings = {
  IMAGE_LIMIT_BYTES: wholeNumber(MIN_BYTES, MAX_BYTES, DEFAULT_BYTES),
  IMAGE_THREADS: wholeNumber(1, MAX_THREADS, 2),
  /** Node itself reads it, before any of this program runs; here it says how many threads there are. */
  UV_THREADPOOL_SIZE: wholeNumber(THREADS_KEPT + 1, MAX_POOL, DEFAULT_POOL),
  IMAGE_TIMEOUT_MS: wholeNumber(MIN_TIMEOUT_MS, MAX_TIMEOUT_MS, 10_000),
};

export interface ImageConfig {
  /** Photos that are read at once. */
  readonly threads: number;
  /** How long one may take. */
  readonly timeoutMs: number;
}

type ImageSettings = { readonly [Name in keyof typeof imageSettings]: z.output<(typeof imageSettings)[Name]> };

/** What does not fit together: images must never hold all threads of the pool, for each of them is held until its image is opened. */
export function imageFaults({ IMAGE_THREADS, UV_THREADPOOL_SIZE }: ImageSettings): { path: string[]; message: string }[] {
  const most = UV_THREADPOOL_SIZE - THREADS_KEPT;
  // A pool that is too small is a fault of its own.
  if (IMAGE_THREADS <= most || most < 1) return [];
  const needed = String(IMAGE_THREADS + THREADS_KEPT);
  return [{ path: ['IMAGE_THREADS'], message: `write at most ${String(most)}, or set UV_THREADPOOL_SIZE to ${needed} or more` }];
}

export function imagesOf(value: ImageSettings): ImageConfig {
  return { threads: value.IMAGE_THREADS, timeoutMs: value.IMAGE_TIMEOUT_MS };
}
