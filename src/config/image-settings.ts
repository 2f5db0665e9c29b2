import type { z } from 'zod';
import { wholeNumber } from './setting-rules.js';

const MIN_BYTES = 1_024;
const MAX_BYTES = 64 * 1_024 * 1_024;
const DEFAULT_BYTES = 8 * 1_024 * 1_024;
const MAX_THREADS = 64;
const MIN_TIMEOUT_MS = 100;
const MAX_TIMEOUT_MS = 120_000;

/** Photos of codes. */
export const imageSettings = {
  IMAGE_LIMIT_BYTES: wholeNumber(MIN_BYTES, MAX_BYTES, DEFAULT_BYTES),
  IMAGE_THREADS: wholeNumber(1, MAX_THREADS, 2),
  IMAGE_TIMEOUT_MS: wholeNumber(MIN_TIMEOUT_MS, MAX_TIMEOUT_MS, 10_000),
};

export interface ImageConfig {
  /** Photos that are read at once. */
  readonly threads: number;
  /** How long one may take. */
  readonly timeoutMs: number;
}

type ImageSettings = { readonly [Name in keyof typeof imageSettings]: z.output<(typeof imageSettings)[Name]> };

export function imagesOf(value: ImageSettings): ImageConfig {
  return { threads: value.IMAGE_THREADS, timeoutMs: value.IMAGE_TIMEOUT_MS };
}
