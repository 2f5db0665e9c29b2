import type { FastifyInstance } from 'fastify';
import { setTimeout as wait } from 'node:timers/promises';

const READY_TIMEOUT_MS = 1000;
/** One that hangs for longer is asked again. */
const MAX_QUESTION_MS = 5_000;
const HTTP_UNAVAILABLE = 503;

/**
 * GET /livez: the process answers. GET /readyz: so does what it stands on, within a second. Neither needs a key, so that however many ask, one question
 * at a time goes on to what it stands on.
 */
export function healthEndpoints(ready: () => Promise<boolean>) {
  return (app: FastifyInstance, _: object, done: () => void): void => {
    let asking: Promise<boolean> | undefined;
    const askOnce = (): Promise<boolean> => {
      asking ??= withinTime(ready, MAX_QUESTION_MS).finally(() => (asking = undefined));
      return asking;
    };
    app.get('/livez', () => ({ status: 'ok' }));
    app.get('/readyz', async (request, reply) => {
      if (await withinTime(askOnce, READY_TIMEOUT_MS)) return { status: 'ok' };
      request.log.warn('not ready: the database does not answer');
      return reply.code(HTTP_UNAVAILABLE).send({ status: 'unavailable' });
    });
    done();
  };
}

async function withinTime(ready: () => Promise<boolean>, ms: number): Promise<boolean> {
  const timeout = new AbortController();
  const late = wait(ms, false, { signal: timeout.signal, ref: false }).catch(() => false);
  try {
    return await Promise.race([ready().catch(() => false), late]);
  } finally {
    timeout.abort();
  }
}
