import {
  answers,
  answersInvalidJson,
  answersMegabytes,
  blackhole,
  gzipBomb,
  rateLimits,
  tricklesBytes,
  type Manner,
} from '../../support/misbehaving-server.js';

/** Longer than a look-up waits for by itself, shorter than anybody waits for this check. */
const RETRY_AFTER_S = 8;
const MEGABYTES = 50;

export interface Fault {
  readonly title: string;
  readonly manner: Manner;
  /** It cannot prove who it is any more. */
  readonly isStranger?: boolean;
}

export const WELL: Manner = answers(200, { status: 1, product: { product_name: 'Maize meal', brands: 'Ace', quantity: '5 kg' } });

export const FAULTS: readonly Fault[] = [
  { title: '429, Retry-After', manner: rateLimits(RETRY_AFTER_S) },
  { title: 'blackhole', manner: blackhole },
  { title: 'one byte a second', manner: tricklesBytes },
  { title: '5xx storm', manner: answers(503, { error: 'down' }) },
  { title: '50 MB answers', manner: answersMegabytes(MEGABYTES) },
  { title: 'gzip bombs', manner: gzipBomb(MEGABYTES) },
  { title: 'invalid JSON', manner: answersInvalidJson },
  { title: 'TLS: a stranger', manner: WELL, isStranger: true },
];
