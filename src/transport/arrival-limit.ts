import type { FastifyInstance } from 'fastify';

/** What a route may ask for in its `config`. */
interface RouteLimits {
  readonly timeoutMs?: number;
}

/**
 * How long the body of a request may take to arrive once its head is there: `timeoutMs`, or what its route's config says. Node's own limit is one for all
 * requests of a server; this is for a server with routes that differ. Ends as Node's does: 408, and the connection is closed.
 */
export function limitArrival(app: FastifyInstance, timeoutMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    const limits = request.routeOptions.config as RouteLimits;
    const late = setTimeout(() => {
      if (request.raw.complete) return;
      const error = Object.assign(new Error('the request took too long to arrive'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      app.server.emit('clientError', error, request.raw.socket);
    }, limits.timeoutMs ?? timeoutMs);
    reply.raw.once('close', () => {
      clearTimeout(late);
    });
    done();
  });
}
