import type { FastifyInstance } from 'fastify';

const METHOD_NOT_ALLOWED = 405;

class MethodNotAllowedError extends Error {
  override readonly name = 'MethodNotAllowedError';
  readonly statusCode = METHOD_NOT_ALLOWED;
}

/**
 * Every method but these is refused with 405, before its body is read, and told what is allowed (RFC 9110, section 15.5.6). HEAD goes
 * where GET goes.
 */
export function refuseOtherMethods(
  app: FastifyInstance,
  url: string,
  { allowed, hint }: { allowed: readonly string[]; hint: string },
): void {
  const taken = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
  app.route({
    method: app.supportedMethods.filter((method) => !taken.includes(method)),
    url,
    onRequest: (_request, reply, done) => {
      void reply.header('allow', allowed.join(', '));
      done(new MethodNotAllowedError(hint));
    },
    handler: () => {
      throw new MethodNotAllowedError(hint);
    },
  });
}
