import type { FastifyInstance } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { RequestError } from '../kernel/errors.js';
import { refuseOtherMethods } from './other-methods.js';

const METRICS_PATH = '/metrics';
const BEARER = /^Bearer +(\S+) *$/i;

export interface MetricsOptions {
  /** What a reader must send as its bearer token. */
  token: string;
  /** Of `text`. */
  contentType: string;
  text: () => Promise<string>;
}

/** GET /metrics: what the program counts about itself, to whoever sends the token. API keys do not open it: it tells of all shops together. */
export function metricsEndpoint({ token, contentType, text }: MetricsOptions) {
  const expected = digestOf(token);
  return (app: FastifyInstance, _: object, done: () => void): void => {
    app.get(METRICS_PATH, async ({ headers }, reply) => {
      const [, given = ''] = BEARER.exec(headers.authorization ?? '') ?? [];
      // Digests have one length, and how long their comparison takes says nothing of the token (RFC 6750, section 3, for the header).
      if (timingSafeEqual(digestOf(given), expected)) return reply.type(contentType).send(await text());
      void reply.header('www-authenticate', 'Bearer realm="metrics"');
      throw new RequestError('UNAUTHENTICATED', 'Metrics are read with "Authorization: Bearer <METRICS_TOKEN>".');
    });
    refuseOtherMethods(app, METRICS_PATH, { allowed: ['GET'], hint: 'Metrics are read with GET' });
    done();
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
