import type { FastifyInstance } from 'fastify';
import { setTimeout as wait } from 'node:timers/promises';

const READY_TIMEOUT_MS = 1000;
const HTTP_UNAVAILABLE = 503;

/** GET /livez: the process answers. GET /readyz: so does what it stands on, within a second. Neither needs a key. */
export function healthEndpoints(ready: () => Promise<boolean>) {
  return (app: FastifyInstance, _: object, done: () => void): void => {
    app.get('/livez', () => ({ status: 'ok' }));
    app.get('/readyz', async (request, reply) => {
      if (await isReady(ready)) return { status: 'ok' };
      request.log.warn('not ready: the database does not answer');
      return reply.code(HTTP_UNAVAILABLE).send({ status: 'unavailable' });
    });
    done();
  };
}

async function isReady(ready: () => Promise<boolean>): Promise<boolean> {
  const timeout = new AbortController();
  const late = wait(READY_TIMEOUT_MS, false, { signal: timeout.signal, ref: false }).catch(() => false);
  try {
    return await Promise.race([ready().catch(() => false), late]);
  } finally {
    timeout.abort();
  }
}
