import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuseOtherMethods } from './other-methods.js';

/** Pages for the holder of a link; undefined for what is no link of ours. */
export interface UnsubscribeDoor {
  ask(token: string): Promise<string | undefined>;
  stop(token: string): Promise<string | undefined>;
}

const UNSUBSCRIBE_PATH = '/unsubscribe/:token';
const NOT_FOUND = 404;
const MAX_BODY_BYTES = 4_096;
const UNKNOWN_PAGE =
  '<!doctype html>\n<html lang="en"><title>Unknown link</title><p>This link is not valid (any more).</p></html>\n';
/** Nothing is loaded, no script runs, and the form goes nowhere else. */
const POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

type Link = FastifyRequest<{ Params: { token: string } }>;

/**
 * GET /unsubscribe/{token} asks and changes nothing, since programs follow links; POST stops the e-mails, from the page's button and from mail
 * programs (RFC 8058) alike, whatever body it has. Nobody logs in: the token says who it is.
 */
export function unsubscribeEndpoint(door: UnsubscribeDoor) {
  return (app: FastifyInstance, _: object, done: () => void): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY_BYTES }, (_request, body, parsed) => {
      parsed(null, body);
    });
    app.get(UNSUBSCRIBE_PATH, async (request: Link, reply) => send(reply, await door.ask(request.params.token)));
    app.post(UNSUBSCRIBE_PATH, async (request: Link, reply) => send(reply, await door.stop(request.params.token)));
    refuseOtherMethods(app, UNSUBSCRIBE_PATH, {
      allowed: ['GET', 'POST'],
      hint: 'A link is opened with GET, and followed with POST',
    });
    done();
  };
}

function send(reply: FastifyReply, page: string | undefined): FastifyReply {
  void reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('cache-control', 'no-store')
    // The address is the key: it is told to nobody.
    .header('referrer-policy', 'no-referrer');
  return page === undefined ? reply.code(NOT_FOUND).send(UNKNOWN_PAGE) : reply.send(page);
}
